import t from 'tap';
import {
  appendExecution,
  appendNotConfigured,
  appendSkipped,
  appendTransition,
  blankExecution,
  closeIntent,
  idempotencyKey,
} from '../../../src/core/document/append.ts';
import type { AttemptIntent } from '../../../src/core/run-document.ts';
import { stageExecutionSchema } from '../../../src/formats/records.schema.ts';
import { sampleExecution, sampleRun } from '../../fixtures/documents/sample-run.ts';

const NOW = { unixMs: 1_770_000_001_999 };
const INTENT: AttemptIntent = {
  stage: 'execution',
  step: 'executor',
  attempt: 2,
  cycle: 1,
  command: 'repo:bin/executor',
  started_at_unix_ms: NOW.unixMs - 500,
};

function working() {
  const run = sampleRun({ status: 'working', stage: 'execution' });
  return { ...run, stage_executions: [], artifacts: [], transitions: [] };
}

t.test('a stage entered is one entry, in seconds and in milliseconds', async (t) => {
  const run = appendTransition(working(), null, 'planning', NOW);
  t.strictSame(run.transitions, [
    {
      run_id: run.run_id,
      from_stage: null,
      to_stage: 'planning',
      timestamp_unix_secs: 1_770_000_001,
      timestamp_unix_ms: NOW.unixMs,
    },
  ]);
});

t.test('an outcome answers its intent, and its artifacts replace those of earlier attempts', async (t) => {
  const artifact = (path: string, attempt: number) => ({
    path,
    sha256: 'ab'.repeat(32),
    bytes: 1,
    stage: 'execution',
    step: 'executor',
    attempt,
    copy: 'artifacts/x',
    schema: null,
  });
  const before = { ...working(), intent: INTENT, artifacts: [artifact('out:a', 1), artifact('out:b', 1)] };
  const execution = sampleExecution('run', { attempt: 2, artifacts: [artifact('out:b', 2)] });
  const after = appendExecution(before, execution);
  t.equal(after.intent, null);
  t.strictSame(after.stage_executions, [execution]);
  t.strictSame(
    after.artifacts.map((one) => `${one.path} ${one.attempt}`),
    ['out:a 1', 'out:b 2'],
  );
});

t.test('a skipped stage has a record that names the attempt that counts', async (t) => {
  const counted = sampleExecution('run', {
    stage: 'planning',
    step: 'manager',
    attempt: 3,
    idempotency_key: 'run:planning:3',
  });
  const after = appendSkipped({ ...working(), stage_executions: [counted] }, ['planning'], NOW);
  t.match(after.stage_executions.at(-1), {
    stage: 'planning',
    step: 'manager',
    attempt: 3,
    status: 'skipped',
    counts: 'run:planning:3',
    command: null,
    exit_code: null,
    duration_ms: 0,
  });
});

t.test('a stage that had nothing to run names that record when it is skipped', async (t) => {
  const idle = appendNotConfigured(working(), 'validation', 2, NOW);
  const key = idle.stage_executions[0]?.idempotency_key ?? '';
  t.match(key, /:validation:2$/);
  t.equal(appendSkipped(idle, ['validation'], NOW).stage_executions.at(-1)?.counts, key);
});

t.test('a stage without a binary has a record that says so, under its attempt and cycle', async (t) => {
  const [record] = appendNotConfigured(working(), 'execution', 2, NOW).stage_executions;
  t.match(record, {
    stage: 'execution',
    step: 'stage',
    attempt: 2,
    cycle: 0,
    status: 'not_configured',
    counts: null,
  });
});

t.test(
  'an attempt whose outcome was never recorded is closed as cancelled, and counts for nothing',
  async (t) => {
    const after = closeIntent({ ...working(), intent: INTENT }, NOW);
    t.equal(after.intent, null);
    t.match(after.stage_executions, [
      {
        stage: 'execution',
        step: 'executor',
        attempt: 2,
        cycle: 1,
        status: 'cancelled',
        command: 'repo:bin/executor',
        started_at_unix_ms: INTENT.started_at_unix_ms,
        duration_ms: 500,
        error: 'the orchestrator ended before the outcome of this attempt was recorded',
      },
    ]);
  },
);

t.test('a clock that went back gives no negative duration', async (t) => {
  const after = closeIntent({ ...working(), intent: INTENT }, { unixMs: INTENT.started_at_unix_ms - 9999 });
  t.equal(after.stage_executions[0]?.duration_ms, 0);
});

t.test('where no attempt was intended nothing is closed', async (t) => {
  const before = working();
  t.equal(closeIntent(before, NOW), before);
});

t.test('a native command, one of several in an attempt, has its step in its key', async (t) => {
  t.equal(idempotencyKey('r', { stage: 'execution', step: 'executor', attempt: 2 }), 'r:execution:2');
  t.equal(idempotencyKey('r', { stage: 'validation', step: 'reviewer', attempt: 1 }), 'r:validation:1');
  t.equal(
    idempotencyKey('r', { stage: 'validation', step: 'command-2', attempt: 1 }),
    'r:validation:1:command-2',
  );
});

t.test('a blank record fits the schema and has its keys in the order of the schema', async (t) => {
  const blank = blankExecution({
    run: 'r',
    stage: 'planning',
    step: 'manager',
    attempt: 1,
    cycle: 0,
    status: 'skipped',
    now: NOW,
    counts: 'r:planning:1',
  });
  const parsed = stageExecutionSchema.parse(blank);
  t.strictSame(Object.keys(parsed), Object.keys(blank));
});
