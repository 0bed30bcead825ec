import { auditedAttempt } from '../../core/document/audited-attempt.ts';
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
    ...treeProblems(document, facts),
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

/** Every assertion came with an invocation. What content it belongs to, closure compares with the tree. */
function assertionProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const given = facts.flatMap(({ fields }) => (Array.isArray(fields.assertions) ? fields.assertions : []));
  return document.assertions.flatMap(({ gate, status, source, asserted_at_unix_secs }) => {
    const found = given.some((one) => contains(one, { gate, status, source, asserted_at_unix_secs }));
    return found ? [] : [`no record has the checkpoint's assertion ${gate} ${status}`];
  });
}

/** The content that was validated is content that was taken for it. */
function treeProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const digest = document.state.status === 'pending' ? null : document.state.progress.tree?.digest;
  if (digest === null || digest === undefined) return [];
  const taken = facts.some(({ kind, fields }) => kind === 'tree-taken' && fields.digest === digest);
  return taken ? [] : ['no record has the content tree that the checkpoint says was validated'];
}
