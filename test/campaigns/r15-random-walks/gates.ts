import type { GateSignal, GateSignals } from '../../../src/core/gates/decide-gates.ts';
import type { GateName } from '../../../src/core/gates/gate.ts';
import type { GateDecision } from '../../../src/core/records.ts';

/** A word that was said about a gate, and the content that a closure has decided on with it. */
export interface Said {
  readonly word: string;
  readonly tree: string | null;
}
export type Assertions = Readonly<Partial<Record<GateName, Said>>>;

const GATES = ['policy', 'ci', 'review'] as const;

/** What is said now replaces what was said before, gate by gate. */
export function say(before: Assertions, now: Readonly<Partial<Record<GateName, string>>>): Assertions {
  const said = Object.entries(now).map(([gate, word]) => [gate, { word, tree: null }]);
  return { ...before, ...Object.fromEntries(said) };
}

/** From now on what was said belongs to this content. */
export function bind(before: Assertions, tree: string): Assertions {
  return Object.fromEntries(
    Object.entries(before).map(([gate, said]) => [gate, { ...said, tree: said.tree ?? tree }]),
  );
}

/** What the gates say about `tree`; a run that was closed keeps its decisions where nothing was said since. */
export function signalsFor(
  assertions: Assertions,
  tree: string | null,
  closed: readonly GateDecision[] | null,
): GateSignals {
  const signals = GATES.map((gate): [GateName, GateSignal | undefined] => {
    const said = assertions[gate];
    const recorded = closed?.find((one) => one.gate === gate);
    if (recorded !== undefined && (said === undefined || said.tree !== null)) return [gate, recorded];
    if (said === undefined) return [gate, undefined];
    const isOfAnother = said.tree !== null && tree !== null && said.tree !== tree;
    return [gate, signal(isOfAnother ? absent(gate) : said.word)];
  });
  return Object.fromEntries(signals.filter(([, one]) => one !== undefined));
}

function absent(gate: GateName): string {
  return gate === 'policy' ? 'unknown' : 'missing';
}

function signal(status: string): GateSignal {
  return {
    status,
    source: 'operator',
    asserted_at_unix_secs: 0,
    carried_over: false,
    details: [],
    documents: [],
  };
}
