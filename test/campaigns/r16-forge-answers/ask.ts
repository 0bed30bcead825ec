import { documentPasses, type GateReading } from '../../../src/core/gates/gate-document.ts';
import type { Wire } from '../../forge/faults.ts';
import type { Seen, Tamper } from '../../forge/forge.ts';
import { forgeInProcess } from '../../forge/in-process.ts';
import { githubReader } from '../../forge/read-github.ts';
import { gitlabReader } from '../../forge/read-gitlab.ts';
import type { Scenario } from '../../forge/scenario.ts';

const NOW_MS = Date.parse('2026-01-05T12:00:00Z');

/** What the product says of a scenario whose answers are tampered with, as often as the scenario asks. */
export async function ask(scenario: Scenario, tamper?: Tamper): Promise<GateReading> {
  let time = NOW_MS;
  const now = (): number => time;
  const forge = forgeInProcess(scenario, () => Math.floor(time / 1000), tamper);
  const read = scenario.verdict.forge === 'github' ? githubReader() : gitlabReader();
  const reach = { ...forge, now, signal: new AbortController().signal };
  let reading = await read(scenario, reach);
  for (let asked = 1; asked < scenario.verdict.asks; asked += 1) {
    time += 600_000;
    reading = await read(scenario, reach);
  }
  return reading;
}

/** Whether a reading opens its gate. */
export function opens({ document }: GateReading, scenario: Scenario): boolean {
  return documentPasses(document, scenario.verdict.gate);
}

/** An answer that was given, as it was given first. */
export interface Given {
  readonly seen: Seen;
  readonly wire: Wire;
}

/** Every address that a passing scenario is asked for, with its answer. */
export async function answersOf(scenario: Scenario): Promise<readonly Given[]> {
  const given = new Map<string, Given>();
  const reading = await ask(scenario, (wire, seen) => {
    if (!given.has(seen.path)) given.set(seen.path, { seen, wire });
    return wire;
  });
  if (!opens(reading, scenario)) throw new Error(`the scenario does not pass untouched: ${scenario.shows}`);
  return [...given.values()];
}
