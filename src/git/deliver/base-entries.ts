/** The files of a commit, as git has them. */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { readCommitTree, type TreeNode } from '../changes/commit-tree.ts';
import type { OpenRepository } from '../repository-question.ts';

/** `mode` as git writes it (`100644`, `100755`, `120000`, `160000`). */
export interface CommittedEntry {
  readonly mode: string;
  readonly oid: string;
}

const MODES: Readonly<Record<TreeNode['mode'], string>> = {
  file: '100644',
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
};

/**
 * Path (a key, from the top level of the work tree) → entry. Every folder is held to its hash: one that was written over
 * would bring in what nobody has judged.
 */
export async function committedEntries(
  repository: Pick<OpenRepository, 'call' | 'folder'>,
  commit: string,
): Promise<Result<ReadonlyMap<string, CommittedEntry>, Failure>> {
  const tree = await readCommitTree(repository, commit);
  if (!tree.ok) return tree;
  return ok(new Map([...tree.value].map(([key, { mode, id }]) => [key, { mode: MODES[mode], oid: id }])));
}
