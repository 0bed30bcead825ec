import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { FileMode } from '../../core/scope/change.ts';
import { MAX_PATHS } from '../list-paths.ts';
import { displayKey } from '../path-bytes.ts';
import type { OpenRepository } from '../repository-question.ts';
import { readObjects } from './object-stream.ts';

/** What a tree has at a path. */
export interface TreeNode {
  readonly mode: Exclude<FileMode, 'special' | 'repository'>;
  readonly id: string;
}

/** Path from the top level (a key) → what is there; no folders. */
export type CommitTree = ReadonlyMap<string, TreeNode>;

/** One folder's bytes; a million names fit. */
const TREE_BYTES = 64 * 1024 * 1024;
/** Folders in one another; git itself has no limit, file systems do. */
const MAX_DEPTH = 512;

type Repository = Pick<OpenRepository, 'call' | 'folder'>;

/**
 * Every path of a commit, each folder proved by its hash from the commit's own id down. `git_failed` where an object is
 * missing or forged, or a folder is none that git writes (two entries of one name, say). Null is the empty tree.
 */
export async function readCommitTree(
  repository: Repository,
  commit: string | null,
): Promise<Result<CommitTree, Failure>> {
  if (commit === null) return ok(new Map());
  const root = await rootOf(repository, commit);
  if (!root.ok) return root;
  const folders = await readFolders(repository, root.value);
  if (!folders.ok) return folders;
  const walk: Walk = { found: new Map(), folders: folders.value, left: MAX_PATHS };
  if (walkFolder(walk, root.value, '')) return ok(walk.found);
  return fail(badTree(commit, `it has more than ${MAX_PATHS} paths`));
}

async function rootOf(repository: Repository, commit: string): Promise<Result<string, Failure>> {
  let root: string | undefined;
  const read = await readObjects(repository, {
    ids: [commit],
    type: 'commit',
    maxBytes: TREE_BYTES,
    take: (_, { bytes }) => {
      root = /^tree ([0-9a-f]{40,64})\n/.exec(bytes?.toString('latin1', 0, 80) ?? '')?.[1];
    },
  });
  if (!read.ok) return read;
  return root === undefined ? fail(badTree(commit, 'it names no tree')) : ok(root);
}

type Folder = ReadonlyMap<string, Entry>;

/** All folders by their ids, proved, level by level: each is read once, in however many places it stands. */
async function readFolders(
  repository: Repository,
  root: string,
): Promise<Result<ReadonlyMap<string, Folder>, Failure>> {
  const folders = new Map<string, Folder>();
  let problem: string | null = null;
  let level: readonly string[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return fail(badTree(root, 'its folders are too deep'));
    const deeper = new Set<string>();
    const take = (id: string, bytes: Buffer | null): void => {
      const entries =
        bytes === null ? 'a folder has too many entries' : parseTreeObject(bytes, id.length / 2);
      if (typeof entries === 'string') problem = entries;
      else folders.set(id, entries);
      if (typeof entries === 'string') return;
      for (const entry of entries.values()) if (entry.mode === 'folder') deeper.add(entry.id);
    };
    const read = await readObjects(repository, {
      ...{ ids: level, type: 'tree', maxBytes: TREE_BYTES },
      take: (id, { bytes }) => take(id, bytes),
    });
    if (!read.ok) return read;
    if (problem !== null) return fail(badTree(root, problem));
    level = [...deeper].filter((id) => !folders.has(id));
  }
  return ok(folders);
}

interface Walk {
  readonly found: Map<string, TreeNode>;
  readonly folders: ReadonlyMap<string, Folder>;
  /** Paths and folders that may still come: one small object can stand in very many places. */
  left: number;
}

/** Whether all of the folder, and of those below it, could be taken. */
function walkFolder(walk: Walk, id: string, prefix: string): boolean {
  for (const [name, node] of walk.folders.get(id) ?? []) {
    walk.left -= 1;
    if (walk.left < 0) return false;
    const key = prefix + name;
    if (node.mode !== 'folder') walk.found.set(key, { mode: node.mode, id: node.id });
    else if (!walkFolder(walk, node.id, `${key}/`)) return false;
  }
  return true;
}

type Entry = { readonly mode: TreeNode['mode'] | 'folder'; readonly id: string };

/** `<mode> <name>\0<id>`, entry after entry; or what is wrong with them. */
function parseTreeObject(bytes: Buffer, idBytes: number): ReadonlyMap<string, Entry> | string {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, blank);
    const mode = blank === -1 ? null : modeOf(bytes.toString('latin1', at, blank));
    const name = bytes.toString('latin1', blank + 1, nul);
    const end = nul + 1 + idBytes;
    if (mode === null || nul === -1 || end > bytes.length || name === '' || name.includes('/')) {
      return `an entry of a folder is not one: ${displayKey(name.slice(0, 100))}`;
    }
    if (entries.has(name)) return `a folder has two entries of the name ${displayKey(name.slice(0, 100))}`;
    entries.set(name, { mode, id: bytes.toString('hex', nul + 1, end) });
    at = end;
  }
  return entries;
}

/** Old versions of git wrote more than two modes of a file; the owner's bit counts. */
function modeOf(octal: string): Entry['mode'] | null {
  if (octal === '40000' || octal === '040000') return 'folder';
  if (octal === '120000') return 'symlink';
  if (octal === '160000') return 'submodule';
  if (!/^100[0-7]{3}$/.test(octal)) return null;
  return (Number.parseInt(octal, 8) & 0o100) === 0 ? 'file' : 'executable';
}

function badTree(id: string, why: string): Failure {
  return failure('git_failed', `the tree of ${id} cannot be read: ${why}`, {
    remedy: 'repair the repository (git fsck), then --resume',
  });
}
