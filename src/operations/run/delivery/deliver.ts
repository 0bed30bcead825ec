import type { DeliveryRecord } from '../../../core/delivery/delivery-record.ts';
import type { DeliveryStep } from '../../../core/delivery/delivery-step.ts';
import { isRefusal } from '../../../core/delivery/refusal.ts';
import type { Failure } from '../../../core/failure.ts';
import { REASON_CODES } from '../../../core/gates/gate.ts';
import type { RunEvent } from '../../../core/machine/event.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunContext } from '../context.ts';
import { type Deed, readSignals, treeIdentity } from '../gates.ts';
import { intendCommit, makeCommit } from './commit-step.ts';
import { intendPullRequest, openPullRequest } from './pull-request-step.ts';
import { intendPush, pushBranch } from './push-step.ts';
import { type DeliveryWork, type StepResult, workOf } from './step.ts';

const STEPS: Readonly<
  Record<
    DeliveryStep,
    {
      readonly intend: (work: DeliveryWork) => StepResult;
      readonly perform: (work: DeliveryWork) => StepResult;
      readonly told: (record: DeliveryRecord) => string;
    }
  >
> = {
  commit: {
    intend: intendCommit,
    perform: makeCommit,
    told: ({ commit }) => `committed ${commit?.sha ?? ''}`,
  },
  push: {
    intend: intendPush,
    perform: pushBranch,
    told: ({ push, remote }) => `${push?.sha ?? ''} is ${push?.branch ?? ''} at ${remote}`,
  },
  'pull-request': {
    intend: intendPullRequest,
    perform: openPullRequest,
    told: ({ pull_request: request }) => `pull request ${request?.number ?? ''} ${request?.url ?? ''}`,
  },
};

/** What a step will write, for the commit that stands before it; `event` where it comes to no more than that. */
export async function intendDelivery(
  context: RunContext,
  document: RunDocument,
  step: DeliveryStep,
): Promise<{ readonly document: RunDocument; readonly event: RunEvent | null }> {
  const intended = await STEPS[step].intend(workOf(context, document));
  if (!intended.ok) return stopped(context, document, { step, why: intended.failure });
  context.evidence.audit('delivery-intended', { step, delivery: intended.value });
  return { document: { ...document, delivery: intended.value }, event: null };
}

/** Does what was intended, unless it is there already. */
export async function deliver(context: RunContext, document: RunDocument, step: DeliveryStep): Promise<Deed> {
  const done = await STEPS[step].perform(workOf(context, document));
  if (!done.ok) return stopped(context, document, { step, why: done.failure });
  context.evidence.audit('delivered', { step, delivery: done.value });
  context.observeCommitted({
    type: 'delivered',
    step,
    text: context.mask.text(STEPS[step].told(done.value)),
  });
  return { document: { ...document, delivery: done.value }, event: { type: 'delivered', refused: null } };
}

/** A rule that stands against it blocks; everything else has failed. */
function stopped(
  context: RunContext,
  document: RunDocument,
  { step, why }: { readonly step: DeliveryStep; readonly why: Failure },
): Deed {
  if (!isRefusal(why)) return { document, event: { type: 'broke', failure: { ...why, stage: 'closure' } } };
  const words = context.mask.text(why.remedy === null ? why.message : `${why.message}; ${why.remedy}`);
  context.evidence.audit('delivery-refused', { step, why: words });
  const { delivery } = document;
  const signals = readSignals(context, document, treeIdentity(document));
  return {
    document: { ...document, delivery: delivery === null ? null : { ...delivery, refused: words } },
    event: { type: 'delivered', refused: { code: REASON_CODES.delivery, signals } },
  };
}
