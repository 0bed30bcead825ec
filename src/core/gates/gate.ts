import { unreachable } from '../unreachable.ts';

/** The mandatory gates, in the order they are decided (document 004, "Gate Rules"). */
export const GATE_ORDER = ['policy', 'ci', 'review'] as const;
export type GateName = (typeof GATE_ORDER)[number];

/** What a gate can say, in document 004's words; the first of each list is the only one that passes. */
export const GATE_STATUSES = {
  policy: ['allow', 'deny', 'unknown'],
  ci: ['success', 'pending', 'failure', 'missing'],
  review: ['approved', 'changes_requested', 'missing'],
} as const;
export type GateStatus<Gate extends GateName = GateName> = (typeof GATE_STATUSES)[Gate][number];

/** What a gate is when nobody said anything about it. */
export const ABSENT_STATUS = { policy: 'unknown', ci: 'missing', review: 'missing' } as const;

/** The word that opens each gate; every other word, known or not, closes the run. */
export const PASS_STATUS = { policy: 'allow', ci: 'success', review: 'approved' } as const;

/** Document 004's blocking codes, and ours for what the gates alone cannot see. */
export const REASON_CODES = {
  policy: 'GATE_POLICY_DENIED_OR_UNKNOWN',
  ci: 'GATE_CI_NOT_SUCCESS',
  review: 'GATE_REVIEW_NOT_APPROVED',
  worktree: 'WORKTREE_CHANGED_SINCE_VALIDATION',
  git: 'GIT_SETTINGS_CHANGED',
  delivery: 'DELIVERY_REFUSED',
  simulated: 'SIMULATED_BLOCK',
} as const;
export type ReasonCode = (typeof REASON_CODES)[keyof typeof REASON_CODES];

/** The code that a gate adds when it does not pass. */
export function reasonCodeOf(gate: GateName): ReasonCode {
  switch (gate) {
    case 'policy':
      return REASON_CODES.policy;
    case 'ci':
      return REASON_CODES.ci;
    case 'review':
      return REASON_CODES.review;
    default:
      return unreachable(gate);
  }
}
