import type { GateAssertion, GateDecision } from '../records.ts';
import type { GateAssertions } from '../run-plan.ts';
import type { GateSignal, GateSignals } from './decide-gates.ts';
import { ABSENT_STATUS, GATE_ORDER, type GateName } from './gate.ts';

/** A clock that runs ahead of this one by more than this made the assertion at no time we can judge. */
const MAX_SKEW_SECS = 300;

export interface AssertionScope {
  readonly nowSecs: number;
  readonly maxAgeMs: number;
  /** Identity of the content tree that closure decides on; null at admission, where none is judged yet. */
  readonly tree: string | null;
  /** What this invocation asserted itself; the rest is carried over. */
  readonly given: GateAssertions;
}

/** What this invocation asserts replaces, gate by gate, what earlier ones did. */
export function mergeAssertions(
  earlier: readonly GateAssertion[],
  given: GateAssertions,
  nowSecs: number,
): readonly GateAssertion[] {
  return GATE_ORDER.flatMap((gate): GateAssertion[] => {
    const status = given[gate];
    if (status !== undefined) {
      return [{ gate, status, source: 'operator', asserted_at_unix_secs: nowSecs, decided_tree: null }];
    }
    const before = earlier.find((one) => one.gate === gate);
    return before === undefined ? [] : [before];
  });
}

/**
 * What the assertions say now (spec section 6): one that is too old, from the future, or that a closure has
 * already decided with on another content tree, is missing, and says why.
 */
export function collectSignals(assertions: readonly GateAssertion[], scope: AssertionScope): GateSignals {
  return Object.fromEntries(assertions.map((one) => [one.gate, signalOf(one, scope)]));
}

function signalOf(assertion: GateAssertion, scope: AssertionScope): GateSignal {
  const lapsed = whyLapsed(assertion, scope);
  return {
    status: lapsed === null ? assertion.status : ABSENT_STATUS[assertion.gate],
    source: assertion.source,
    asserted_at_unix_secs: assertion.asserted_at_unix_secs,
    carried_over: scope.given[assertion.gate] === undefined,
    details: lapsed === null ? [] : [`asserted_${assertion.status}`, lapsed],
    documents: [],
  };
}

function whyLapsed(assertion: GateAssertion, scope: AssertionScope): string | null {
  const age = scope.nowSecs - assertion.asserted_at_unix_secs;
  if (age < -MAX_SKEW_SECS) return 'assertion_from_the_future';
  // Only what is carried over grows old: an assertion of this invocation holds to its end.
  const carriedOver = scope.given[assertion.gate] === undefined;
  if (carriedOver && age * 1000 > scope.maxAgeMs) return 'assertion_too_old';
  const moved =
    assertion.decided_tree !== null && scope.tree !== null && assertion.decided_tree !== scope.tree;
  return moved ? 'asserted_for_another_content_tree' : null;
}

/** For a run that is only verified again: recorded decisions stand but for the gates that are decided anew. */
export function signalsOfClosed(
  closed: readonly GateDecision[],
  fresh: GateSignals,
  anew: ReadonlySet<GateName>,
): GateSignals {
  const recorded = (gate: GateName): GateSignal | undefined => {
    const decision = closed.find((one) => one.gate === gate);
    return decision === undefined ? undefined : { ...decision };
  };
  return Object.fromEntries(
    GATE_ORDER.flatMap((gate) => {
      const signal = anew.has(gate) ? fresh[gate] : recorded(gate);
      return signal === undefined ? [] : [[gate, signal]];
    }),
  );
}

/** A closure has decided with these assertions on this tree: from now on they belong to it. */
export function bindToTree(assertions: readonly GateAssertion[], tree: string): readonly GateAssertion[] {
  return assertions.map((one) => (one.decided_tree === null ? { ...one, decided_tree: tree } : one));
}
