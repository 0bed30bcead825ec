import type { GateDocument, GateReading } from '../../src/core/gates/gate-document.ts';
import type { GateQuestion } from '../../src/core/gates/gate-question.ts';
import { COMMITS, type Scenario } from './scenario.ts';

/** What the product says of a scenario, in the words of its verdict. */
export interface Said {
  readonly status: string;
  readonly passed: boolean;
  readonly codes: readonly string[];
  readonly waits: boolean;
}

/** Where a reader finds the forge of a scenario, and what it is given of the outside world. */
export interface Reach {
  readonly fetch: typeof globalThis.fetch;
  readonly github: string;
  readonly gitlab: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Asks one gate of one scenario. */
export type Reader = (scenario: Scenario, reach: Reach) => Promise<GateReading>;

/** The question that the run would ask. */
export function questionOf(scenario: Scenario, nowSecs: number): GateQuestion {
  const pinned = scenario.pinned === '@head' ? COMMITS.head : scenario.pinned;
  return {
    gate: scenario.verdict.gate,
    moment: 'closure',
    subject: { head_sha: pinned, base_sha: COMMITS.base, tree_digest: null, run_id: 'run-1' },
    planDigest: null,
    nowSecs,
  };
}

/** A reading in the words of a verdict. */
export function saidBy({ document, waitsFor }: GateReading): Said {
  const codes = document.details.filter((detail) => detail.blocks).map((detail) => detail.code);
  return {
    status: document.status,
    passed: document.passed,
    codes: [...new Set(codes)].sort(),
    waits: waitsFor !== null,
  };
}

/** Codes that a document records without blocking. */
export function notedBy(document: GateDocument): readonly string[] {
  return document.details.filter((detail) => !detail.blocks).map((detail) => detail.code);
}
