import { refuseBranch } from '../../../core/delivery/branch.ts';
import { refuse } from '../../../core/delivery/refusal.ts';
import { fail, ok } from '../../../core/result.ts';
import { type DeliveryWork, remoteRequest, type StepResult } from './step.ts';

/** The push as it will be made, with what the remote has now; a branch that is not to be pushed to is refused. */
export async function intendPush(work: DeliveryWork): StepResult {
  const { plan, record } = work;
  const sha = record.commit?.sha ?? null;
  if (sha === null) throw new Error('no commit was made');
  const request = await remoteRequest(work);
  if (!request.ok) return request;
  const { lookUpBranch } = await import('../../../git/deliver/remote-branch.ts');
  const there = await lookUpBranch(request.value);
  if (!there.ok) return there;
  const problem = refuseBranch(plan.branch, {
    protectedBranches: plan.protectedBranches,
    headBranch: await branchOfHead(work),
    pullRequestBase: plan.pullRequest?.base ?? null,
    remoteDefault: there.value.defaultBranch,
  });
  if (problem !== null) {
    return fail(
      refuse(`${problem}: nothing is pushed to it`, 'give another --delivery-branch, then --resume'),
    );
  }
  const earlier = record.push;
  if (earlier?.state === 'done' && earlier.sha === sha && earlier.branch === plan.branch) return ok(record);
  return ok({
    ...record,
    branch: plan.branch,
    push: {
      state: 'intended',
      sha,
      branch: plan.branch,
      expected_sha: there.value.sha,
      seen_at_unix_secs: null,
    },
  });
}

async function branchOfHead({ workTree }: DeliveryWork): Promise<string | null> {
  const { readHead } = await import('../../../git/head.ts');
  const head = readHead(workTree);
  return head.ok && head.value.kind === 'head' ? head.value.branch : null;
}

/** Pushes what the remote does not have yet. */
export async function pushBranch(work: DeliveryWork): StepResult {
  const { context, record } = work;
  const { push } = record;
  if (push === null) throw new Error('no push was intended');
  const request = await remoteRequest(work);
  if (!request.ok) return request;
  const { pushCommit } = await import('../../../git/deliver/remote-branch.ts');
  const pushed = await pushCommit({ ...request.value, sha: push.sha });
  if (!pushed.ok) return pushed;
  const seen = Math.floor(context.ports.clock.now() / 1000);
  return ok({ ...record, push: { ...push, state: 'done', seen_at_unix_secs: seen } });
}
