import type { GateName } from './gate.ts';
import { documentPasses, type GateReading } from './gate-document.ts';

/** One reading, with what it was read from. */
export interface SourceReading {
  readonly gate: GateName;
  readonly reading: GateReading;
}

export interface LookRules {
  /** Monotonic ms. */
  readonly now: number;
  readonly deadline: number;
  /** Between two looks, ms, where a source asks for no longer time. */
  readonly pollMs: number;
}

/** What to do with the readings so far. */
export type NextLook =
  /** Nothing that is waited for can still change the verdict, or the time is over. */
  | { readonly do: 'decide' }
  | { readonly do: 'wait'; readonly ms: number; readonly gate: GateName; readonly for: readonly string[] };

/**
 * Waiting is worth it only while everything that does not pass is pending: what blocks by itself blocks now. A source
 * that asks for more time than there is, as a rate limit does, gets none.
 */
export function nextLook(readings: readonly SourceReading[], rules: LookRules): NextLook {
  const open = readings.filter((one) => !documentPasses(one.reading.document, one.gate));
  const [first] = open;
  if (first === undefined || open.some((one) => one.reading.waitsFor === null)) return { do: 'decide' };
  const asked = Math.max(...open.map((one) => one.reading.retryAfterMs ?? 0));
  const ms = Math.max(rules.pollMs, asked);
  const left = rules.deadline - rules.now;
  const limited = asked > rules.pollMs && asked > left;
  if (left <= 0 || limited) return { do: 'decide' };
  return {
    do: 'wait',
    ms: Math.min(ms, left),
    gate: first.gate,
    for: open.flatMap((one) => (one.reading.waitsFor === null ? [] : [one.reading.waitsFor])),
  };
}
