/**
 * Why a run, or a command beside it, did not do what was asked. One closed list: each reason has a page
 * section in `docs/failures.md`, an exit code in `exit-code.ts`, and says whether trying again can help.
 */
export const FAILURE_REASONS = [
  'usage',
  'precondition',
  'locked',
  'interrupted',
  'spawn_failed',
  'stage_failed',
  'budget_exceeded',
  'budget_unknown',
  'agent_result_unreadable',
  'stage_timeout',
  'run_timeout',
  'survivors',
  'artifact_changed',
  'binary_changed',
  'checkpoint_unreadable',
  'checkpoint_tampered',
  'evidence_tampered',
  'evidence_unwritable',
  'git_failed',
  'delivery_failed',
  'lock_lost',
  'not_closure_ready',
  'internal_error',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What says where and what next: `message` is one line, "expected X, got Y"; `remedy` is what to type or change. */
export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
  /** The stage it happened in, or null when it belongs to none. */
  readonly stage: string | null;
  readonly remedy: string | null;
  /** Whether the same command, `--resume` added, may succeed with nothing else changed. */
  readonly retryable: boolean;
  /** The signal for `interrupted`, else null: it decides the exit code. */
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | null;
}

const RETRYABLE: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'locked',
  'interrupted',
  'run_timeout',
  'evidence_unwritable',
  'delivery_failed',
]);

/** Builds a failure with the defaults of its reason filled in. */
export function failure(
  reason: FailureReason,
  message: string,
  more: Partial<Pick<Failure, 'stage' | 'remedy' | 'retryable' | 'signal'>> = {},
): Failure {
  return {
    reason,
    message,
    stage: more.stage ?? null,
    remedy: more.remedy ?? null,
    retryable: more.retryable ?? RETRYABLE.has(reason),
    signal: more.signal ?? null,
  };
}
