import type { GateSignal } from './decide-gates.ts';
import { ABSENT_STATUS, type GateName, PASS_STATUS } from './gate.ts';
import { documentPasses, type GateDocument } from './gate-document.ts';
import type { GateSource } from './gate-plan.ts';

export interface SourcesOfGate {
  readonly sources: readonly GateSource[];
  /** Whether the operator's word alone does not open this gate. */
  readonly requireExternal: boolean;
  /** What was asserted, undefined where nothing was. */
  readonly operator: GateSignal | undefined;
  /** What the other sources said, and the product's own rules, which are mandatory and come first. */
  readonly documents: readonly GateDocument[];
}

/**
 * All of a gate's sources must pass; a source that gave no document is absent, and absent never passes. The status is
 * that of the first that does not pass.
 */
export function combineSources(gate: GateName, asked: SourcesOfGate): GateSignal | undefined {
  const { sources, operator, documents } = asked;
  const external = sources.filter((source) => source.kind !== 'operator');
  const asksOperator = external.length < sources.length || sources.length === 0;
  if (external.length === 0 && documents.length === 0 && !asked.requireExternal) return operator;
  const unread = external.filter((source) => !documents.some((one) => one.source === source.text));
  const statuses = [
    ...documents.map((one) => statusOf(gate, one)),
    ...unread.map(() => ABSENT_STATUS[gate]),
    ...(asksOperator ? [operator?.status ?? ABSENT_STATUS[gate]] : []),
    ...(asked.requireExternal && external.length === 0 ? [ABSENT_STATUS[gate]] : []),
  ];
  const details = [
    ...documents.flatMap(describeBlocks),
    ...unread.map((source) => `source_not_read: ${source.text}`),
    ...(asksOperator ? (operator?.details ?? []) : []),
    ...(asked.requireExternal && external.length === 0 ? ['external_source_required'] : []),
  ];
  return {
    status: statuses.find((status) => status !== PASS_STATUS[gate]) ?? PASS_STATUS[gate],
    source: namesOf(documents, external, asksOperator ? (operator?.source ?? 'none') : null),
    asserted_at_unix_secs: operator?.asserted_at_unix_secs ?? null,
    carried_over: operator?.carried_over ?? false,
    details: [...new Set(details)],
    documents,
  };
}

/** A pass word in a document that does not pass is none. */
function statusOf(gate: GateName, document: GateDocument): string {
  if (documentPasses(document, gate)) return PASS_STATUS[gate];
  return document.status === PASS_STATUS[gate] ? ABSENT_STATUS[gate] : document.status;
}

function describeBlocks(document: GateDocument): readonly string[] {
  return document.details
    .filter((detail) => detail.blocks)
    .map((detail) => (detail.about === null ? detail.code : `${detail.code}: ${detail.about}`));
}

function namesOf(
  documents: readonly GateDocument[],
  external: readonly GateSource[],
  operator: string | null,
): string {
  const names = [...documents.map((one) => one.source), ...external.map((one) => one.text)];
  return [...new Set([...names, ...(operator === null ? [] : [operator])])].join(' + ');
}
