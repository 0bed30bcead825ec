import type { StoredConfig } from '../../../core/config/stored-config.ts';
import { refuseBranch } from '../../../core/delivery/branch.ts';
import type { DeliveryRecord } from '../../../core/delivery/delivery-record.ts';
import { type Failure, failure } from '../../../core/failure.ts';
import type { DeliveryPlan } from '../../../core/gates/gate-plan.ts';
import { deliveryPlanOf } from '../../../core/gates/plan-of-settings.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunPlan } from '../../../core/run-plan.ts';
import type { WorkTree } from '../../../git/work-tree.ts';
import type { RunPorts } from '../ports.ts';

interface Beginning {
  readonly ports: Pick<RunPorts, 'env'>;
  readonly plan: RunPlan;
  readonly workTree: WorkTree | null;
  readonly signal: AbortSignal;
}

/**
 * Where a delivery goes, found before the first stage: afterwards the repository's configuration is an agent's word.
 * `precondition` where it cannot be, or goes to a branch that is never pushed to; null where nothing is to be delivered.
 */
export async function beginDelivery(beginning: Beginning): Promise<Result<DeliveryRecord | null, Failure>> {
  const { plan, workTree, ports, signal } = beginning;
  const delivery = deliveryPlanOf(plan.closure);
  if (delivery === null) return ok(null);
  if (workTree === null) {
    return fail(
      failure('precondition', `--delivery-branch: expected a git work tree, ${plan.repoRoot} is none`, {
        remedy: 'name one with --repo-root, or run without delivery',
      }),
    );
  }
  const { readHead } = await import('../../../git/head.ts');
  const head = readHead(workTree);
  // A stage can check out another branch before the push is made.
  const branch = checkBranch(delivery, head.ok && head.value.kind === 'head' ? head.value.branch : null);
  if (!branch.ok) return branch;
  const { remoteUrl } = await import('../../../git/deliver/remote-url.ts');
  const environment = { path: ports.env.PATH ?? '', home: ports.env.HOME ?? null };
  const url = await remoteUrl(workTree, delivery.remote, { environment, signal });
  return url.ok ? ok(recordOf(delivery, url.value)) : url;
}

/**
 * The record that a later invocation goes on with. A remote that is named now, after stages have run, must be an
 * address; and what has closed is only verified, so nothing can be added to it.
 */
export async function resumeDelivery(
  beginning: Beginning,
  before: RunDocument,
  how: { readonly config: StoredConfig; readonly isVerified: boolean },
): Promise<Result<DeliveryRecord | null, Failure>> {
  const delivery = deliveryPlanOf(beginning.plan.closure);
  const [then, now] = [before.config, how.config].map(({ closure }) =>
    JSON.stringify(deliveryPlanOf(closure)),
  );
  if (how.isVerified && now !== then) {
    return fail(
      failure('precondition', '--delivery-…: this run is done, and what was delivered stays as it is', {
        remedy: 'deliver it by --resume --rerun-from closure with these flags',
      }),
    );
  }
  if (delivery === null || before.delivery === null || before.delivery.remote !== delivery.remote) {
    return beginLate(beginning, delivery);
  }
  const branch = checkBranch(delivery, null);
  return branch.ok ? ok({ ...before.delivery, branch: delivery.branch }) : branch;
}

async function beginLate(
  beginning: Beginning,
  delivery: DeliveryPlan | null,
): Promise<Result<DeliveryRecord | null, Failure>> {
  if (delivery === null) return ok(null);
  const { isAddress } = await import('../../../git/deliver/remote-url.ts');
  if (isAddress(delivery.remote)) return beginDelivery(beginning);
  return fail(
    failure(
      'precondition',
      `--delivery-remote ${delivery.remote.slice(0, 200)}: stages have run since its address could be trusted`,
      { remedy: 'give the address itself: --delivery-remote https://…, an ssh address or a folder' },
    ),
  );
}

function checkBranch(delivery: DeliveryPlan, headBranch: string | null): Result<void, Failure> {
  const { branch, protectedBranches, pullRequest } = delivery;
  const problem = refuseBranch(branch, {
    protectedBranches,
    headBranch,
    pullRequestBase: pullRequest?.base ?? null,
    remoteDefault: null,
  });
  if (problem === null) return ok(undefined);
  return fail(
    failure('precondition', `--delivery-branch: ${problem}`, { remedy: 'give another --delivery-branch' }),
  );
}

function recordOf(delivery: DeliveryPlan, url: string): DeliveryRecord {
  const { remote, branch } = delivery;
  return {
    ...{ remote, remote_url: url, branch },
    refused: null,
    commit: null,
    push: null,
    pull_request: null,
  };
}
