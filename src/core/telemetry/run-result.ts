import type { Failure } from '../failure.ts';
import type { ExecutionStatus } from '../records.ts';
import type { RunDocument } from '../run-document.ts';
import { unreachable } from '../unreachable.ts';

/** The well-known values of `cicd.pipeline.result` and `cicd.pipeline.task.run.result` (semantic conventions, CICD). */
export type PipelineResult = 'success' | 'failure' | 'timeout' | 'cancellation' | 'error' | 'skip';

/** How something ended, and as which class of error; null for what is none. */
export interface Outcome {
  readonly result: PipelineResult;
  readonly errorType: string | null;
}

/** How an invocation ended for whoever started it: what was committed, and what its exit code says. */
export interface RunEnding {
  readonly document: Pick<RunDocument, 'blocked_reason_codes'>;
  /** What is told of the end; null for done and blocked. */
  readonly failure: Failure | null;
  readonly exitCode: number;
}

/**
 * The outcome of an invocation. `blocked` is not among the well-known results: it is a failure, and the first reason
 * code its `error.type`. Only exit code 0 is a success.
 */
export function outcomeOfRun({ document, failure, exitCode }: RunEnding): Outcome {
  if (failure !== null) return { result: resultOfFailure(failure), errorType: failure.reason };
  if (exitCode === 0) return { result: 'success', errorType: null };
  const [code] = document.blocked_reason_codes;
  return { result: 'failure', errorType: code ?? '_OTHER' };
}

/** `error` is what failed in the orchestrator or its surroundings, `failure` what a stage, or somebody, has done. */
function resultOfFailure(failure: Failure): PipelineResult {
  switch (failure.reason) {
    case 'stage_timeout':
    case 'run_timeout':
      return 'timeout';
    case 'interrupted':
      return 'cancellation';
    case 'survivors':
    case 'evidence_unwritable':
    case 'git_failed':
    case 'lock_lost':
    case 'locked':
    case 'internal_error':
      return 'error';
    case 'usage':
    case 'precondition':
    case 'spawn_failed':
    case 'stage_failed':
    case 'budget_exceeded':
    case 'budget_unknown':
    case 'agent_result_unreadable':
    case 'artifact_changed':
    case 'binary_changed':
    case 'checkpoint_unreadable':
    case 'checkpoint_tampered':
    case 'evidence_tampered':
    case 'delivery_failed':
    case 'not_closure_ready':
      return 'failure';
    default:
      return unreachable(failure.reason);
  }
}

/** The outcome of one attempt; its class of error is the status that the stage record has. */
export function outcomeOfExecution(status: ExecutionStatus): Outcome {
  switch (status) {
    case 'success':
      return { result: 'success', errorType: null };
    case 'skipped':
    case 'not_configured':
      return { result: 'skip', errorType: null };
    case 'timeout':
      return { result: 'timeout', errorType: status };
    case 'cancelled':
      return { result: 'cancellation', errorType: status };
    case 'failed':
    case 'spawn_failed':
    case 'artifact_missing':
    case 'artifact_malformed':
    case 'artifact_stale':
      return { result: 'failure', errorType: status };
    default:
      return unreachable(status);
  }
}
