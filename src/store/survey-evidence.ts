import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from './layout.ts';
import { readRegularFile } from './read-regular-file.ts';
import { isKeptForeign } from './supersede.ts';

/** A file in out_dir beside the evidence that the run itself has recorded. */
export interface RecordedFile {
  /** Relative to out_dir, with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/** What else in out_dir is the run's. */
export interface KnownFiles {
  readonly recorded: readonly RecordedFile[];
  /** Whether a file, by its path, is a page that the run itself has written. */
  readonly isPage: (file: string) => boolean;
}

/** What is in an out_dir. */
export interface Survey {
  /** Names in out_dir that are the run's. */
  readonly names: readonly string[];
  /** The first name that is not, relative to out_dir; null where there is none. */
  readonly foreign: string | null;
  readonly files: number;
  readonly bytes: number;
}

const FILES: ReadonlySet<string> = new Set([
  LAYOUT.checkpoint,
  LAYOUT.report,
  LAYOUT.audit,
  LAYOUT.statements,
]);
const IGNORE_ALL = Buffer.from('*\n');
const TEMP = /^\..+\.[0-9a-f]{16}\.tmp$/;
/** What a run writes into its own folders; where there is no pattern, stages and earlier runs decide. */
const FOLDERS: ReadonlyMap<string, RegExp | null> = new Map([
  [LAYOUT.logs, /\.(?:stdout|stderr)\.log$/],
  [LAYOUT.artifacts, /^(?:[0-9a-f]{64}|remediation\.[0-9]+\.json)$/],
  [LAYOUT.superseded, null],
  [LAYOUT.attempts, null],
  [LAYOUT.lock, null],
]);

/**
 * Whether all in `outDir` is what a run has left there: our names, each of the kind that we make, and files that the
 * run has recorded, as it has recorded them. Follows no link. Throws what the disk says.
 */
export function surveyEvidence(outDir: string, known: KnownFiles): Survey {
  const names: string[] = [];
  const sum = { files: 0, bytes: 0 };
  for (const entry of readdirSync(outDir, { withFileTypes: true })) {
    const foreign = foreignIn(outDir, entry, known);
    if (foreign !== null) return { names, foreign, ...sum };
    names.push(entry.name);
    addSize(join(outDir, entry.name), sum);
  }
  return { names, foreign: null, ...sum };
}

function foreignIn(outDir: string, entry: Dirent, known: KnownFiles): string | null {
  const { name } = entry;
  const pattern = FOLDERS.get(name);
  if (pattern !== undefined && entry.isDirectory()) return foreignInFolder(outDir, name, pattern);
  if (isOurFile(outDir, entry) || (entry.isFile() && known.isPage(join(outDir, name)))) return null;
  return foreignFile(outDir, { path: name, entry }, known.recorded);
}

function isOurFile(outDir: string, entry: Dirent): boolean {
  const { name } = entry;
  if (name === LAYOUT.checkpointLink) return entry.isSymbolicLink() || isCopyOfCheckpoint(outDir);
  if (!entry.isFile()) return false;
  if (name === LAYOUT.ignore) return isContent(join(outDir, name), IGNORE_ALL);
  return FILES.has(name) || TEMP.test(name) || isKeptForeign(name);
}

function isCopyOfCheckpoint(outDir: string): boolean {
  const size = lstatSync(join(outDir, LAYOUT.checkpoint), { throwIfNoEntry: false })?.size ?? 0;
  const own = readRegularFile(join(outDir, LAYOUT.checkpoint), size);
  return own.kind === 'bytes' && isContent(join(outDir, LAYOUT.checkpointLink), own.bytes);
}

function isContent(file: string, content: Buffer): boolean {
  const found = readRegularFile(file, content.length);
  return found.kind === 'bytes' && found.bytes.equals(content);
}

function foreignInFolder(outDir: string, folder: string, pattern: RegExp | null): string | null {
  if (pattern === null) return null;
  const odd = readdirSync(join(outDir, folder), { withFileTypes: true }).find(
    (one) => !one.isFile() || !(pattern.test(one.name) || TEMP.test(one.name)),
  );
  return odd === undefined ? null : `${folder}/${odd.name}`;
}

/** A file, or all in a folder, has to be recorded with the content that it has. */
function foreignFile(
  outDir: string,
  { path, entry }: { readonly path: string; readonly entry: Dirent },
  recorded: readonly RecordedFile[],
): string | null {
  if (entry.isDirectory()) {
    // Only the way to something that is recorded is ours.
    if (!recorded.some((one) => one.path.startsWith(`${path}/`))) return path;
    for (const inner of readdirSync(join(outDir, path), { withFileTypes: true })) {
      const foreign = foreignFile(outDir, { path: `${path}/${inner.name}`, entry: inner }, recorded);
      if (foreign !== null) return foreign;
    }
    return null;
  }
  const own = recorded.filter((one) => one.path === path);
  if (!entry.isFile() || own.length === 0) return path;
  const digest = digestOf(join(outDir, path));
  return own.some((one) => one.sha256 === digest) ? null : path;
}

/** An artifact is never larger: that is what a run can be told to take. */
const MAX_BYTES = 2 ** 31 - 1;

function digestOf(file: string): string | null {
  const found = readRegularFile(file, MAX_BYTES);
  if (found.kind !== 'bytes' && found.kind !== 'empty') return null;
  const hash = createHash('sha256');
  if (found.kind === 'bytes') hash.update(found.bytes);
  return hash.digest('hex');
}

function addSize(path: string, sum: { files: number; bytes: number }): void {
  const left = [path];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const at = one;
    const stats = lstatSync(at);
    if (stats.isDirectory()) left.push(...readdirSync(at).map((name) => join(at, name)));
    else sum.files += 1;
    if (stats.isFile()) sum.bytes += stats.size;
  }
}
