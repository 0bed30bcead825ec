import type { FailureReason } from './failure.ts';
import type { RunState } from './machine/state.ts';

/**
 * How a run stands for who looks at many. Besides the states of the machine: `running` and `held` by its lock
 * (`held`: who holds it cannot be seen from here), `unfinished` where it ended without saying so, and three that
 * are no state: `no-checkpoint`, `unreadable`, `distrusted`.
 */
export const LISTED_STATES = [
  'done',
  'blocked',
  'failed',
  'timeout',
  'interrupted',
  'unfinished',
  'running',
  'held',
  'no-checkpoint',
  'unreadable',
  'distrusted',
] as const;
export type ListedState = (typeof LISTED_STATES)[number];

/** One run in a list; in the shape that `list --json` prints. Texts are raw: whoever prints makes them harmless. */
export interface RunSummary {
  /** Absolute. */
  readonly out_dir: string;
  readonly run_id: string | null;
  readonly state: ListedState;
  readonly started_at: string | null;
  /** When an orchestrator last worked on it, as far as the evidence says. */
  readonly ended_at: string | null;
  /** Time worked (core/time-worked.ts): what its invocations took together, the one that is still at it included. */
  readonly duration_ms: number | null;
  readonly blocked_by: readonly string[];
  readonly failure: { readonly reason: FailureReason; readonly message: string } | null;
  /** Why it cannot be read or trusted, or who holds it; null where there is nothing to say. */
  readonly problem: string | null;
}

/** The state of evidence that can be read and trusted, where nobody works on it. */
export function restingState(state: RunState): ListedState {
  switch (state.status) {
    case 'pending':
    case 'working':
      return 'unfinished';
    default:
      return state.status;
  }
}

/** Newest first; what does not say when it began is last, by its place. */
export function byNewest(one: RunSummary, other: RunSummary): number {
  const [a, b] = [startOf(one), startOf(other)];
  if (a !== b) return a < b ? 1 : -1;
  return one.out_dir < other.out_dir ? -1 : 1;
}

function startOf(summary: RunSummary): number {
  const start = Date.parse(summary.started_at ?? '');
  return Number.isNaN(start) ? Number.NEGATIVE_INFINITY : start;
}
