import t from 'tap';
import type { InvocationRecord } from '../../src/core/records.ts';
import { timeWorked } from '../../src/core/time-worked.ts';
import { SAMPLE_START_MS, sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';

const at = (secs: number) => new Date(SAMPLE_START_MS + secs * 1000).toISOString().replace('.000Z', 'Z');

const attempt = sampleExecution('run', { started_at_unix_ms: SAMPLE_START_MS + 9000, duration_ms: 3400 });

/** Two invocations, an hour apart: one execution and one transition in the first. */
function twice(first: Partial<InvocationRecord>, second: Partial<InvocationRecord>) {
  return sampleRun({
    change: (run) => ({
      ...run,
      stage_executions: [attempt],
      transitions: run.transitions.slice(0, 1),
      invocations: run.invocations.flatMap((one) => [
        { ...one, started_at: at(0), ended_at: at(20), ...first },
        {
          ...{ ...one, started_at: at(3600), ended_at: at(3605), earlier_executions: 1 },
          ...{ earlier_transitions: 1, ...second },
        },
      ]),
    }),
  });
}

t.test('what the invocations took together, without the pause between them', async (t) => {
  t.equal(timeWorked(twice({}, {}), null), 25_000);
});

t.test('an invocation that was killed counts until the last thing that it recorded', async (t) => {
  t.equal(timeWorked(twice({ ended_at: null }, {}), null), 17_000);
});

t.test('what recorded nothing before it was killed counts for nothing', async (t) => {
  t.equal(timeWorked(twice({}, { ended_at: null }), null), 20_000);
});

t.test('a live one counts until now, and only the last can be live', async (t) => {
  t.equal(timeWorked(twice({}, { ended_at: null }), SAMPLE_START_MS + 3_630_000), 50_000);
  t.equal(timeWorked(twice({ ended_at: null }, { ended_at: null }), SAMPLE_START_MS + 3_630_000), 42_000);
});

t.test('a clock that went back takes no time', async (t) => {
  t.equal(timeWorked(twice({}, { ended_at: at(10) }), null), 20_000);
});
