import { bindToTree, collectSignals, signalsOfClosed } from '../../core/gates/collect-signals.ts';
import { evaluateGate, type GateSignals } from '../../core/gates/decide-gates.ts';
import type { RunEvent } from '../../core/machine/event.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { GateAssertions } from '../../core/run-plan.ts';
import type { RunContext } from './context.ts';

/** What the gates say now; `tree` is the identity of the content tree that is judged, null at admission. */
export function readSignals(context: RunContext, document: RunDocument, tree: string | null): GateSignals {
  const fresh = collectSignals(document.assertions, {
    nowSecs: Math.floor(context.ports.clock.now() / 1000),
    maxAgeMs: context.plan.gateMaxAgeMs,
    tree,
    given: context.request.assertions,
  });
  const closed = document.state.status === 'pending' ? null : document.state.progress.closed;
  return closed === null ? fresh : signalsOfClosed(closed, fresh, undecidedAssertions(document));
}

/**
 * What was asserted since the run was closed, by whichever invocation: one that was cut off before it could decide
 * has left its word, and the next one must not fall back on the decision before it.
 */
function undecidedAssertions(document: RunDocument): GateAssertions {
  const undecided = document.assertions.filter((one) => one.decided_tree === null);
  return Object.fromEntries(undecided.map((one) => [one.gate, one.status]));
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
export function readAdmission(context: RunContext, document: RunDocument): Deed {
  const signals = readSignals(context, document, treeIdentity(document));
  const decision = evaluateGate('policy', signals.policy);
  context.evidence.audit('admission-decided', { decision });
  context.observeCommitted({ type: 'admission-decided', decision });
  return {
    document: { ...document, policy_admission: decision },
    event: { type: 'admission-read', signals },
  };
}

/** Closure: the three gates, and from now on their assertions belong to this content tree. */
export function readGates(context: RunContext, document: RunDocument): Deed {
  const tree = treeIdentity(document);
  const signals = readSignals(context, document, tree);
  context.evidence.audit('gates-read', { tree, signals });
  return {
    document: tree === null ? document : { ...document, assertions: bindToTree(document.assertions, tree) },
    event: { type: 'gates-read', signals },
  };
}

/** What performing an effect gives back. */
export interface Deed {
  readonly document: RunDocument;
  readonly event: RunEvent;
}
