import type { TerminalState } from '../core/records.ts';

export const VERIFICATION_SCHEMA_VERSION = '1.0';

export const CHECK_VERDICTS = ['ok', 'failed', 'not-checked'] as const;
export const AUTHENTICITIES = ['authenticated', 'unauthenticated', 'not-checked'] as const;

/** What `verify --json` prints: what was checked, what was not, and what follows. */
export interface VerificationDocument {
  readonly schema_version: typeof VERIFICATION_SCHEMA_VERSION;
  /** 0 closure-ready, 3 blocked, 1 anything else (spec section 8). */
  readonly exit_code: number;
  readonly closure_ready: boolean;
  readonly run_id: string | null;
  readonly terminal_state: TerminalState | null;
  /** null where there is no evidence to tell it of. */
  readonly authenticity: (typeof AUTHENTICITIES)[number] | null;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: (typeof CHECK_VERDICTS)[number];
    readonly detail: string;
    readonly required: boolean;
  }[];
  /** Why it is not closure-ready; empty where it is. */
  readonly reasons: readonly string[];
}
