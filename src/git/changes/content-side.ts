/** The validated content as one side of a comparison. */
import { setImmediate } from 'node:timers/promises';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { GitEnvironment } from '../git-environment.ts';
import type { Limit } from '../limit.ts';
import { keyOf } from '../path-bytes.ts';
import type { TreeEntries } from '../tree-listing.ts';
import type { CommitTree } from './commit-tree.ts';
import { readFileNode } from './read-file.ts';
import { holdsWhatIsRecorded } from './recorded-submodule.ts';
import { COUNTED_TOTAL_BYTES, type Node, type Side } from './side.ts';

const FILES_PER_TURN = 256;

export interface ContentRequest {
  /** Absolute: what the keys of `entries` start from. */
  readonly top: string;
  readonly entries: TreeEntries;
  readonly base: CommitTree;
  readonly algorithm: 'sha1' | 'sha256';
  readonly environment: GitEnvironment;
  readonly scratch: string;
  readonly limit: Limit;
}

interface Reading extends ContentRequest {
  readonly found: Map<string, Node>;
  readonly buffer: Buffer;
  /** Bytes that may still be kept. */
  room: number;
}

/**
 * What is at every path of the entries, with git's ids. A submodule that holds exactly what the base records is the
 * base's node; what is in it is not told. `git_failed` where a file is no longer what the entries say.
 */
export async function contentSide(request: ContentRequest): Promise<Result<Side, Failure>> {
  const found = new Map<string, Node>();
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  const reading: Reading = { ...request, found, buffer, room: COUNTED_TOTAL_BYTES };
  const submodules = [...request.entries.keys()].filter((key) => request.base.get(key)?.mode === 'submodule');
  const inside = (key: string): boolean => submodules.some((folder) => key.startsWith(`${folder}/`));
  let turn = 0;
  for (const [key, identity] of request.entries) {
    if (submodules.length > 0 && inside(key)) continue;
    if (++turn % FILES_PER_TURN === 0) {
      await setImmediate();
      if (request.limit.signal.aborted) return fail(request.limit.failureOf('reading what changed'));
    }
    const bad = await takeEntry(reading, key, identity);
    if (bad !== null) return fail(bad);
  }
  return ok(found);
}

async function takeEntry(reading: Reading, key: string, identity: string): Promise<Failure | null> {
  const before = reading.base.get(key);
  if (identity === 'absent -') return null;
  if (identity === 'special -') {
    reading.found.set(key, { mode: 'special', id: '', size: null, bytes: null });
    return null;
  }
  if (identity === 'repo -' || identity === 'folder -') {
    const node = await folderNode(reading, key, identity);
    if (node !== null) reading.found.set(key, node);
    return null;
  }
  const read = await readFileNode({ ...reading, path: `${keyOf(reading.top)}/${key}`, identity });
  if (!read.ok) return read.failure;
  reading.found.set(key, keepWhatCounts(reading, read.value, before?.id));
  return null;
}

/** Links are kept, to know where they lead; of files only those that differ, as far as there is room. */
function keepWhatCounts(reading: Reading, node: Node, before: string | undefined): Node {
  if (node.mode === 'symlink' || node.bytes === null) return node;
  const size = node.bytes.length;
  if (node.id === before || size > reading.room) return { ...node, bytes: null };
  reading.room -= size;
  return node;
}

/** A folder where something else is, or was, tracked; null where nothing is there but the files in it. */
async function folderNode(reading: Reading, key: string, identity: string): Promise<Node | null> {
  const before = reading.base.get(key);
  const node = (mode: 'submodule' | 'repository', id: string): Node => ({
    ...{ mode, id, size: null, bytes: null },
  });
  if (before?.mode === 'submodule') {
    const same = await holdsWhatIsRecorded(reading, { key, identity, commit: before.id });
    return node('submodule', same ? before.id : '');
  }
  if (identity === 'repo -') return node('repository', '');
  return before === undefined ? node('submodule', '') : null;
}
