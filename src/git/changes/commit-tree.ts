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
const MAX_DEPTH = 2_048;

type Folders = Map<string, string[]>;

/**
 * Every path of a commit, each folder proved by its hash from the commit's own id down. `git_failed` where an object is
 * missing or forged, or a folder is none that git writes (two entries of one name, say). Null is the empty tree.
 */
export async function readCommitTree(
  repository: Pick<OpenRepository, 'call' | 'folder'>,
  commit: string | null,
): Promise<Result<CommitTree, Failure>> {
  const found = new Map<string, TreeNode>();
  if (commit === null) return ok(found);
  const root = await rootOf(repository, commit);
  if (!root.ok) return root;
  let places = 0;
  let folders: Folders = new Map([[root.value, ['']]]);
  for (let depth = 0; folders.size > 0; depth += 1) {
    const deeper: Folders = new Map();
    const walk: Walk = {
      ...{ found, deeper, idBytes: commit.length / 2, places },
      problem: depth > MAX_DEPTH ? 'folders are too deep' : null,
    };
    const read = await readObjects(repository, {
      ids: [...folders.keys()],
      type: 'tree',
      maxBytes: TREE_BYTES,
      take: (id, { bytes }) => takeFolder(walk, bytes, folders.get(id) ?? []),
    });
    if (!read.ok) return read;
    if (walk.problem !== null) return fail(badTree(commit, walk.problem));
    places = walk.places;
    folders = deeper;
  }
  return ok(found);
}

async function rootOf(
  repository: Pick<OpenRepository, 'call' | 'folder'>,
  commit: string,
): Promise<Result<string, Failure>> {
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

interface Walk {
  readonly found: Map<string, TreeNode>;
  readonly deeper: Folders;
  /** 20, or 32 in a repository with SHA-256. */
  readonly idBytes: number;
  /** Places of folders so far: one small object can stand in very many. */
  places: number;
  problem: string | null;
}

/** `<mode> <name>\0<id>`, entry after entry. One folder may stand in several places. */
function takeFolder(walk: Walk, bytes: Buffer | null, prefixes: readonly string[]): void {
  if (bytes === null) walk.problem = 'a folder has too many entries';
  const entries = bytes === null ? null : parseTreeObject(bytes, walk);
  if (entries === null) return;
  for (const prefix of prefixes) {
    for (const [name, node] of entries) {
      const key = prefix + name;
      if (node.mode !== 'folder') walk.found.set(key, { mode: node.mode, id: node.id });
      else enterLater(walk, node.id, `${key}/`);
    }
    if (walk.found.size + walk.places > MAX_PATHS) walk.problem = `it has more than ${MAX_PATHS} paths`;
    if (walk.problem !== null) return;
  }
}

function enterLater(walk: Walk, id: string, prefix: string): void {
  const places = walk.deeper.get(id) ?? [];
  places.push(prefix);
  walk.deeper.set(id, places);
  walk.places += 1;
}

type Entry = { readonly mode: TreeNode['mode'] | 'folder'; readonly id: string };

function parseTreeObject(bytes: Buffer, walk: Walk): ReadonlyMap<string, Entry> | null {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, blank);
    const mode = blank === -1 ? null : modeOf(bytes.toString('latin1', at, blank));
    const name = bytes.toString('latin1', blank + 1, nul);
    const end = nul + 1 + walk.idBytes;
    if (mode === null || nul === -1 || end > bytes.length || name === '' || name.includes('/')) {
      walk.problem = `an entry of a folder is not one: ${displayKey(name).slice(0, 100)}`;
      return null;
    }
    if (entries.has(name)) {
      walk.problem = `a folder has two entries of the name ${displayKey(name).slice(0, 100)}`;
      return null;
    }
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
