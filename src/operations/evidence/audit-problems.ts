import { auditedAttempt } from '../../core/document/audited-attempt.ts';
import type { StageExecution } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { configDigest } from '../../formats/config-digest.ts';
import { sameJson } from '../../formats/same-json.ts';
import type { JsonValue } from '../../formats/strict-json.ts';
import type { AuditFact } from '../../store/audit-chain.ts';

/**
 * Where a document says otherwise than the records that it was committed with; empty where they agree. Both are whole
 * by their digests: one that was written by hand beside the log of another course is found here.
 */
export function auditProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  return [
    ...endProblems(document, facts),
    ...attemptProblems(document, facts),
    ...admissionProblems(document, facts),
    ...givenProblems(document, facts),
    ...treeProblems(document, facts),
  ];
}

/** A run that is done ended with these decisions, and nothing has come after that. */
function endProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  if (document.state.status !== 'done') return [];
  const last = facts.findLast((one) => one.kind !== 'report-replaced');
  if (last?.kind !== 'run-ended' || last.fields.state !== 'done') {
    const state = last?.kind === 'run-ended' ? ` ${JSON.stringify(last.fields.state)}` : '';
    return [`the checkpoint says done, and the last record is ${last?.kind ?? 'none'}${state}`];
  }
  const same =
    sameJson(last.fields.gate_decisions, document.gate_decisions) &&
    sameJson(last.fields.blocked_reason_codes, document.blocked_reason_codes);
  return same ? [] : [`record ${last.seq} has other gate decisions than the checkpoint`];
}

/** One record for each attempt, in order. An attempt whose end nobody saw has none, and counts for nothing. */
function attemptProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const told = facts.filter((one) => one.kind === 'attempt-ended');
  let at = 0;
  for (const execution of document.stage_executions) {
    if (execution.command === null) continue;
    const record = told[at];
    if (record !== undefined && contains(record.fields, auditedAttempt(execution))) at += 1;
    else if (!isUnseen(execution)) {
      const { stage, step, attempt } = execution;
      return [`it does not tell of ${stage} ${step}, attempt ${attempt}, what the checkpoint does`];
    }
  }
  const more = told[at];
  if (more === undefined) return [];
  const { stage, step, attempt } = more.fields;
  return [`it tells of ${stage} ${step}, attempt ${attempt}, and the checkpoint does not`];
}

/** As a resume closes an attempt that was cut off. */
function isUnseen(execution: StageExecution): boolean {
  return execution.status === 'cancelled' && execution.binary === null && execution.exit_code === null;
}

function admissionProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const last = facts.findLast((one) => one.kind === 'admission-decided');
  const same = sameJson(last?.fields.decision ?? null, document.policy_admission);
  return same ? [] : ['its last admission is not that of the checkpoint'];
}

/** Configuration and assertions are those that the last invocation began with; closures since bind assertions to a tree. */
function givenProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const from = facts.findLastIndex((one) => one.kind === 'run-started' || one.kind === 'run-resumed');
  const given = facts[from]?.fields;
  const assertions = Array.isArray(given?.assertions) ? given.assertions : [];
  const trees = new Set(facts.slice(Math.max(0, from)).flatMap(treesDecidedOn));
  const same =
    assertions.length === document.assertions.length &&
    document.assertions.every((one, index) => {
      const told: unknown = assertions[index];
      const bound = sameJson(told, { ...one, decided_tree: null }) && trees.has(keyOfTree(one.decided_tree));
      return bound || sameJson(told, one);
    });
  const config = configDigest(document.config);
  return [
    ...(same ? [] : ['the last invocation did not begin with the assertions that the checkpoint has']),
    ...(given?.config_digest === config
      ? []
      : ['the last invocation did not begin with the configuration that the checkpoint has']),
  ];
}

/** Outside git there is no tree to name: content is that of one validation. */
const NO_TREE = 'validation';

function keyOfTree(tree: string | null): string {
  return tree?.startsWith(`${NO_TREE}:`) === true ? NO_TREE : (tree ?? '');
}

/** What a closure, an admission of a diff or a comparison has bound assertions to; a tree by digest, or a validation. */
function treesDecidedOn({ kind, fields }: AuditFact): readonly JsonValue[] {
  switch (kind) {
    case 'gates-read':
    case 'diff-admission-decided':
      return typeof fields.tree === 'string' ? [keyOfTree(fields.tree)] : [];
    case 'tree-compared':
      return fields.same === false ? [fields.digest ?? NO_TREE] : [];
    default:
      return [];
  }
}

/** The content that was validated is the last that was taken for it, before any attempt of that validation. */
function treeProblems(document: RunDocument, facts: readonly AuditFact[]): string[] {
  const tree = document.state.status === 'pending' ? null : document.state.progress.tree;
  if (tree === null) return [];
  const taken = facts.findLast((one) => one.kind === 'tree-taken');
  if (taken !== undefined && (taken.fields.digest ?? null) === tree.digest) return [];
  return ['its last content tree is not the one that the checkpoint says was validated'];
}

function contains(record: JsonValue, part: Readonly<Record<string, unknown>>): boolean {
  const fields = new Map(Object.entries(record ?? {}));
  return Object.entries(part).every(([name, value]) => sameJson(fields.get(name), value));
}
