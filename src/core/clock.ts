/** Time as an argument. `now` is the wall clock (Unix ms), which may jump; `monotonic` (ms) only measures. */
export interface Clock {
  readonly now: () => number;
  readonly monotonic: () => number;
}
