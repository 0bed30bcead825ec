import type { Effect } from '../../core/machine/effect.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { unreachable } from '../../core/unreachable.ts';
import { cancellationEvent } from './cancel.ts';
import { checkEvidence } from './check-evidence.ts';
import type { RunContext } from './context.ts';
import { type Deed, readAdmission, readGates } from './gates.ts';
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
  const deed = await perform(context, document, effect);
  // A git command that was stopped half way has failed because of the cancellation, which is what counts.
  const cutOff =
    deed.event.type === 'broke' && ['git_failed', 'interrupted'].includes(deed.event.failure.reason);
  const stopped = cutOff ? cancellationEvent(context, deed.document) : null;
  return stopped === null ? deed : { document: deed.document, event: stopped };
}

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
    case 'read-gates':
      return readGates(context, document);
    default:
      return unreachable(effect);
  }
}
