import type { Failure } from './failure.ts';
import type { TerminalState } from './records.ts';
import { unreachable } from './unreachable.ts';

/** The closed table of exit codes (spec/orchestrate.md, section 2). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  blocked: 3,
  locked: 75,
  timeout: 124,
  sighup: 129,
  sigint: 130,
  sigterm: 143,
} as const;

/** The exit code of a failure that ended a command, whatever the run's state on disk is. */
export function exitCodeOfFailure(failure: Failure): number {
  switch (failure.reason) {
    case 'usage':
    case 'precondition':
      return EXIT.usage;
    case 'locked':
      return EXIT.locked;
    case 'stage_timeout':
    case 'run_timeout':
      return EXIT.timeout;
    case 'interrupted':
      return exitCodeOfSignal(failure.signal);
    case 'spawn_failed':
    case 'stage_failed':
    case 'budget_exceeded':
    case 'budget_unknown':
    case 'agent_result_unreadable':
    case 'survivors':
    case 'artifact_changed':
    case 'binary_changed':
    case 'checkpoint_unreadable':
    case 'checkpoint_tampered':
    case 'evidence_tampered':
    case 'evidence_unwritable':
    case 'git_failed':
    case 'delivery_failed':
    case 'lock_lost':
    case 'not_closure_ready':
    case 'internal_error':
      return EXIT.failed;
    default:
      return unreachable(failure.reason);
  }
}

function exitCodeOfSignal(signal: Failure['signal']): number {
  switch (signal) {
    case 'SIGINT':
      return EXIT.sigint;
    case 'SIGHUP':
      return EXIT.sighup;
    case 'SIGTERM':
    case null:
      return EXIT.sigterm;
    default:
      return unreachable(signal);
  }
}

/**
 * The exit code of a committed run. Only `done` gives 0, and only the caller that has just committed it, or
 * has just verified it, may ask; null (not finished) is what its failure says, exit 1 where it says nothing.
 */
export function exitCodeOfRun(terminal: TerminalState | null, failure: Failure | null): number {
  switch (terminal) {
    case 'done':
      return failure === null ? EXIT.done : exitCodeOfFailure(failure);
    case 'blocked':
      return EXIT.blocked;
    case 'timeout':
      return EXIT.timeout;
    case 'failed':
      return EXIT.failed;
    case null:
      return failure === null ? EXIT.failed : exitCodeOfFailure(failure);
    default:
      return unreachable(terminal);
  }
}
