/** Which files a repository tracks: decides what may be set aside, and where out_dir may not be (spec sections 4, 5). */
import { lstatSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { codeOf } from './bounded-read.ts';
import { collect, trackedArgs } from './list-paths.ts';
import { isWithin, keyOf } from './path-bytes.ts';
import { askRepository, type RepositoryOptions } from './repository-question.ts';
import { findWorkTree, realpathOfNearest, type WorkTree } from './work-tree.ts';

/** Pathspecs in one command line; far below any system's limit for it. */
const PATHS_PER_CALL = 256;

export interface TrackedRequest extends RepositoryOptions {
  /** Absolute; they need not exist. */
  readonly paths: readonly string[];
}

/**
 * Those of `paths` that some repository around them tracks, in its index or in HEAD's tree: the innermost one (a
 * submodule) as well as those further out. A folder is tracked when a file in it is. No process outside git.
 */
export async function trackedPaths(request: TrackedRequest): Promise<Result<ReadonlySet<string>, Failure>> {
  const asked = new Map<
    string,
    { readonly tree: WorkTree; readonly paths: { given: string; real: string }[] }
  >();
  for (const given of request.paths) {
    // The last part stays as it is: a link that is tracked is tracked as itself.
    const real = join(realpathOfNearest(dirname(given)), basename(given));
    const trees = treesAround(real);
    if (!trees.ok) return trees;
    for (const tree of trees.value) {
      const of = asked.get(tree.topLevel) ?? { tree, paths: [] };
      of.paths.push({ given, real });
      asked.set(tree.topLevel, of);
    }
  }
  const tracked = new Set<string>();
  for (const { tree, paths } of asked.values()) {
    for (let from = 0; from < paths.length; from += PATHS_PER_CALL) {
      const some = paths.slice(from, from + PATHS_PER_CALL);
      const found = await trackedIn(tree, request, some);
      if (!found.ok) return found;
      for (const given of found.value) tracked.add(given);
    }
  }
  return ok(tracked);
}

/** Whether `folder` holds a tracked file, on disk or not: an out_dir must not. Fails as `trackedPaths` does. */
export async function holdsTrackedFiles(
  folder: string,
  options: RepositoryOptions,
): Promise<Result<boolean, Failure>> {
  const tracked = await trackedPaths({ ...options, paths: [folder, realpathOfNearest(folder)] });
  return tracked.ok ? ok(tracked.value.size > 0) : tracked;
}

async function trackedIn(
  tree: WorkTree,
  options: RepositoryOptions,
  paths: readonly { readonly given: string; readonly real: string }[],
): Promise<Result<string[], Failure>> {
  const wanted = paths.map(({ given, real }) => ({
    given,
    path: relative(tree.topLevel, real).split(sep).join('/'),
  }));
  return askRepository(tree, options, async ({ head, folder, call }) => {
    const args = [...trackedArgs(head), '--', ...wanted.map(({ path }) => (path === '' ? '.' : path))];
    const keys = await collect({ ...call, args, repository: folder.withIndex }, () => false);
    if (!keys.ok) return keys;
    return ok(wanted.filter(({ path }) => isTracked(keyOf(path), keys.value)).map(({ given }) => given));
  });
}

function isTracked(key: string, tracked: ReadonlySet<string>): boolean {
  if (key === '') return tracked.size > 0;
  if (tracked.has(key)) return true;
  for (const other of tracked) if (other.startsWith(`${key}/`)) return true;
  return false;
}

/** Every work tree that the path lies in, the innermost first; each with its top level as root. */
function treesAround(path: string): Result<WorkTree[], Failure> {
  const trees: WorkTree[] = [];
  let folder = path;
  while (!isFolder(folder)) folder = dirname(folder);
  for (;;) {
    const found = findWorkTree(folder);
    if (!found.ok) return found;
    if (found.value === null) return ok(trees);
    const tree = found.value;
    if (isWithin(tree.topLevel, path)) trees.push({ ...tree, root: tree.topLevel, prefix: '' });
    if (dirname(tree.topLevel) === tree.topLevel) return ok(trees);
    folder = dirname(tree.topLevel);
  }
}

/** What cannot be looked at (a loop of links, a name that is too long) is no folder. */
function isFolder(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    codeOf(error);
    return dirname(path) === path;
  }
}
