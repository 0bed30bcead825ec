import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { FileMode } from '../../core/scope/change.ts';
import { collect, MAX_PATHS } from '../list-paths.ts';
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
  const walk: Walk = {
    found: new Map(),
    folders: folders.value,
    idBytes: commit.length / 2,
    left: MAX_PATHS,
  };
  const problem = walkFolder(walk, root.value, '', 0);
  return problem === null ? ok(walk.found) : fail(badTree(commit, problem));
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

/** All folders by their ids, proved. Which ones there are git tells; one that it does not tell is missed in the walk. */
async function readFolders(
  repository: Repository,
  root: string,
): Promise<Result<ReadonlyMap<string, Buffer>, Failure>> {
  const { call, folder } = repository;
  const args = ['ls-tree', '-r', '-d', '-z', '--full-tree', root];
  const listed = await collect({ ...call, args, repository: folder.withoutIndex }, () => false);
  if (!listed.ok) return listed;
  const ids = new Set([root]);
  for (const record of listed.value) {
    const [, id] = /^040000 tree ([0-9a-f]{40,64})\t/.exec(record) ?? [];
    if (id !== undefined) ids.add(id);
  }
  const folders = new Map<string, Buffer>();
  const read = await readObjects(repository, {
    ids: [...ids],
    type: 'tree',
    maxBytes: TREE_BYTES,
    take: (id, { bytes }) => {
      if (bytes !== null) folders.set(id, bytes);
    },
  });
  return read.ok ? ok(folders) : read;
}

interface Walk {
  readonly found: Map<string, TreeNode>;
  readonly folders: ReadonlyMap<string, Buffer>;
  /** 20, or 32 in a repository with SHA-256. */
  readonly idBytes: number;
  /** Paths and folders that may still come: one small object can stand in very many places. */
  left: number;
}

/** What is wrong with the folder or one below it; null where all of it was taken. */
function walkFolder(walk: Walk, id: string, prefix: string, depth: number): string | null {
  const bytes = walk.folders.get(id);
  if (bytes === undefined) return `the folder ${displayKey(prefix).slice(0, 100)} cannot be read`;
  if (depth > MAX_DEPTH) return 'its folders are too deep';
  const entries = parseTreeObject(bytes, walk.idBytes);
  if (typeof entries === 'string') return entries;
  for (const [name, node] of entries) {
    walk.left -= 1;
    if (walk.left < 0) return `it has more than ${MAX_PATHS} paths`;
    const key = prefix + name;
    if (node.mode !== 'folder') {
      walk.found.set(key, { mode: node.mode, id: node.id });
      continue;
    }
    const problem = walkFolder(walk, node.id, `${key}/`, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
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

function badTree(commit: string, why: string): Failure {
  return failure('git_failed', `the tree of commit ${commit} cannot be read: ${why}`, {
    remedy: 'repair the repository (git fsck), then --resume',
  });
}
