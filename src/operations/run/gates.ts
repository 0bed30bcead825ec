import { bindToTree, collectSignals, signalsOfClosed } from '../../core/gates/collect-signals.ts';
import { combineSources } from '../../core/gates/combine-sources.ts';
import { evaluateGate, type GateSignals } from '../../core/gates/decide-gates.ts';
import { GATE_ORDER, type GateName } from '../../core/gates/gate.ts';
import type { GateDocument } from '../../core/gates/gate-document.ts';
import { gatePlanOf } from '../../core/gates/plan-of-settings.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { GateDecision } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { cancellationEvent } from './cancel.ts';
import type { RunContext } from './context.ts';
import type { AskedGates } from './gate-sources/asking.ts';
import { needsReading } from './gate-sources/needs-reading.ts';

/** What sources but the operator said, by gate; a gate that is not in it was not read. */
export type ReadDocuments = ReadonlyMap<GateName, readonly GateDocument[]>;

const UNREAD: ReadDocuments = new Map();

/**
 * What the gates say now; `tree` is the identity of the content tree that is judged, null at admission. Where nothing
 * but a block can follow, sources are not read, and a gate that needs one says so.
 */
export function readSignals(
  context: RunContext,
  document: RunDocument,
  tree: string | null,
  documents: ReadDocuments = UNREAD,
): GateSignals {
  const asserted = collectSignals(document.assertions, {
    nowSecs: Math.floor(context.ports.clock.now() / 1000),
    maxAgeMs: context.plan.gateMaxAgeMs,
    tree,
    given: context.request.assertions,
  });
  const plan = gatePlanOf(context.plan.closure);
  const fresh = Object.fromEntries(
    GATE_ORDER.flatMap((gate) => {
      const signal = combineSources(gate, {
        sources: plan.sources[gate],
        requireExternal: plan.requireExternal.includes(gate),
        operator: asserted[gate],
        documents: documents.get(gate) ?? [],
      });
      return signal === undefined ? [] : [[gate, signal]];
    }),
  );
  const closed = closedDecisions(document);
  return closed === null ? fresh : signalsOfClosed(closed, fresh, decidedAnew(context, document));
}

function closedDecisions(document: RunDocument): readonly GateDecision[] | null {
  return document.state.status === 'pending' ? null : document.state.progress.closed;
}

/**
 * Of a run that is only verified again: the gates whose decision did not stand when it was taken up, and those that an
 * operator decides and has asserted since, in whichever invocation. One that was cut off before it could decide has left
 * its word, and the next one must not fall back on the decision before it.
 */
function decidedAnew(context: RunContext, document: RunDocument): ReadonlySet<GateName> {
  const undecided = (closedDecisions(document) ?? []).filter((one) => !one.passed).map((one) => one.gate);
  const { sources } = gatePlanOf(context.plan.closure);
  const asserted = document.assertions.filter((one) => one.decided_tree === null).map((one) => one.gate);
  return new Set(
    GATE_ORDER.filter(
      (gate) =>
        undecided.includes(gate) ||
        (asserted.includes(gate) && sources[gate].some((one) => one.kind === 'operator')),
    ),
  );
}

/**
 * What identifies the content that closure judges: the content tree, and outside git, where content cannot be
 * compared, the validation pass.
 */
export function treeIdentity(document: RunDocument): string | null {
  if (document.state.status === 'pending' || document.state.progress.tree === null) return null;
  const { tree, attempts } = document.state.progress;
  return tree.digest ?? `validation:${attempts.validation ?? 0}`;
}

/** Admission: what policy says before a binary of the execution may start. */
export async function readAdmission(context: RunContext, document: RunDocument): Promise<Deed> {
  const documents = await readDocuments(context, document, { moment: 'admission', gates: ['policy'] });
  const signals = readSignals(context, document, treeIdentity(document), documents);
  const decision = evaluateGate('policy', signals.policy);
  context.evidence.audit('admission-decided', { decision });
  context.observeCommitted({ type: 'admission-decided', decision });
  return {
    document: { ...document, policy_admission: decision },
    event: cancellationEvent(context, document) ?? { type: 'admission-read', signals },
  };
}

/** Closure: the three gates, and from now on their assertions belong to this content tree. */
export async function readGates(context: RunContext, document: RunDocument): Promise<Deed> {
  const tree = treeIdentity(document);
  const gates = closedDecisions(document) === null ? GATE_ORDER : [...decidedAnew(context, document)];
  const documents = await readDocuments(context, document, { moment: 'closure', gates });
  const signals = readSignals(context, document, tree, documents);
  context.evidence.audit('gates-read', { tree, signals });
  const cancelled = cancellationEvent(context, document);
  if (cancelled !== null) return { document, event: cancelled };
  return {
    document: tree === null ? document : { ...document, assertions: bindToTree(document.assertions, tree) },
    event: { type: 'gates-read', signals },
  };
}

/** Loaded only where there is something to read: a run on its operator's word alone pays nothing. */
export async function readDocuments(
  context: RunContext,
  document: RunDocument,
  asked: Pick<AskedGates, 'moment' | 'gates'>,
): Promise<ReadDocuments> {
  if (!needsReading(context, asked.gates)) return UNREAD;
  const { askGates } = await import('./gate-sources/ask-gates.ts');
  return askGates(context, document, asked);
}

/** What performing an effect gives back. */
export interface Deed {
  readonly document: RunDocument;
  readonly event: RunEvent;
}
