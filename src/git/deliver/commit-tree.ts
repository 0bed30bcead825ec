/**
 * Makes a commit of the validated content tree in the repository's own object store, and of nothing else of it: no hook,
 * filter, index, ref or configuration of the repository has a part, and HEAD, branches and index stay as they are.
 */
import { refuse } from '../../core/delivery/refusal.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { runGit } from '../git-command.ts';
import { isObjectId } from '../head.ts';
import { keyOf } from '../path-bytes.ts';
import { pathFilter } from '../path-filter.ts';
import { askRepository, type OpenRepository, type RepositoryOptions } from '../repository-question.ts';
import type { TreeEntries } from '../tree-listing.ts';
import type { WorkTree } from '../work-tree.ts';
import { committedEntries } from './base-entries.ts';
import { type CommitWords, importStream } from './import-stream.ts';
import { planTree, sameTree, type TreePlan } from './plan-tree.ts';
import { isUnchangedSubmodule } from './submodule.ts';

export interface CommitTreeRequest extends RepositoryOptions {
  readonly workTree: WorkTree;
  /** Of the validated tree. */
  readonly entries: TreeEntries;
  /** The commit that the change is measured against; what is no content stays as it has it. */
  readonly base: string;
  /** The base, or a later commit that the new one goes on from. */
  readonly parent: string;
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
  readonly words: CommitWords;
}

/**
 * The commit's id; the same request gives the same one, so that making it twice is looking it up. It is read back before
 * it is given: its tree is the validated one. Refused (`isRefusal`) where there is nothing to commit, or something that
 * no commit can hold; `git_failed` where git does not do it.
 */
export async function commitTree(request: CommitTreeRequest): Promise<Result<string, Failure>> {
  return askRepository(request.workTree, request, async (repository) => {
    const planned = await planOf(request, repository);
    if (!planned.ok) return planned;
    const made = await importCommit(request, repository, planned.value);
    if (!made.ok) return made;
    const there = await committedEntries(repository, made.value);
    if (!there.ok) return there;
    if (sameTree(there.value, planned.value.whole)) return made;
    return fail(
      failure('git_failed', `the commit ${made.value} does not hold the validated content tree`, {
        remedy: 'repair the repository (git fsck), then --resume',
      }),
    );
  });
}

async function planOf(
  request: CommitTreeRequest,
  repository: OpenRepository,
): Promise<Result<TreePlan, Failure>> {
  const { workTree, entries } = request;
  const base = await committedEntries(repository, request.base);
  if (!base.ok) return base;
  const roots = [workTree.root];
  const leaveOut = await pathFilter({ ...request, roots });
  const planned = await planTree({
    ...{ workTree, entries, leaveOut, base: base.value, hexDigits: request.base.length },
    isUnchangedSubmodule: (key, oid) =>
      isUnchangedSubmodule({ ...request, leaveOut, limit: repository.call.limit }, { key, oid }),
  });
  if (!planned.ok || !sameTree(planned.value.whole, base.value)) return planned;
  return fail(
    refuse(
      `nothing to deliver: the validated content is what the base commit ${request.base.slice(0, 12)} has`,
      '--resume --rerun-from execution, or run without delivery',
    ),
  );
}

async function importCommit(
  request: CommitTreeRequest,
  repository: OpenRepository,
  plan: TreePlan,
): Promise<Result<string, Failure>> {
  const { workTree, parent, words } = request;
  const parentEntries = await committedEntries(repository, parent);
  if (!parentEntries.ok) return parentEntries;
  const top = keyOf(workTree.topLevel);
  const placeOf = (path: string): string => `${top}/${path}`;
  let said = '';
  const run = await runGit({
    ...repository.call,
    repository: repository.folder.withoutIndex,
    args: ['fast-import', '--quiet', '--done', '--force', '--date-format=raw'],
    input: importStream({ plan, parent, parentEntries: parentEntries.value, words, placeOf }),
    onChunk: (chunk) => {
      said += chunk.toString('latin1', 0, 4096);
    },
  });
  if (!run.ok) return run;
  const sha = said.trim();
  return isObjectId(sha) ? ok(sha) : fail(failure('git_failed', 'git fast-import named no commit'));
}
