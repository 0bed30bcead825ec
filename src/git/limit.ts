import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';

/** Spec section 3: git that exceeds this fails the run. Milliseconds, for one whole operation. */
export const GIT_LIMIT_MS = 120_000;

/** How long one operation may take, and how it is stopped earlier. */
export interface Limit {
  /** Aborted when the time is over or the caller has stopped the operation. */
  readonly signal: AbortSignal;
  /** Why `signal` is aborted, as a failure that names what was being done. */
  failureOf(doing: string): Failure;
  /** To be called when the operation is over: lets go of the timer and of the caller's signal. */
  dispose(): void;
}

/** Starts the clock of one operation. `limitMs` is for all of its steps together. */
export function startLimit(limitMs: number, stop: AbortSignal | undefined): Limit {
  const controller = new AbortController();
  const onStop = (): void => controller.abort('stopped');
  const timer = setTimeout(() => controller.abort('expired'), limitMs);
  if (stop?.aborted === true) onStop();
  else stop?.addEventListener('abort', onStop, { once: true });
  return {
    signal: controller.signal,
    failureOf: (doing) => (controller.signal.reason === 'expired' ? expired(doing, limitMs) : stopped(doing)),
    dispose: () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', onStop);
    },
  };
}

function expired(doing: string, limitMs: number): Failure {
  return failure('git_failed', `${doing} did not end within its limit of ${limitMs} ms and was stopped`, {
    remedy:
      'find out what makes git slow here (a network file system, a huge untracked folder: ignore it), then --resume',
    retryable: true,
  });
}

function stopped(doing: string): Failure {
  return failure('interrupted', `${doing} was stopped because the run is being stopped`);
}
