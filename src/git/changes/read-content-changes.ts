import { lstatSync, readlinkSync } from 'node:fs';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { ChangeSet } from '../../core/scope/change.ts';
import { takeContentTree } from '../content-tree.ts';
import type { HashCache } from '../file-identity.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from '../limit.ts';
import { fsPathOf, keyOf } from '../path-bytes.ts';
import { type PathFilter, pathFilter } from '../path-filter.ts';
import { askWithin, type OpenRepository, type RepositoryOptions } from '../repository-question.ts';
import type { TreeEntries } from '../tree-listing.ts';
import { findWorkTree, type WorkTree } from '../work-tree.ts';
import { sideOfTree, withBytes } from './commit-side.ts';
import { type CommitTree, readCommitTree } from './commit-tree.ts';
import { describeChanges, differencesOf, withRenames } from './compare-sides.ts';
import { contentSide } from './content-side.ts';
import { hiddenFiles, isIgnoreFile } from './hidden-files.ts';
import { isInRoot } from './path-name.ts';
import type { Node, Side } from './side.ts';

export interface ContentChangesRequest extends RepositoryOptions {
  /** Repo-root, absolute. */
  readonly root: string;
  /** Full hex, pinned before the first stage; null is a repository without a commit. */
  readonly base: string | null;
  /** The content tree that validation judged (`ContentTree.entries`). */
  readonly entries: TreeEntries;
  /** As they were when it was taken. */
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly cache?: HashCache;
}

const NOT_LOOKED_AT = ['untracked files that the .gitignore files of the base ignore'];

interface Reading extends ContentChangesRequest {
  readonly tree: WorkTree;
  /** From the top level to repo-root, a key. */
  readonly prefix: string;
  readonly limit: Limit;
}

/**
 * What the validated content changes of the base, by raw bytes; where repo-root is a folder of a larger work tree, the
 * rest of it too. Null outside of a git work tree. `git_failed` where an object is missing or forged, where a file is
 * no longer what was validated, or where git exceeds its limit.
 */
export async function readContentChanges(
  request: ContentChangesRequest,
): Promise<Result<ChangeSet | null, Failure>> {
  const tree = findWorkTree(request.root);
  if (!tree.ok) return tree;
  if (tree.value === null) return ok(null);
  const limit = startLimit(request.limitMs ?? GIT_LIMIT_MS, request.signal);
  const reading: Reading = { ...request, tree: tree.value, prefix: keyOf(tree.value.prefix), limit };
  try {
    const entries = await entriesFromTop(reading);
    if (!entries.ok) return entries;
    return await askWithin(tree.value, reading, (repository) => compare(repository, reading, entries.value));
  } finally {
    limit.dispose();
  }
}

async function compare(
  repository: OpenRepository,
  reading: Reading,
  entries: TreeEntries,
): Promise<Result<ChangeSet, Failure>> {
  const whole = await readCommitTree(repository, reading.base);
  if (!whole.ok) return whole;
  const leaveOut = await pathFilter({ ...reading, roots: [reading.root, reading.tree.root] });
  const base = withoutLeftOut(whole.value, reading.prefix, leaveOut);
  const algorithm = idLength(reading, repository) === 64 ? 'sha256' : 'sha1';
  const side = { ...reading, top: reading.tree.topLevel, entries, base, algorithm } as const;
  const after = await contentSide(side);
  if (!after.ok) return after;
  const before = sideOfTree(base);
  const rulesChanged = differencesOf(before, after.value, new Map()).some(({ key }) => isIgnoreFile(key));
  const hiddenKeys = await hiddenFiles(repository, { ...reading, base: whole.value, leaveOut, rulesChanged });
  if (!hiddenKeys.ok) return hiddenKeys;
  const hidden = hiddenSide(reading.tree.topLevel, hiddenKeys.value);
  const filled = await withBytes(repository, differencesOf(before, after.value, hidden));
  if (!filled.ok) return filled;
  const changes = describeChanges({
    differences: withRenames(filled.value),
    after: after.value,
    links: linksOf(after.value, hidden),
    prefix: reading.prefix,
  });
  const notLookedAt = reading.ignoreGlobs.length === 0 ? [] : ['what --tree-ignore leaves out'];
  return ok({ base: reading.base, head: null, changes, notLookedAt: [...NOT_LOOKED_AT, ...notLookedAt] });
}

/** With the rest of the work tree, where there is one; the keys start from its top level. */
async function entriesFromTop(reading: Reading): Promise<Result<TreeEntries, Failure>> {
  const { prefix, tree } = reading;
  if (prefix === '') return ok(reading.entries);
  const rest = await takeContentTree({
    ...reading,
    root: tree.topLevel,
    excludes: [...reading.excludes, tree.root],
    ignoreGlobs: [],
  });
  if (!rest.ok) return rest;
  const entries = new Map(rest.value.kind === 'tree' ? rest.value.entries : []);
  for (const [key, identity] of reading.entries) {
    if (!key.startsWith('../')) entries.set(`${prefix}/${key}`, identity);
  }
  return ok(entries);
}

/** The base without what the content tree leaves out: out_dir, and `--tree-ignore`. */
function withoutLeftOut(tree: CommitTree, prefix: string, leaveOut: PathFilter): CommitTree {
  const skip = prefix === '' ? 0 : prefix.length + 1;
  return new Map([...tree].filter(([key]) => !isInRoot(key, prefix) || !leaveOut(key.slice(skip))));
}

/** Hidden files are refused whatever is in them: their bytes are not read. */
function hiddenSide(top: string, keys: readonly string[]): Side {
  const found = new Map<string, Node>();
  for (const key of keys) {
    const path = fsPathOf(`${keyOf(top)}/${key.replace(/\/$/, '')}`);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const isLink = stat.isSymbolicLink();
    const file = (stat.mode & 0o100) === 0 ? 'file' : 'executable';
    const mode = isLink ? 'symlink' : stat.isDirectory() ? 'repository' : stat.isFile() ? file : 'special';
    const bytes = isLink ? readlinkSync(path, { encoding: 'buffer' }) : null;
    found.set(key.replace(/\/$/, ''), { mode, id: '', size: stat.isFile() ? stat.size : null, bytes });
  }
  return found;
}

function linksOf(...sides: readonly Side[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const side of sides) {
    for (const [key, { mode, bytes }] of side) {
      if (mode === 'symlink' && bytes !== null) links.set(key, bytes.toString('latin1'));
    }
  }
  return links;
}

function idLength(reading: Reading, repository: OpenRepository): number {
  return (reading.base ?? repository.head.commit ?? '').length;
}
