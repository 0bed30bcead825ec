import type { GateDecision } from '../records.ts';
import { ABSENT_STATUS, GATE_ORDER, type GateName, reasonCodeOf } from './gate.ts';

/**
 * The three decisions of a run whose closure has not been reached: none passed. An empty list would let "every
 * decision passed" hold of a run that never got there.
 */
export function undecidedGates(): readonly GateDecision[] {
  return GATE_ORDER.map(undecidedGate);
}

/** One of them. */
export function undecidedGate(gate: GateName): GateDecision {
  return {
    gate,
    status: ABSENT_STATUS[gate],
    passed: false,
    reason_code: reasonCodeOf(gate),
    source: 'none',
    asserted_at_unix_secs: null,
    carried_over: false,
    details: ['not_decided'],
    documents: [],
  };
}

/** Whether a gate was not decided at all: one that the run never came to has not refused anything. */
export function isUndecided(one: GateDecision): boolean {
  return one.details.includes('not_decided');
}
