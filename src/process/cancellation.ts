import type { Failure } from '../core/failure.ts';

/** Why work is being stopped from outside. */
export type CancelCause =
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | { readonly kind: 'run-timeout'; readonly limitMs: number }
  | { readonly kind: 'lock-lost'; readonly failure: Failure };

/** What the working side sees of a cancellation: it can ask, and be told. */
export interface Cancellation {
  /** The first cause, which counts; null while nobody has cancelled. */
  readonly cause: () => CancelCause | null;
  /** True when there is no grace left: a second signal, or a lock that somebody else holds by now. */
  readonly immediate: () => boolean;
  /** Calls `listener` at the first cause and again when it becomes immediate; the result unsubscribes. */
  readonly onCancel: (listener: () => void) => () => void;
}

/** The side that cancels. */
export interface CancellationSource extends Cancellation {
  readonly cancel: (cause: CancelCause) => void;
  /** No grace from here on, whatever the cause. Without a cause it does nothing. */
  readonly killNow: () => void;
}

/**
 * A cancellation that nobody has asked for yet. The first cause stands; any signal after it asks for an end at
 * once (spec/orchestrate.md section 2), and so does a lost lock, because another process works there now.
 */
export function createCancellation(): CancellationSource {
  let cause: CancelCause | null = null;
  let immediate = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const killNow = () => {
    if (cause === null || immediate) return;
    immediate = true;
    tell();
  };
  return {
    cause: () => cause,
    immediate: () => immediate,
    onCancel: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    cancel: (next) => {
      if (cause !== null) {
        if (next.kind !== 'run-timeout') killNow();
        return;
      }
      cause = next;
      immediate = next.kind === 'lock-lost';
      tell();
    },
    killNow,
  };
}
