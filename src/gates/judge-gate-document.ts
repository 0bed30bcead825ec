import { GATE_STATUSES, PASS_STATUS } from '../core/gates/gate.ts';
import { blocking, type GateDetail, type GateDocument } from '../core/gates/gate-document.ts';
import type { GateQuestion } from '../core/gates/gate-question.ts';
import type { ForeignGateDocument } from '../formats/gate-document.schema.ts';

/** How far another machine's clock may be ahead, in seconds. */
const CLOCK_SKEW_SECS = 300;

/** What a document made elsewhere is held to, beside the question. */
export interface ForeignRules {
  /** As typed: a document does not name itself. */
  readonly source: string;
  /** Unix seconds; an older document is stale. null takes any age. */
  readonly notBeforeSecs: number | null;
  /** Unix seconds, when it was read. */
  readonly nowSecs: number;
}

/** A document as ours; `sound` where nothing was held against the document itself, pass or not. */
export interface JudgedDocument {
  readonly document: GateDocument;
  readonly sound: boolean;
}

/**
 * A gate document that was made elsewhere, as ours: whatever is not about this question, or not fresh, or
 * contradicts itself, blocks with a detail of its own.
 */
export function judgeGateDocument(
  question: GateQuestion,
  theirs: ForeignGateDocument,
  rules: ForeignRules,
): JudgedDocument {
  const objections = [
    ...aboutThis(question, theirs),
    ...fresh(theirs, rules),
    ...consistent(question, theirs),
  ];
  const sound = objections.length === 0;
  const document: GateDocument = {
    gate: question.gate,
    status: theirs.status,
    passed: theirs.passed && sound,
    source: rules.source,
    details: [...theirs.details.map(detailOf), ...objections],
    not_evaluated: theirs.not_evaluated,
    subject: question.subject,
    evaluated_at_unix_secs: theirs.evaluated_at_unix_secs,
    inputs_digest: theirs.inputs_digest ?? null,
  };
  return { document, sound };
}

function detailOf(detail: ForeignGateDocument['details'][number]): GateDetail {
  const { code, message, blocks } = detail;
  return { code, about: detail.about ?? null, message, remedy: detail.remedy ?? null, blocks };
}

function aboutThis(question: GateQuestion, theirs: ForeignGateDocument): GateDetail[] {
  const found: GateDetail[] = [];
  if (theirs.gate !== question.gate) {
    found.push(blocking('gate_differs', theirs.gate, `expected a document of gate ${question.gate}`));
  }
  for (const key of ['run_id', 'head_sha', 'base_sha', 'tree_digest'] as const) {
    const [asked, said] = [question.subject[key], theirs.subject[key] ?? null];
    if (said === null || said === asked) continue;
    found.push(blocking('subject_differs', key, `expected ${asked ?? 'none'}, got ${said}`));
  }
  const names = [theirs.subject.head_sha ?? null, theirs.subject.tree_digest ?? null];
  if (question.moment === 'closure' && names.every((name) => name === null)) {
    found.push(
      blocking(
        'subject_missing',
        null,
        'expected head_sha or tree_digest of what was judged, got neither',
        'let the source repeat the subject that it was asked about',
      ),
    );
  }
  return found;
}

function fresh(theirs: ForeignGateDocument, { notBeforeSecs, nowSecs }: ForeignRules): GateDetail[] {
  const at = theirs.evaluated_at_unix_secs;
  if (at > nowSecs + CLOCK_SKEW_SECS) {
    return [blocking('evaluated_in_future', null, `expected a time until ${nowSecs}, got ${at}`)];
  }
  if (notBeforeSecs !== null && at < notBeforeSecs) {
    return [blocking('document_stale', null, `expected a time from ${notBeforeSecs} on, got ${at}`)];
  }
  return [];
}

function consistent({ gate }: GateQuestion, theirs: ForeignGateDocument): GateDetail[] {
  const words: readonly string[] = GATE_STATUSES[gate];
  if (!words.includes(theirs.status)) {
    return [blocking('status_unknown', theirs.status, `expected one of ${words.join(', ')}`)];
  }
  const says = theirs.status === PASS_STATUS[gate] && !theirs.details.some((detail) => detail.blocks);
  if (says === theirs.passed) return [];
  return [
    blocking(
      'document_contradictory',
      null,
      `status, details and passed ${theirs.passed} do not say the same`,
    ),
  ];
}
