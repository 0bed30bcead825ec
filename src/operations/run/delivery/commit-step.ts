import type { CommitRecord } from '../../../core/delivery/delivery-record.ts';
import { refuse } from '../../../core/delivery/refusal.ts';
import { type Failure, failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { ownFiles } from '../paths.ts';
import { type DeliveryWork, gitOptions, remoteRequest, type StepResult } from './step.ts';

/** Who made it, where the caller's environment does not say. */
const AUTHOR = { name: 'orchestrator', email: 'orchestrator@localhost' };
const MAX_NAME = 200;

/** The commit as it will be made: an earlier intent for the same content stands, and gives the same commit. */
export async function intendCommit(work: DeliveryWork): StepResult {
  const { context, document, plan, record } = work;
  const { base, tree_digest: tree } = document.repo;
  if (base === null || tree === null) {
    return fail(refuse('there is no commit to build on', 'make a first commit, then start a fresh run'));
  }
  const earlier = record.commit;
  const stands =
    earlier?.tree_digest === tree && earlier.base_sha === base && earlier.message === plan.message;
  if (stands) return ok({ ...record, refused: null });
  const parent = await parentOf(work, base);
  if (!parent.ok) return parent;
  const commit: CommitRecord = {
    state: 'intended',
    tree_digest: tree,
    base_sha: base,
    parent_sha: parent.value,
    message: plan.message,
    ...authorOf(work),
    date_unix_secs: Math.floor(context.ports.clock.now() / 1000),
    sha: null,
  };
  return ok({ ...record, refused: null, commit });
}

/** What this run has pushed to that branch already: the next commit goes on from there, so nothing is ever forced. */
async function parentOf(work: DeliveryWork, base: string): Promise<Result<string, Failure>> {
  const { push } = work.record;
  const { commit } = work.record;
  if (push === null || push.branch !== work.plan.branch || commit?.base_sha !== base) return ok(base);
  if (push.state === 'done') return ok(push.sha);
  const request = await remoteRequest(work);
  if (!request.ok) return request;
  const { lookUpBranch } = await import('../../../git/deliver/remote-branch.ts');
  const there = await lookUpBranch(request.value);
  return there.ok ? ok(there.value.sha === push.sha ? push.sha : base) : there;
}

function authorOf({ context }: DeliveryWork): Pick<CommitRecord, 'author_name' | 'author_email'> {
  const { env } = context.ports;
  const clean = (text: string | undefined): string =>
    context.mask
      .text(text ?? '')
      .replace(/[<>\x00-\x1f\x7f]/g, '')
      .trim()
      .slice(0, MAX_NAME);
  return {
    author_name: clean(env.GIT_AUTHOR_NAME) || AUTHOR.name,
    author_email: clean(env.GIT_AUTHOR_EMAIL) || AUTHOR.email,
  };
}

/** Makes the commit; one that is there already is made to the same id once more, which changes nothing. */
export async function makeCommit(work: DeliveryWork): StepResult {
  const { context, record, workTree } = work;
  const { commit } = record;
  if (commit === null) throw new Error('no commit was intended');
  const options = gitOptions(context);
  if (!options.ok) return options;
  const entries = await context.treeWatch.listing(commit.tree_digest);
  if (entries === undefined) {
    return fail(
      failure('git_failed', 'the listing of the validated content tree is gone from artifacts/', {
        remedy: '--resume --rerun-from validation',
      }),
    );
  }
  const { commitTree } = await import('../../../git/deliver/commit-tree.ts');
  const made = await commitTree({
    ...options.value,
    ...{ workTree, entries, base: commit.base_sha, parent: commit.parent_sha },
    excludes: ownFiles(context.paths, context.plan),
    ignoreGlobs: context.plan.treeIgnore,
    words: {
      message: commit.message,
      name: commit.author_name,
      email: commit.author_email,
      dateSecs: commit.date_unix_secs,
    },
  });
  return made.ok ? ok({ ...record, commit: { ...commit, state: 'done', sha: made.value } }) : made;
}
