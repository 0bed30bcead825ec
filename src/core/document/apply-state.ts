import { undecidedGates } from '../gates/undecided.ts';
import type { RunState } from '../machine/state.ts';
import type { FailureRecord, GateDecision, InvocationRecord } from '../records.ts';
import type { RunDocument } from '../run-document.ts';
import { unreachable } from '../unreachable.ts';

/** The document with a new machine state, and everything in it that follows from the state alone. */
export function applyState(document: RunDocument, state: RunState, at: string): RunDocument {
  const over = state.status !== 'pending' && state.status !== 'working';
  return {
    ...document,
    state,
    failure: failureOf(state),
    gate_decisions: decisionsOf(state),
    blocked_reason_codes: state.status === 'blocked' ? state.codes : [],
    invocations: over ? endInvocation(document.invocations, state, at) : document.invocations,
    finished_at: over && state.status !== 'interrupted' ? at : null,
  };
}

/**
 * A run whose evidence broke while it was being written: whatever the machine had decided, also `done`, it has
 * failed. The only change of state that the machine does not decide, because it cannot know.
 */
export function breakOff(state: RunState, failure: FailureRecord): RunState {
  if (state.status === 'pending') return state;
  return { status: 'failed', progress: { ...state.progress, closed: null }, failure };
}

function failureOf(state: RunState): FailureRecord | null {
  switch (state.status) {
    case 'failed':
    case 'timeout':
    case 'interrupted':
      return state.failure;
    case 'pending':
    case 'working':
    case 'done':
    case 'blocked':
      return null;
    default:
      return unreachable(state);
  }
}

function decisionsOf(state: RunState): readonly GateDecision[] {
  return state.status === 'done' || state.status === 'blocked' ? state.decisions : undecidedGates();
}

function endInvocation(
  invocations: readonly InvocationRecord[],
  state: Exclude<RunState, { status: 'pending' | 'working' }>,
  at: string,
): readonly InvocationRecord[] {
  const last = invocations.at(-1);
  if (last === undefined) return invocations;
  return [...invocations.slice(0, -1), { ...last, ended_at: at, ended_by: state.status }];
}
