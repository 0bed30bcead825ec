import t, { type Test } from 'tap';
import type { GateReading } from '../../src/core/gates/gate-document.ts';
import { loadScenario, scenarioNames } from './scenario.ts';
import { type Forge, startForge } from './server.ts';
import { notedBy, type Reader, saidBy } from './verdict.ts';

/** Each scenario of one forge is a test: asked over loopback, the product gives the verdict that its file names. */
export function judgeScenarios(forge: 'github' | 'gitlab', newReader: () => Reader): void {
  for (const name of scenarioNames().filter((one) => one.startsWith(`${forge}-`))) {
    const scenario = loadScenario(name);
    void t.test(`${name}: ${scenario.shows}`, async (t) => {
      const { asks, noted, gate, status, passed, codes, waits } = scenario.verdict;
      const server = await startForge(scenario);
      t.teardown(() => server.close());
      const { reading, now } = await askThrough(t, server, { scenario, read: newReader(), asks });
      const words = reading.document.details.map((one) => one.message).join('; ');
      t.strictSame(saidBy(reading), { status, passed, codes, waits }, words);
      const missing = noted.filter((code) => !notedBy(reading.document).includes(code));
      t.strictSame(missing, [], 'what is to be recorded is recorded');
      t.equal(reading.document.evaluated_at_unix_secs, Math.floor(now() / 1000));
      t.equal(reading.document.gate, gate);
    });
  }
}

interface Asking {
  readonly scenario: Parameters<Reader>[0];
  readonly read: Reader;
  readonly asks: number;
}

/** Asks as often as the scenario wants; the clock goes on by ten minutes each time, as a poller waits. */
async function askThrough(
  t: Test,
  server: Forge,
  { scenario, read, asks }: Asking,
): Promise<{ readonly reading: GateReading; readonly now: () => number }> {
  const gaveUp = new AbortController();
  server.onHeld = () => gaveUp.abort();
  let time = Date.parse('2026-01-05T12:00:00Z');
  const now = (): number => time;
  const reach = { fetch, github: server.github, gitlab: server.gitlab, now, signal: gaveUp.signal };
  let reading = await read(scenario, reach);
  for (let asked = 1; asked < asks; asked += 1) {
    t.equal(reading.document.gate, scenario.verdict.gate);
    time += 600_000;
    reading = await read(scenario, reach);
  }
  return { reading, now };
}
