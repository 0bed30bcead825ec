/**
 * Which paths one repository's content consists of: what its index or HEAD's tree tracks, and what is untracked
 * and not ignored by a `.gitignore` in the tree. The untracked ones are listed against an empty index, so that
 * nothing written in an index (skip-worktree, an untracked cache, a `.gitignore` that is only there) can hide one.
 */
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type GitCall, nulRecords, runGit } from './git-command.ts';
import type { GitEnvironment } from './git-environment.ts';
import type { Head } from './head.ts';
import type { Limit } from './limit.ts';
import { displayKey, keyOf } from './path-bytes.ts';
import type { PathFilter } from './path-filter.ts';
import { askWithin } from './repository-question.ts';
import type { WorkTree } from './work-tree.ts';

/** More paths than this are a fault (an unignored cache, say), not a tree to be validated. */
export const MAX_PATHS = 2_000_000;

export interface PathListing {
  readonly head: Head;
  /** In index or HEAD's tree, whether there is such a file or not. */
  readonly tracked: ReadonlySet<string>;
  /** Untracked and not ignored. */
  readonly untracked: ReadonlySet<string>;
  /** Folders with a repository of their own, as git sees them; without the slash at the end. */
  readonly nested: readonly string[];
  /** Whether `git status` would name anything; it believes the index's flags and times, the content tree does not. */
  readonly dirty: boolean;
}

export interface ListRequest {
  readonly tree: WorkTree;
  readonly environment: GitEnvironment;
  readonly scratch: string;
  readonly limit: Limit;
  readonly leaveOut: PathFilter;
}

/** Lists them, keys relative to `tree.root`. */
export function listPaths(request: ListRequest): Promise<Result<PathListing, Failure>> {
  const { leaveOut } = request;
  return askWithin(request.tree, request, async ({ head, folder, call }) => {
    const [tracked, untracked, changed] = await Promise.all([
      collect({ ...call, args: trackedArgs(head), repository: folder.withIndex }, leaveOut),
      collect({ ...call, args: UNTRACKED_ARGS, repository: folder.withoutIndex }, leaveOut),
      collect({ ...call, args: STATUS_ARGS, repository: folder.withIndex }, (record) =>
        leaveOut(statusKey(record, request.tree)),
      ),
    ]);
    if (!tracked.ok) return tracked;
    if (!untracked.ok) return untracked;
    if (!changed.ok) return changed;
    return ok(assemble(head, tracked.value, untracked.value, changed.value.size > 0));
  });
}

/** The paths of index and HEAD's tree; `git rm --cached` takes a path out of the first only. */
export function trackedArgs(head: Head): string[] {
  return ['ls-files', '-z', '--cached', ...(head.commit === null ? [] : [`--with-tree=${head.commit}`])];
}

const UNTRACKED_ARGS = ['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore'];
// --ignore-submodules=all keeps git from running itself, with that repository's configuration, in a nested one.
const STATUS_ARGS = [
  'status',
  '--porcelain=v1',
  '-z',
  '-uno',
  '--ignore-submodules=all',
  '--no-renames',
  '--',
  '.',
];

/** `XY path`, and the path is from the top level whatever the working directory is. */
export function statusKey(record: string, tree: WorkTree): string {
  return record.slice(3 + (tree.prefix === '' ? 0 : keyOf(tree.prefix).length + 1));
}

function assemble(head: Head, tracked: Set<string>, others: Set<string>, changed: boolean): PathListing {
  const untracked = new Set<string>();
  const nested: string[] = [];
  for (const key of others) {
    if (key.endsWith('/')) nested.push(key.slice(0, -1));
    else if (!tracked.has(key)) untracked.add(key);
  }
  const strangers = nested.some((key) => !tracked.has(key));
  return { head, tracked, untracked, nested, dirty: changed || strangers || untracked.size > 0 };
}

/** Runs one listing; the records that `leaveOut` does not take. */
export async function collect(
  call: Omit<GitCall, 'onChunk'>,
  leaveOut: (record: string) => boolean,
): Promise<Result<Set<string>, Failure>> {
  const records = new Set<string>();
  let tooMany = false;
  const take = nulRecords((record) => {
    if (records.size >= MAX_PATHS) tooMany = true;
    else if (!leaveOut(record.endsWith('/') ? record.slice(0, -1) : record)) records.add(record);
  });
  const run = await runGit({ ...call, onChunk: take });
  if (!run.ok) return run;
  if (tooMany) return fail(failure('git_failed', `${call.cwd} has more than ${MAX_PATHS} paths`));
  const unread = /^warning: could not open directory '(.*)': (.*)$/m.exec(run.value);
  if (unread === null) return ok(records);
  return fail(
    failure('git_failed', `${displayKey(unread[1] ?? '')} in ${call.cwd} cannot be read: ${unread[2]}`, {
      remedy: 'make the folder readable, or have it ignored by a .gitignore, then --resume',
    }),
  );
}
