import type { Clock } from '../core/clock.ts';

/** Which pids a sweep need not look at again. */
export interface SweepMemory {
  /** Pids that were older than anything of ours a moment ago; sweeps add to it. */
  readonly elders: () => Set<number>;
}

/** Far less than it takes to start so many processes that a pid comes round again, ms. */
const ELDERS_LAST_MS = 50;

/** Remembers for a moment, and only what cannot have changed in it. */
export function createSweepMemory(clock: Pick<Clock, 'monotonic'>): SweepMemory {
  const elders = new Set<number>();
  let since = clock.monotonic();
  return {
    elders: () => {
      const now = clock.monotonic();
      if (now - since > ELDERS_LAST_MS) {
        elders.clear();
        since = now;
      }
      return elders;
    },
  };
}
