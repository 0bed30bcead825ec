/** Whether a file is exactly what a commit has at its path: what somebody else may have changed since is not. */
import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { readCommitTree } from './changes/commit-tree.ts';
import { isWithin, keyOf } from './path-bytes.ts';
import { askRepository, type RepositoryOptions } from './repository-question.ts';
import { findWorkTree } from './work-tree.ts';

export interface CommitFileRequest extends RepositoryOptions {
  /** A folder of the work tree, absolute. */
  readonly root: string;
  /** Full hex. */
  readonly commit: string;
  /** The file's real path. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** By raw bytes, every folder on the way proved. False outside the work tree. `git_failed` as git fails. */
export async function commitHolds(request: CommitFileRequest): Promise<Result<boolean, Failure>> {
  const tree = findWorkTree(request.root);
  if (!tree.ok) return tree;
  if (tree.value === null || !isWithin(tree.value.topLevel, request.path)) return ok(false);
  const key = keyOf(relative(tree.value.topLevel, request.path).split(sep).join('/'));
  return askRepository(tree.value, request, async (repository) => {
    const read = await readCommitTree(repository, request.commit);
    if (!read.ok) return read;
    const node = read.value.get(key);
    if (node === undefined || (node.mode !== 'file' && node.mode !== 'executable')) return ok(false);
    const hash = createHash(node.id.length === 64 ? 'sha256' : 'sha1');
    hash.update(`blob ${request.bytes.length}\0`).update(request.bytes);
    return ok(hash.digest('hex') === node.id);
  });
}
