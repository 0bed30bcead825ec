import { type Failure, failure } from '../failure.ts';

/**
 * A rule stands against the delivery, and trying again with nothing else changed does not help: the run is blocked. A
 * failure of this reason that can be retried is trouble.
 */
export function refuse(message: string, remedy: string): Failure {
  return failure('delivery_failed', message, { remedy, retryable: false });
}

/** Trouble with the remote or on the way to it: the run has failed, and a resume may succeed. */
export function trouble(message: string, remedy: string): Failure {
  return failure('delivery_failed', message, { remedy, retryable: true });
}

/** Which of the two a failure is; one of another reason is neither. */
export function isRefusal(why: Failure): boolean {
  return why.reason === 'delivery_failed' && !why.retryable;
}
