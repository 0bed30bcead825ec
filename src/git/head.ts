/** Which commit and branch HEAD names, read from the repository's files: no process for what is in two of them. */
import { join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { readBounded } from './bounded-read.ts';
import { runGit } from './git-command.ts';
import type { GitEnvironment } from './git-environment.ts';
import type { Limit } from './limit.ts';
import type { GitDirs } from './work-tree.ts';

export interface Head {
  /** Object id (40 or 64 hex digits), or null when the branch has no commit yet. */
  readonly commit: string | null;
  /** Short name, or null when HEAD is detached. */
  readonly branch: string | null;
}

/** HEAD as the files say; `elsewhere` where the repository keeps its refs in another format (reftable). */
export type HeadOnFile = ({ readonly kind: 'head' } & Head) | { readonly kind: 'elsewhere' };

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const PACKED_REFS_BYTES = 256 * 1024 * 1024;

/** Whether text is an object id and nothing else: only that is ever put into a git command line. */
export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/** Reads HEAD. `git_failed` when a file of it cannot be read or is not what git writes. */
export function readHead(dirs: GitDirs): Result<HeadOnFile, Failure> {
  const text = readRef(join(dirs.gitDir, 'HEAD'));
  if (!text.ok) return text;
  if (text.value === null) return fail(badRef(join(dirs.gitDir, 'HEAD'), 'nothing'));
  if (isObjectId(text.value)) return ok({ kind: 'head', commit: text.value, branch: null });
  const name = refName(text.value);
  if (name === null) return fail(badRef(join(dirs.gitDir, 'HEAD'), JSON.stringify(text.value.slice(0, 80))));
  // U+FFFD: the name is not UTF-8, and looking for another name would find "no commit yet".
  if (name === 'refs/heads/.invalid' || name.includes('\ufffd')) return ok({ kind: 'elsewhere' });
  const commit = resolveRef(dirs, name, 5);
  if (!commit.ok) return commit;
  return ok({ kind: 'head', commit: commit.value, branch: name.replace(/^refs\/heads\//, '') });
}

export interface HeadQuestion {
  readonly git: string;
  readonly environment: GitEnvironment;
  readonly limit: Limit;
}

/** HEAD, asked of git only where the files do not say it. */
export async function findHead(dirs: GitDirs, how: HeadQuestion): Promise<Result<Head, Failure>> {
  const onFile = readHead(dirs);
  if (!onFile.ok) return onFile;
  if (onFile.value.kind === 'head') return ok({ commit: onFile.value.commit, branch: onFile.value.branch });
  let said = '';
  // The repository's own configuration is read here, it names the format of the refs; rev-parse starts nothing.
  const run = await runGit({
    ...how,
    args: ['rev-parse', '--revs-only', 'HEAD', '--symbolic-full-name', 'HEAD'],
    cwd: dirs.gitDir,
    repository: { GIT_DIR: dirs.gitDir },
    onChunk: (chunk) => {
      said += chunk.toString('latin1', 0, 4096);
    },
  });
  if (!run.ok) return run;
  const [commit = '', name = ''] = said.split('\n');
  if (commit === '') return ok({ commit: null, branch: null });
  if (!isObjectId(commit))
    return fail(badRef(join(dirs.gitDir, 'HEAD'), JSON.stringify(commit.slice(0, 80))));
  return ok({ commit, branch: name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null });
}

/** A ref's object id, through at most `depth` symbolic refs; null when there is no such ref. */
function resolveRef(dirs: GitDirs, name: string, depth: number): Result<string | null, Failure> {
  const own = /^refs\/(?:bisect|worktree|rewritten)\//.test(name);
  const file = join(own ? dirs.gitDir : dirs.commonDir, name);
  const text = readRef(file);
  if (!text.ok) return text;
  if (text.value === null) return packedRef(dirs, name);
  if (isObjectId(text.value)) return ok(text.value);
  const next = refName(text.value);
  if (next === null || depth === 0) return fail(badRef(file, JSON.stringify(text.value.slice(0, 80))));
  return resolveRef(dirs, next, depth - 1);
}

function packedRef(dirs: GitDirs, name: string): Result<string | null, Failure> {
  const file = join(dirs.commonDir, 'packed-refs');
  const read = readBounded(file, PACKED_REFS_BYTES);
  if (read.kind === 'absent') return ok(null);
  if (read.kind !== 'bytes') return fail(badRef(file, read.kind));
  const line = Buffer.from(` ${name}\n`, 'utf8');
  const at = read.bytes.indexOf(line);
  if (at === -1) return ok(null);
  const start = read.bytes.lastIndexOf(10, at) + 1;
  const commit = read.bytes.toString('latin1', start, at);
  return isObjectId(commit) ? ok(commit) : fail(badRef(file, JSON.stringify(commit.slice(0, 80))));
}

function readRef(file: string): Result<string | null, Failure> {
  const read = readBounded(file, 65_536);
  // `refs/heads/a` is a folder when the branch `a/b` exists and `a` does not.
  if (read.kind === 'absent' || read.kind === 'not-a-file') return ok(null);
  return read.kind === 'bytes' ? ok(read.bytes.toString('utf8').trim()) : fail(badRef(file, read.kind));
}

function refName(text: string): string | null {
  const name = /^ref:\s*(refs\/\S+)$/.exec(text)?.[1];
  return name === undefined || name.split('/').some((part) => part === '' || part === '..') ? null : name;
}

function badRef(file: string, found: string): Failure {
  return failure('git_failed', `${file}: expected an object id or "ref: refs/…", got ${found}`, {
    remedy: 'repair the repository (git fsck, git symbolic-ref HEAD), then --resume',
  });
}
