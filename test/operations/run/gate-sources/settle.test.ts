import t from 'tap';
import type { GateName } from '../../../../src/core/gates/gate.ts';
import { PASS_STATUS } from '../../../../src/core/gates/gate.ts';
import { closedDocument, type GateReading } from '../../../../src/core/gates/gate-document.ts';
import type { Observation } from '../../../../src/core/observation.ts';
import { type Purpose, type Settling, settle } from '../../../../src/operations/run/gate-sources/settle.ts';

const SUBJECT = { head_sha: null, base_sha: null, tree_digest: null, run_id: 'r' };

function reading(gate: GateName, what: 'passes' | 'waits' | 'blocks'): GateReading {
  const document = closedDocument(gate, 'x', [], SUBJECT, 5);
  if (what !== 'passes') return { document, waitsFor: what === 'waits' ? 'build' : null };
  return { document: { ...document, status: PASS_STATUS[gate], passed: true }, waitsFor: null };
}

/** A clock that only pauses move; readings as told, the last one for ever. */
function scripted(
  told: Partial<Record<GateName, readonly ('passes' | 'waits' | 'blocks')[]>>,
  waitMs: number,
) {
  let now = 0;
  const asked: [GateName, Purpose, number][] = [];
  const said: Observation[] = [];
  const counts = new Map<GateName, number>();
  let cancelled = false;
  const how: Settling = {
    gates: ['policy', 'ci', 'review'],
    read: async (gate, purpose) => {
      asked.push([gate, purpose, now]);
      const answers = told[gate] ?? ['passes'];
      const count = counts.get(gate) ?? 0;
      counts.set(gate, count + 1);
      return [reading(gate, answers[Math.min(count, answers.length - 1)] ?? 'blocks')];
    },
    waitMs,
    pollMs: 60_000,
    clock: { now: () => now, monotonic: () => now },
    pause: async (ms) => {
      now += ms;
    },
    cancelled: () => cancelled,
    observe: (one) => said.push(one),
  };
  return { how, asked, said, cancel: () => (cancelled = true) };
}

t.test('what passes at once is read once', async (t) => {
  const { how, asked, said } = scripted({}, 600_000);
  const documents = await settle(how);
  t.strictSame(
    asked.map(([gate, purpose]) => [gate, purpose]),
    [
      ['policy', 'decide'],
      ['ci', 'decide'],
      ['review', 'decide'],
    ],
  );
  t.strictSame(said, []);
  t.equal(documents.get('ci')?.[0]?.passed, true);
});

t.test('only what is pending is looked at again, and all is read once more when it has passed', async (t) => {
  const { how, asked, said } = scripted({ ci: ['waits', 'waits', 'passes'] }, 600_000);
  await settle(how);
  t.strictSame(asked, [
    ['policy', 'decide', 0],
    ['ci', 'decide', 0],
    ['review', 'decide', 0],
    ['ci', 'wait', 60_000],
    ['ci', 'wait', 120_000],
    ['policy', 'decide', 120_000],
    ['ci', 'decide', 120_000],
    ['review', 'decide', 120_000],
  ]);
  t.match(said, [
    { type: 'gate-waiting', gate: 'ci', for: ['build'], left_ms: 600_000 },
    { type: 'gate-waiting', left_ms: 540_000 },
  ]);
});

t.test('what passed while waiting and no longer does when it is read last does not count', async (t) => {
  const { how } = scripted({ ci: ['waits', 'passes', 'blocks'] }, 600_000);
  const documents = await settle(how);
  t.equal(documents.get('ci')?.[0]?.passed, false);
});

t.test('nothing is waited for where another gate blocks by itself', async (t) => {
  const { how, asked } = scripted({ policy: ['blocks'], ci: ['waits'] }, 600_000);
  await settle(how);
  t.equal(asked.length, 3);
});

t.test('the deadline ends the waiting with a last look', async (t) => {
  const { how, asked } = scripted({ ci: ['waits'] }, 90_000);
  const documents = await settle(how);
  t.strictSame(
    asked.filter(([gate]) => gate === 'ci').map(([, purpose, at]) => [purpose, at]),
    [
      ['decide', 0],
      ['wait', 60_000],
      ['wait', 90_000],
      ['decide', 90_000],
    ],
  );
  t.equal(documents.get('ci')?.[0]?.passed, false);
});

t.test('a cancelled run stops looking', async (t) => {
  const { how, asked, cancel } = scripted({ ci: ['waits'] }, 600_000);
  const pause = how.pause;
  await settle({
    ...how,
    pause: async (ms) => {
      cancel();
      await pause(ms);
    },
  });
  t.equal(asked.filter(([, purpose]) => purpose === 'decide').length, 3);
});
