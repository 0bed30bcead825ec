import type { Observation } from '../core/observation.ts';

/** An observation as `--json` prints it: one object on one line, with its time (RFC 3339, UTC, ms). */
export type ObservationLine = Observation & {
  readonly time: string;
  /** What to type next, and when that is right; with `run-ended` only. */
  readonly next?: { readonly command: string | null; readonly when: string };
};
