/** What changed between a base commit and the validated content, or another commit. No word of an agent counts here. */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { ChangeSet } from '../../core/scope/change.ts';
import { keyOf } from '../path-bytes.ts';
import { askRepository, type RepositoryOptions } from '../repository-question.ts';
import { findWorkTree } from '../work-tree.ts';
import { linksOfTree, readBothTrees, sideOfTree, withBytes } from './commit-side.ts';
import { describeChanges, differencesOf, withRenames } from './compare-sides.ts';

export interface CommitChangesRequest extends RepositoryOptions {
  /** Repo-root, absolute. */
  readonly root: string;
  /** Full hex; null compares with nothing. */
  readonly base: string | null;
  /** Full hex. */
  readonly head: string;
}

/**
 * What a commit changes, all of the repository. Null outside of a git work tree. `git_failed` where an object is
 * missing or is not what its name says.
 */
export async function readCommitChanges(
  request: CommitChangesRequest,
): Promise<Result<ChangeSet | null, Failure>> {
  const tree = findWorkTree(request.root);
  if (!tree.ok) return tree;
  if (tree.value === null) return ok(null);
  const prefix = keyOf(tree.value.prefix);
  return askRepository(tree.value, request, async (repository): Promise<Result<ChangeSet, Failure>> => {
    const trees = await readBothTrees(repository, request.base, request.head);
    if (!trees.ok) return trees;
    const { before, after } = trees.value;
    const differences = differencesOf(sideOfTree(before), sideOfTree(after), new Map());
    const filled = await withBytes(repository, differences);
    if (!filled.ok) return filled;
    const links = await linksOfTree(repository, after);
    if (!links.ok) return links;
    const changes = describeChanges({
      differences: withRenames(filled.value),
      after: sideOfTree(after),
      links: links.value,
      prefix,
    });
    return ok({ base: request.base, head: request.head, changes, notLookedAt: [] });
  });
}
