import type { TerminalState } from '../core/records.ts';
import type { AUTHENTICITIES } from './verification.ts';

export const EXPLANATION_SCHEMA_VERSION = '1.0';

/** What `explain --json` prints: why a run is not done, and what to type next. Texts may come from somebody else. */
export interface ExplanationDocument {
  readonly schema_version: typeof EXPLANATION_SCHEMA_VERSION;
  /** null where there is no evidence to tell it of. */
  readonly run_id: string | null;
  readonly terminal_state: TerminalState | null;
  readonly verdict: string;
  /** null where there is no evidence to tell it of. */
  readonly authenticity: (typeof AUTHENTICITIES)[number] | null;
  readonly why: readonly string[];
  /** The end of the log of the stage that stopped the run; null where no stage did, or it printed nothing. */
  readonly log: {
    readonly stage: string;
    readonly stream: 'stderr' | 'stdout';
    readonly lines: readonly string[];
  } | null;
  /** `command` is null where there is nothing to type; `when` is the condition under which it is right to type it. */
  readonly next: { readonly command: string | null; readonly when: string };
  /** Entries in the documents, relative to `docs/`, that say more. */
  readonly docs: readonly string[];
}
