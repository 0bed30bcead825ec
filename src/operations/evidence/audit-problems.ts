import { auditedAttempt } from '../../core/document/audited-attempt.ts';
import type { GateAssertion } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { sameJson } from '../../formats/same-json.ts';
import type { JsonValue } from '../../formats/strict-json.ts';
import type { AuditFact } from '../../store/audit-chain.ts';

/**
 * Where a document says otherwise than the records of the log that it was committed with; empty where they agree. Both
 * are whole by their digests: one that was written by hand beside the log of another course is found here.
 */
export function auditProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  return [
    ...endProblems(document, facts),
    ...attemptProblems(document, facts),
    ...admissionProblems(document, facts),
    ...assertionProblems(document, facts),
  ];
}

/** A run that is done ended with these decisions. Another end can follow its log: a `done` that was withdrawn. */
function endProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  if (document.state.status !== 'done') return [];
  const last = facts.findLast((one) => ENDS.has(one.kind));
  if (last?.kind !== 'run-ended' || last.fields.state !== 'done') {
    const end = last === undefined ? 'no end' : `${last.kind} ${JSON.stringify(last.fields.state ?? '')}`;
    return [`the checkpoint says done, and its last record of an end is ${end}`];
  }
  const same =
    sameJson(last.fields.gate_decisions, document.gate_decisions) &&
    sameJson(last.fields.blocked_reason_codes, document.blocked_reason_codes);
  return same ? [] : [`record ${last.seq} has other gate decisions than the checkpoint`];
}

const ENDS: ReadonlySet<string> = new Set(['run-ended', 'run-broke', 'done-withdrawn']);

/** Only what succeeded lets a run go on; an attempt whose end nobody saw has no record. */
function attemptProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const told = new Map<string, JsonValue[]>();
  for (const { kind, fields } of facts) {
    if (kind !== 'attempt-ended') continue;
    const key = keyOf(fields);
    told.set(key, [...(told.get(key) ?? []), fields]);
  }
  return document.stage_executions.flatMap((execution) => {
    if (execution.status !== 'success') return [];
    const audited = auditedAttempt(execution);
    const found = (told.get(keyOf(audited)) ?? []).some((one) => contains(one, audited));
    const { stage, step, attempt } = execution;
    return found
      ? []
      : [`it does not tell of ${stage} ${step}, attempt ${attempt}, what the checkpoint does`];
  });
}

function keyOf(fields: Readonly<Record<string, unknown>>): string {
  return [fields.stage, fields.step, fields.attempt, fields.cycle].join(' ');
}

function contains(record: JsonValue, part: Readonly<Record<string, unknown>>): boolean {
  const fields = new Map(Object.entries(record ?? {}));
  return Object.entries(part).every(([name, value]) => sameJson(fields.get(name), value));
}

function admissionProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const { policy_admission: admission } = document;
  if (admission === null || !admission.passed) return [];
  const decided = facts.some(
    ({ kind, fields }) => kind === 'admission-decided' && sameJson(fields.decision, admission),
  );
  return decided ? [] : ['no record has the admission that the checkpoint does'];
}

const DECIDED: ReadonlySet<string> = new Set(['gates-read', 'diff-admission-decided']);

/** Every assertion came with an invocation, and belongs to a tree only since a closure has read it. */
function assertionProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const given = facts.flatMap(({ fields }) => (Array.isArray(fields.assertions) ? fields.assertions : []));
  const trees = new Set(
    facts.flatMap(({ kind, fields }) => (DECIDED.has(kind) ? [fields.tree ?? null] : [])),
  );
  return document.assertions.flatMap((one) => {
    const named = `the checkpoint's assertion ${one.gate} ${one.status}`;
    if (!given.some((other) => contains(other, givenPart(one)))) return [`no record has ${named}`];
    const bound = one.decided_tree === null || trees.has(one.decided_tree);
    return bound ? [] : [`no closure has read ${named} on the content that it is said to belong to`];
  });
}

function givenPart({ gate, status, source, asserted_at_unix_secs }: GateAssertion) {
  return { gate, status, source, asserted_at_unix_secs };
}
