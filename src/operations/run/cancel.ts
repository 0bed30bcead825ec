import { type Failure, failure } from '../../core/failure.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { CancelCause } from '../../process/cancellation.ts';
import type { RunContext } from './context.ts';

/** The event that a cancellation means for the run, null while nobody cancelled. */
export function cancellationEvent(context: RunContext, document: RunDocument): RunEvent | null {
  const cause = context.ports.cancellation.cause();
  return cause === null ? null : eventOfCause(cause, document);
}

/** A signal interrupts, the limit of the run is a timeout, a lost lock breaks the run. */
export function eventOfCause(cause: CancelCause, document: RunDocument): RunEvent {
  const stage = document.state.status === 'pending' ? null : document.state.progress.stage;
  const type = cause.kind === 'lock-lost' ? 'broke' : 'interrupted';
  return { type, failure: failureOfCause(cause, stage) };
}

/** A cancellation as a failure: its reason decides the exit code. */
export function failureOfCause(cause: CancelCause, stage: string | null): Failure {
  switch (cause.kind) {
    case 'signal':
      return failure('interrupted', `stopped by ${cause.signal}`, {
        stage,
        signal: cause.signal,
        remedy: 'go on with --resume',
      });
    case 'run-timeout':
      return failure('run_timeout', `the run exceeded --run-timeout-ms ${cause.limitMs}`, {
        stage,
        remedy: 'raise --run-timeout-ms if that is justified, then --resume',
      });
    case 'lock-lost':
      return { ...cause.failure, stage };
    default:
      return unreachable(cause);
  }
}
