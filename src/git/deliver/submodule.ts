/** Whether a submodule that is checked out is exactly the commit that the base names: then the commit may name it too. */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { GitEnvironment } from '../git-environment.ts';
import type { Limit } from '../limit.ts';
import { fsPathOf, keyOf } from '../path-bytes.ts';
import type { PathFilter } from '../path-filter.ts';
import { askWithin } from '../repository-question.ts';
import type { TreeEntries } from '../tree-listing.ts';
import { dotGitOf, type WorkTree } from '../work-tree.ts';
import { committedEntries } from './base-entries.ts';
import { planTree, sameTree } from './plan-tree.ts';

export interface SubmoduleRequest {
  readonly workTree: WorkTree;
  readonly entries: TreeEntries;
  readonly leaveOut: PathFilter;
  readonly environment: GitEnvironment;
  readonly scratch: string;
  readonly limit: Limit;
}

/** `key` is its folder from repo-root, `oid` the commit that the base names. */
export async function isUnchangedSubmodule(
  request: SubmoduleRequest,
  { key, oid }: { readonly key: string; readonly oid: string },
): Promise<Result<boolean, Failure>> {
  const folder = fsPathOf(`${keyOf(request.workTree.root)}/${key}`);
  if (typeof folder !== 'string') return ok(false);
  const dirs = dotGitOf(folder);
  if (dirs.kind !== 'repository') return ok(false);
  const { gitDir, commonDir } = dirs;
  const tree: WorkTree = { root: folder, topLevel: folder, prefix: '', gitDir, commonDir };
  const prefix = `${key}/`;
  const entries = new Map(
    [...request.entries].flatMap(([path, identity]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), identity] as const] : [],
    ),
  );
  const leaveOut: PathFilter = (path) => request.leaveOut(prefix + path);
  return askWithin(tree, request, async (repository) => {
    if (repository.head.commit !== oid) return ok(false);
    const base = await committedEntries(repository, oid);
    if (!base.ok) return base;
    const inside = { ...request, workTree: tree, entries, leaveOut };
    const planned = await planTree({
      ...{ workTree: tree, entries, leaveOut, base: base.value, hexDigits: oid.length },
      isUnchangedSubmodule: (inner, name) => isUnchangedSubmodule(inside, { key: inner, oid: name }),
    });
    return planned.ok ? ok(sameTree(planned.value.whole, base.value)) : planned;
  });
}
