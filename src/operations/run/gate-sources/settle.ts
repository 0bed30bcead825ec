import type { Clock } from '../../../core/clock.ts';
import type { GateName } from '../../../core/gates/gate.ts';
import { documentPasses, type GateDocument, type GateReading } from '../../../core/gates/gate-document.ts';
import { nextLook, type SourceReading } from '../../../core/gates/next-look.ts';
import type { Observe } from '../../../core/observation.ts';

/** Why sources are read: what is decided from is read anew, what is only waited for may come from a shared cache. */
export type Purpose = 'decide' | 'wait';

export interface Settling {
  readonly gates: readonly GateName[];
  /** Reads every source of a gate. */
  readonly read: (gate: GateName, purpose: Purpose) => Promise<readonly GateReading[]>;
  /** ms; 0 decides at once. */
  readonly waitMs: number;
  readonly pollMs: number;
  readonly clock: Clock;
  /** Resolves after this many ms, or when the run is cancelled. */
  readonly pause: (ms: number) => Promise<void>;
  readonly cancelled: () => boolean;
  readonly observe: Observe;
}

export type Documents = ReadonlyMap<GateName, readonly GateDocument[]>;

/**
 * Reads the sources of the gates, and again while all that does not pass is pending and there is time left. What has
 * come to pass while waiting is read once more before it counts, with nothing in between (spec/gates.md section 1).
 */
export async function settle(how: Settling): Promise<Documents> {
  const deadline = how.clock.monotonic() + how.waitMs;
  const readings = new Map<GateName, readonly GateReading[]>();
  for (const gate of how.gates) readings.set(gate, await how.read(gate, 'decide'));
  let waited = false;
  while (!how.cancelled()) {
    const now = how.clock.monotonic();
    const look = nextLook(flat(readings), { now, deadline, pollMs: how.pollMs });
    if (look.do === 'decide') break;
    waited = true;
    const left_ms = Math.max(0, Math.round(deadline - now));
    how.observe({ type: 'gate-waiting', gate: look.gate, for: look.for, left_ms });
    await how.pause(look.ms);
    for (const gate of pending(readings)) readings.set(gate, await how.read(gate, 'wait'));
  }
  if (waited && !how.cancelled()) {
    for (const gate of how.gates) readings.set(gate, await how.read(gate, 'decide'));
  }
  return new Map([...readings].map(([gate, all]) => [gate, all.map((one) => one.document)]));
}

function flat(readings: ReadonlyMap<GateName, readonly GateReading[]>): readonly SourceReading[] {
  return [...readings].flatMap(([gate, all]) => all.map((reading) => ({ gate, reading })));
}

function pending(readings: ReadonlyMap<GateName, readonly GateReading[]>): readonly GateName[] {
  return [...readings].flatMap(([gate, all]) =>
    all.some((one) => one.waitsFor !== null && !documentPasses(one.document, gate)) ? [gate] : [],
  );
}
