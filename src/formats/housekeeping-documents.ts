import type { Difference } from '../core/compare-runs.ts';
import type { ListedState, RunSummary } from '../core/run-summary.ts';

/** Of what `list`, `diff` and `clean` print with `--json`. */
export const HOUSEKEEPING_SCHEMA_VERSION = '1.0';

/** What `list --json` prints; the newest run first. */
export interface RunListDocument {
  readonly schema_version: typeof HOUSEKEEPING_SCHEMA_VERSION;
  /** Absolute. */
  readonly dir: string;
  readonly runs: readonly RunSummary[];
  /** What was not looked at, in words. */
  readonly missed: readonly string[];
}

interface ComparedRun {
  /** Absolute. */
  readonly out_dir: string;
  readonly run_id: string;
}

/** What `diff --json` prints. */
export interface RunDiffDocument {
  readonly schema_version: typeof HOUSEKEEPING_SCHEMA_VERSION;
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly differences: readonly Difference[];
  /** Settings whose secrets could not be compared. */
  readonly secrets_not_compared: readonly string[];
}

/** A run that `clean` has judged. */
export type CleanedRunRecord = {
  readonly out_dir: string;
  readonly run_id: string | null;
  readonly state: ListedState;
} & (
  | { readonly outcome: 'removed' | 'removable'; readonly files: number; readonly bytes: number }
  | { readonly outcome: 'stays' | 'failed'; readonly why: string }
);

/** What `clean --json` prints. */
export interface CleanDocument {
  readonly schema_version: typeof HOUSEKEEPING_SCHEMA_VERSION;
  /** Absolute. */
  readonly dir: string;
  /** Whether anything was to be removed: `--execute`. */
  readonly executed: boolean;
  readonly runs: readonly CleanedRunRecord[];
  /** What was not looked at, in words. */
  readonly missed: readonly string[];
}
