import type { DeliveryStep } from '../../core/delivery/delivery-step.ts';
import type { Effect } from '../../core/machine/effect.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { unreachable } from '../../core/unreachable.ts';
import { cancellationEvent } from './cancel.ts';
import { checkEvidence } from './check-evidence.ts';
import { closeGates } from './close-gates.ts';
import type { RunContext } from './context.ts';
import { readDiffAdmission } from './delivery/diff-admission.ts';
import { type Deed, readAdmission } from './gates.ts';
import { keepBeforeWaiting } from './keep-before-waiting.ts';
import { performRun } from './perform-run.ts';
import { compareTree, takeTree } from './trees.ts';
import { writeContext } from './write-context.ts';

/** The effects that bring an event back. */
export type DeedEffect = Exclude<
  Effect,
  { type: 'enter-stage' | 'record-skipped' | 'record-not-configured' | 'commit' | 'finish' }
>;

/** Performs one deed, unless the run was cancelled before it; says what happened. */
export async function performDeed(
  context: RunContext,
  document: RunDocument,
  effect: DeedEffect,
): Promise<Deed> {
  const event = cancellationEvent(context, document);
  if (event !== null) return { document: { ...document, intent: null }, event };
  return unlessCancelled(context, await perform(context, document, effect));
}

/** What a step of the delivery will write; `event` where it comes to no more than that. */
export async function intendStep(
  context: RunContext,
  document: RunDocument,
  step: DeliveryStep,
): Promise<{ readonly document: RunDocument; readonly event: RunEvent | null }> {
  const { intendDelivery } = await import('./delivery/deliver.ts');
  const { event, ...intended } = await intendDelivery(context, document, step);
  return event === null ? { ...intended, event } : unlessCancelled(context, { ...intended, event });
}

function unlessCancelled(context: RunContext, deed: Deed): Deed {
  // A git command that was stopped half way has failed because of the cancellation, which is what counts.
  const cutOff = deed.event.type === 'broke' && CUT_OFF.includes(deed.event.failure.reason);
  const stopped = cutOff ? cancellationEvent(context, deed.document) : null;
  return stopped === null ? deed : { document: deed.document, event: stopped };
}

/** How a git command, or a call of a forge, fails that was stopped half way. */
const CUT_OFF: readonly string[] = ['git_failed', 'delivery_failed', 'interrupted'];

function perform(context: RunContext, document: RunDocument, effect: DeedEffect): Promise<Deed> | Deed {
  switch (effect.type) {
    case 'write-context':
      return writeContext(context, document);
    case 'run':
      return performRun(context, document, effect.order);
    case 'read-admission':
      return readAdmission(context, document);
    case 'take-tree':
      return takeTree(context, document);
    case 'compare-tree':
      return compareTree(context, document, effect);
    case 'check-evidence':
      return checkEvidence(context, document);
    case 'read-diff-admission':
      return keepBeforeWaiting(context, document, readDiffAdmission);
    case 'deliver':
      return deliverStep(context, document, effect.step);
    case 'read-gates':
      return keepBeforeWaiting(context, document, closeGates);
    default:
      return unreachable(effect);
  }
}

/** Loaded where there is something to deliver. */
async function deliverStep(context: RunContext, document: RunDocument, step: DeliveryStep): Promise<Deed> {
  const { deliver } = await import('./delivery/deliver.ts');
  return deliver(context, document, step);
}
