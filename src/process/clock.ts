/** Time as an argument: `now` in Unix ms, `monotonic` in ms from anywhere. */
export interface Clock {
  readonly now: () => number;
  readonly monotonic: () => number;
}
