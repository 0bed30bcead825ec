import type { GateDecision } from '../records.ts';
import {
  ABSENT_STATUS,
  GATE_ORDER,
  type GateName,
  PASS_STATUS,
  type ReasonCode,
  reasonCodeOf,
} from './gate.ts';
import { documentPasses, type GateDocument } from './gate-document.ts';

/** What is known about one gate when it is decided. */
export interface GateSignal {
  readonly status: string;
  readonly source: string;
  readonly asserted_at_unix_secs: number | null;
  readonly carried_over: boolean;
  readonly details: readonly string[];
  /** What each source but the operator said; every one must pass. */
  readonly documents: readonly GateDocument[];
}

/** A gate without a signal is absent, and absent never passes. */
export type GateSignals = Readonly<Partial<Record<GateName, GateSignal>>>;

/** One gate: only the exact pass word opens it; a word that is not known closes it like any other. */
export function evaluateGate(gate: GateName, signal: GateSignal | undefined): GateDecision {
  const documents = signal?.documents ?? [];
  const said = signal !== undefined && signal.status === PASS_STATUS[gate];
  const passed = said && documents.every((one) => documentPasses(one, gate));
  return {
    gate,
    status: signal?.status ?? ABSENT_STATUS[gate],
    passed,
    reason_code: passed ? null : reasonCodeOf(gate),
    source: signal?.source ?? 'none',
    asserted_at_unix_secs: signal?.asserted_at_unix_secs ?? null,
    carried_over: signal?.carried_over ?? false,
    details: signal?.details ?? [],
    documents,
  };
}

/** All three gates, always, in order: a failing one does not hide what the later ones say (document 004). */
export function decideGates(signals: GateSignals): readonly GateDecision[] {
  return GATE_ORDER.map((gate) => evaluateGate(gate, signals[gate]));
}

/** The codes of the gates that did not pass, in gate order. */
export function blockingCodes(decisions: readonly GateDecision[]): readonly ReasonCode[] {
  return decisions.filter((decision) => !decision.passed).map((decision) => reasonCodeOf(decision.gate));
}

/**
 * Whether the decisions let a run close: exactly the three gates, in order, each an explicit pass. Anything
 * else, a missing or doubled gate included, does not.
 */
export function allPassed(decisions: readonly GateDecision[]): boolean {
  return (
    decisions.length === GATE_ORDER.length &&
    GATE_ORDER.every((gate, index) => {
      const decision = decisions[index];
      return (
        decision !== undefined &&
        decision.gate === gate &&
        decision.passed === true &&
        decision.status === PASS_STATUS[gate] &&
        decision.reason_code === null &&
        decision.documents.every((one) => documentPasses(one, gate))
      );
    })
  );
}
