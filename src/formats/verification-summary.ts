import type { RunStatement } from './run-statement.ts';
import { PREDICATE_TYPES, STATEMENT_TYPE, type Statement } from './statement.ts';

/** SLSA's verification summary, version 1: the verdict of a run in one word, for who reads no other format. */
export interface SummaryPredicate {
  readonly verifier: { readonly id: string; readonly version: Readonly<Record<string, string>> };
  /** RFC 3339. */
  readonly timeVerified: string;
  readonly resourceUri: string;
  readonly policy: { readonly uri: string; readonly digest: { readonly sha256: string } };
  readonly inputAttestations: readonly {
    readonly uri: string;
    readonly digest: { readonly sha256: string };
  }[];
  readonly verificationResult: 'PASSED' | 'FAILED';
  readonly verifiedLevels: readonly string[];
}
export type SummaryStatement = Statement<typeof PREDICATE_TYPES.verificationSummary, SummaryPredicate>;

const VERIFIER = 'urn:orchestrator:verifier';
const LEVEL = 'ORCHESTRATOR_CLOSURE_READY';

/** Sums a run's statement up; `statementDigest` is the SHA-256 of that statement, `at` RFC 3339. */
export function verificationSummary(
  statement: RunStatement,
  statementDigest: string,
  at: string,
): SummaryStatement {
  const { predicate } = statement;
  const passed = predicate.closure_ready && predicate.terminal_state === 'done';
  return {
    _type: STATEMENT_TYPE,
    subject: statement.subject,
    predicateType: PREDICATE_TYPES.verificationSummary,
    predicate: {
      verifier: { id: VERIFIER, version: { orchestrator: predicate.version } },
      timeVerified: at,
      resourceUri: `urn:orchestrator:run:${predicate.run_id}`,
      policy: { uri: 'urn:orchestrator:config', digest: { sha256: predicate.config_digest } },
      inputAttestations: [{ uri: PREDICATE_TYPES.runReport, digest: { sha256: statementDigest } }],
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: [passed ? LEVEL : 'FAILED'],
    },
  };
}
