import { ABSENT_STATUS, type GateName, PASS_STATUS } from './gate.ts';
import type { GateCode } from './gate-codes.ts';

/**
 * One finding of a gate source: a check, a review, a rule. `code` is a fine code in snake_case (`check_missing`,
 * `head_moved`, spec/gates.md); `about` names the check, the reviewer, the rule or the path; `message` says in words
 * what was seen and what was expected; `remedy` what to do next, null where there is nothing to do.
 */
export interface GateDetail {
  readonly code: string;
  readonly about: string | null;
  readonly message: string;
  readonly remedy: string | null;
  /** Whether the gate stays closed because of it; a detail that is only recorded does not block. */
  readonly blocks: boolean;
}

/** What a gate document is about; null where a source has no word on it. */
export interface GateSubject {
  /** The commit that was judged, full hex. */
  readonly head_sha: string | null;
  /** The commit that the change is measured against. */
  readonly base_sha: string | null;
  /** SHA-256 of the content tree that validation judged. */
  readonly tree_digest: string | null;
  readonly run_id: string;
}

/**
 * What one source says of one gate, whatever the source (spec/gates.md): it passes only where `status` is the gate's
 * pass word, `passed` is true, and no detail blocks.
 */
export interface GateDocument {
  readonly gate: GateName;
  /** In document 004's words (`GATE_STATUSES`). */
  readonly status: string;
  readonly passed: boolean;
  /** As typed: `github:owner/repo#7`, `cedar:policy`. */
  readonly source: string;
  readonly details: readonly GateDetail[];
  /** What this source did not look at, in words. */
  readonly not_evaluated: readonly string[];
  readonly subject: GateSubject;
  readonly evaluated_at_unix_secs: number;
  /** SHA-256 (hex) of everything the verdict was made from; null where nothing was read. */
  readonly inputs_digest: string | null;
}

/** Whether a document opens its gate: every part of it must say so. */
export function documentPasses(document: GateDocument, gate: GateName): boolean {
  return (
    document.gate === gate &&
    document.passed === true &&
    document.status === PASS_STATUS[gate] &&
    !document.details.some((detail) => detail.blocks)
  );
}

/** What a source reader gives back. */
export interface GateReading {
  readonly document: GateDocument;
  /** Set where the verdict can still change by itself: what is waited for, in words for the progress line. */
  readonly waitsFor: string | null;
  /** Milliseconds before which asking again tells nothing new; null or absent where the source does not say. */
  readonly retryAfterMs?: number | null;
}

/** A document that closes its gate: the source could not be read, or said something nobody understands. */
export function closedDocument(
  gate: GateName,
  source: string,
  details: readonly GateDetail[],
  subject: GateSubject,
  nowSecs: number,
): GateDocument {
  return {
    gate,
    status: ABSENT_STATUS[gate],
    passed: false,
    source,
    details,
    not_evaluated: [],
    subject,
    evaluated_at_unix_secs: nowSecs,
    inputs_digest: null,
  };
}

/** The code of an answer that cannot be read or understood. No forge is asked about policies. */
export function unknownCode(gate: GateName): GateCode {
  return gate === 'ci' ? 'ci_unknown' : 'review_unknown';
}

/** A detail that blocks. */
export function blocking(
  code: GateCode,
  about: string | null,
  message: string,
  remedy: string | null = null,
): GateDetail {
  return { code, about, message, remedy, blocks: true };
}

/** A detail that is recorded and does not block. */
export function noted(code: GateCode, about: string | null, message: string): GateDetail {
  return { code, about, message, remedy: null, blocks: false };
}
