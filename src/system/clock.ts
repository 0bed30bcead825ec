/** Time as an argument. `now` is the wall clock (Unix ms), which may jump; `monotonic` (ms) only measures. */
export interface Clock {
  readonly now: () => number;
  readonly monotonic: () => number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** RFC 3339 in UTC with seconds, as the documents have it. */
export function timestamp(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
