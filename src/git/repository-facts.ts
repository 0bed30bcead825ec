/** What the report says about the repository; no decision believes it. */
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { collect, statusKey } from './list-paths.ts';
import { pathFilter } from './path-filter.ts';
import { askRepository, type RepositoryOptions } from './repository-question.ts';
import { findWorkTree } from './work-tree.ts';

export interface RepositoryFacts {
  readonly isGit: boolean;
  /** Object id of HEAD's commit; null outside git and before the first commit. */
  readonly head: string | null;
  /** Null outside git and where HEAD is detached. */
  readonly branch: string | null;
  /** Whether `git status` would name anything in repo-root; null outside git. */
  readonly dirty: boolean | null;
}

export interface FactsRequest extends RepositoryOptions {
  readonly root: string;
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
}

/** One process where repo-root is in a work tree, none where it is not. Fails as `takeContentTree` does. */
export async function repositoryFacts(request: FactsRequest): Promise<Result<RepositoryFacts, Failure>> {
  const found = findWorkTree(request.root);
  if (!found.ok) return found;
  const tree = found.value;
  if (tree === null) return ok({ isGit: false, head: null, branch: null, dirty: null });
  const leaveOut = await pathFilter({ ...request, roots: [request.root, tree.root] });
  return askRepository(tree, request, async ({ head, folder, call }) => {
    const args = [
      'status',
      '--porcelain=v1',
      '-z',
      '-uall',
      '--ignore-submodules=all',
      '--no-renames',
      '--',
      '.',
    ];
    const changed = await collect({ ...call, args, repository: folder.withIndex }, (record) =>
      leaveOut(statusKey(record, tree).replace(/\/$/, '')),
    );
    if (!changed.ok) return changed;
    return ok({ isGit: true, head: head.commit, branch: head.branch, dirty: changed.value.size > 0 });
  });
}
