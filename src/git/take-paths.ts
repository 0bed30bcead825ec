/** How the paths of a content tree are looked at, and how the repositories inside it are entered. */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, type Result } from '../core/result.ts';
import { unreachable } from '../core/unreachable.ts';
import { type Found, type HashingPass, identify, identifyLarge, identifyNow } from './file-identity.ts';
import { type ListRequest, listPaths, type PathListing } from './list-paths.ts';
import { displayKey, fsPathOf, keyOf } from './path-bytes.ts';
import { dotGitOf, type WorkTree } from './work-tree.ts';

/** Nested repositories are entered this deep; deeper is refused rather than left out. */
const MAX_DEPTH = 16;
const FILES_PER_TURN = 256;

/** One content tree while it is being taken. */
export interface Taking {
  readonly found: Map<string, string>;
  readonly pass: HashingPass;
  readonly list: Omit<ListRequest, 'tree'>;
  /** Whether a folder (key from repo-root) is one itself, and not behind a link. */
  readonly folders: Map<string, boolean>;
  readonly rootKey: string;
  /** Repositories found in folders, still to be entered. */
  readonly queue: { readonly prefix: string; readonly depth: number }[];
}

/** Enters a repository inside the tree: it has its own index, its own HEAD and its own `.gitignore` files. */
export async function enterNested(
  taking: Taking,
  next: Taking['queue'][number],
): Promise<Result<PathListing, Failure>> {
  const folder = fsPathOf(`${taking.rootKey}/${next.prefix.slice(0, -1)}`);
  const where = displayKey(next.prefix);
  // Node's child processes take their working directory as text, so such a repository cannot be asked.
  if (typeof folder !== 'string' && keyOf(folder.toString('utf8')) !== folder.toString('latin1')) {
    return fail(failure('git_failed', `the nested repository ${where} has a name that is not UTF-8`));
  }
  if (next.depth > MAX_DEPTH) {
    return fail(failure('git_failed', `nested repositories are more than ${MAX_DEPTH} deep at ${where}`));
  }
  const path = folder.toString();
  const dotGit = dotGitOf(path);
  if (dotGit.kind !== 'repository') {
    return fail(
      failure('git_failed', `git sees a repository in ${where}, but its .git cannot be read as one`),
    );
  }
  const tree = { root: path, topLevel: path, prefix: '', gitDir: dotGit.gitDir, commonDir: dotGit.commonDir };
  return takeRepository(taking, tree, next);
}

export async function takeRepository(
  taking: Taking,
  tree: WorkTree,
  at: { readonly prefix: string; readonly depth: number },
): Promise<Result<PathListing, Failure>> {
  const leaveOut = (key: string): boolean => taking.list.leaveOut(at.prefix + key);
  const listing = await listPaths({ ...taking.list, tree, leaveOut });
  if (!listing.ok) return listing;
  for (const key of listing.value.nested) {
    taking.found.set(at.prefix + key, 'repo -');
    taking.queue.push({ prefix: `${at.prefix}${key}/`, depth: at.depth + 1 });
  }
  let turn = 0;
  for (const paths of [listing.value.tracked, listing.value.untracked]) {
    for (const key of paths) {
      if (++turn % FILES_PER_TURN === 0) await setImmediate();
      if (taking.pass.limit.signal.aborted)
        return fail(taking.pass.limit.failureOf('reading the content tree'));
      const bad = await takePath(taking, at.prefix + key, paths === listing.value.tracked, at.depth);
      if (bad !== null) return fail(bad);
    }
  }
  return listing;
}

/** Records one path; what cannot be read is a failure, because it cannot be compared either. */
async function takePath(
  taking: Taking,
  key: string,
  tracked: boolean,
  depth: number,
): Promise<Failure | null> {
  if (taking.found.has(key)) return null;
  const gone = (): null => {
    if (tracked) taking.found.set(key, 'absent -');
    return null;
  };
  if (!isBelowFolders(taking, key)) return gone();
  const path = `${taking.rootKey}/${key}`;
  const seen = identifyNow(path, taking.pass);
  const found: Found = 'descriptor' in seen ? await identifyLarge(seen, taking.pass) : seen;
  switch (found.kind) {
    case 'identity':
      taking.found.set(key, found.text);
      return null;
    case 'nothing':
      return gone();
    case 'folder':
      return tracked ? takeTrackedFolder(taking, key, depth) : null;
    case 'stopped':
      return taking.pass.limit.failureOf(`reading ${displayKey(key)}`);
    case 'unreadable':
      return failure(
        'git_failed',
        `${displayKey(key)} belongs to the content tree and cannot be read: ${found.why}`,
        {
          remedy: 'make it readable, or leave it out with .gitignore or --tree-ignore, then --resume',
        },
      );
    default:
      return unreachable(found);
  }
}

/** A submodule, checked out or not, or a folder in the place of a tracked file; loose files in it are untracked ones. */
function takeTrackedFolder(taking: Taking, key: string, depth: number): null {
  const path = Buffer.from(`${taking.rootKey}/${key}`, 'latin1').toString('utf8');
  const isRepository = dotGitOf(path).kind === 'repository';
  taking.found.set(key, isRepository ? 'repo -' : 'folder -');
  if (isRepository) taking.queue.push({ prefix: `${key}/`, depth: depth + 1 });
  return null;
}

/**
 * Whether every folder above the path is a folder. A link in their place would have us read some other file under
 * this name; git too counts a file behind a link as gone.
 */
function isBelowFolders(taking: Taking, key: string): boolean {
  const parent = key.slice(0, Math.max(0, key.lastIndexOf('/')));
  const known = taking.folders.get(parent);
  if (known !== undefined) return known;
  const answer = isBelowFolders(taking, parent) && isFolder(`${taking.rootKey}/${parent}`);
  taking.folders.set(parent, answer);
  return answer;
}

function isFolder(key: string): boolean {
  return lstatSync(fsPathOf(key), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** For a repo-root inside a larger work tree: the `.gitignore` files above it decide what counts, so they count. */
export async function takeIgnoreFilesAbove(taking: Taking, tree: WorkTree): Promise<Failure | null> {
  let folder = tree.root;
  let prefix = '';
  while (folder !== tree.topLevel) {
    folder = dirname(folder);
    prefix += '../';
    const found = await identify(keyOf(join(folder, '.gitignore')), taking.pass);
    if (found.kind === 'identity') taking.found.set(`${prefix}.gitignore`, found.text);
    if (found.kind === 'stopped') return taking.pass.limit.failureOf('reading the content tree');
    if (found.kind === 'unreadable') {
      return failure('git_failed', `${join(folder, '.gitignore')} cannot be read: ${found.why}`);
    }
  }
  return null;
}
