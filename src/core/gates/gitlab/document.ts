import { ABSENT_STATUS, PASS_STATUS } from '../gate.ts';
import { blocking, type GateDocument, type GateReading } from '../gate-document.ts';
import type { GateQuestion } from '../gate-question.ts';
import type { Finding } from '../github/finding.ts';
import { combineFindings } from '../github/verdict.ts';

/** The gates that a forge has a word on. */
export type ForgeGate = 'ci' | 'review';

/** Milliseconds between two looks at what is pending. */
export const POLL_INTERVAL_MS = 60_000;

/** What a reading was made for, and of. */
export interface ReadingOf {
  readonly question: GateQuestion;
  readonly gate: ForgeGate;
  /** The source as it was typed. */
  readonly source: string;
  readonly notEvaluated: readonly string[];
  /** SHA-256 (hex) of everything that was read; null where nothing was. */
  readonly inputsDigest: string | null;
}

/** What all findings say of a gate, as its document. */
export function readingOf(findings: readonly Finding[], about: ReadingOf): GateReading {
  const { verdict, details, waitsFor } = combineFindings(findings);
  const passed = verdict === 'pass';
  const changes = details.some((detail) => detail.blocks && detail.code === 'changes_requested');
  const closed = about.gate === 'review' ? (changes ? 'changes_requested' : 'missing') : 'failure';
  const waiting = about.gate === 'ci' ? 'pending' : 'missing';
  const status = passed ? PASS_STATUS[about.gate] : verdict === 'pending' ? waiting : closed;
  const retryAfterMs = verdict === 'pending' ? POLL_INTERVAL_MS : null;
  return { document: { ...empty(about), status, passed, details }, waitsFor, retryAfterMs };
}

/**
 * A reading that closes its gate, because the forge could not be read. `retryAfterMs` is set where a limit ends by
 * itself: then there is something to wait for.
 */
export function unreadable(
  trouble: { readonly message: string; readonly remedy: string; readonly retryAfterMs: number | null },
  about: ReadingOf,
): GateReading {
  const { gate } = about;
  const limited = trouble.retryAfterMs !== null;
  const status = limited && gate === 'ci' ? 'pending' : ABSENT_STATUS[gate];
  const details = [blocking(`${gate}_unknown`, null, trouble.message, trouble.remedy)];
  return {
    document: { ...empty(about), status, details },
    waitsFor: limited ? 'the rate limit of the forge to end' : null,
    retryAfterMs: trouble.retryAfterMs,
  };
}

function empty({ question, gate, source, notEvaluated, inputsDigest }: ReadingOf): GateDocument {
  return {
    gate,
    status: ABSENT_STATUS[gate],
    passed: false,
    source,
    details: [],
    not_evaluated: notEvaluated,
    subject: question.subject,
    evaluated_at_unix_secs: question.nowSecs,
    inputs_digest: inputsDigest,
  };
}
