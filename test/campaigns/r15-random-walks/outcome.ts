import { failure } from '../../../src/core/failure.ts';
import type { CommandEnd } from '../../../src/core/machine/event.ts';
import type { Behaviour } from './behaviours.ts';

/** What a behaviour comes to. */
export interface Outcome {
  /** The record's status. */
  readonly status: string;
  readonly end: CommandEnd;
  /** Whether the step's artifact lies in its place afterwards that may not have lain there before. */
  readonly leaves: boolean;
}

const ASKED = [{ priority: 1, source: 'r', code: 'X', action: 'again' }];

/** What the specification says of a behaviour that ends by itself or by its limit. */
export function outcomeOf(
  behaviour: Exclude<Behaviour, 'hangs'>,
  { step, wasLeft }: { readonly step: string; readonly wasLeft: boolean },
): Outcome {
  const leaves = !step.startsWith('command-');
  switch (behaviour) {
    case 'succeeds':
    case 'changes the tree':
    case 'commits':
      return { status: 'success', end: { ended: 'success' }, leaves };
    case 'fails':
      return { status: 'failed', end: notSuccess('failed'), leaves: false };
    case 'leaves nothing':
      return {
        status: wasLeft ? 'artifact_stale' : 'artifact_missing',
        end: notSuccess('failed'),
        leaves: false,
      };
    case 'leaves garbage':
      return { status: 'artifact_malformed', end: notSuccess('failed'), leaves: true };
    case 'rejects':
      return { status: 'failed', end: notSuccess('failed'), leaves: true };
    case 'asks':
      return { status: 'failed', end: { ...notSuccess('failed'), nextSteps: ASKED }, leaves: true };
    case 'times out':
      return { status: 'timeout', end: notSuccess('timeout'), leaves: false };
  }
}

function notSuccess(ended: 'failed' | 'timeout'): Exclude<CommandEnd, { ended: 'success' }> {
  const reason = ended === 'failed' ? 'stage_failed' : 'stage_timeout';
  return { ended, failure: failure(reason, ended), again: true, nextSteps: [] };
}
