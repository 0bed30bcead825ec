import t from 'tap';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import type { BegunState } from '../../../src/core/machine/state.ts';
import type { StageExecution } from '../../../src/core/records.ts';
import { countingExecutions, countingKey, stagesThatStand } from '../../../src/core/resume/stages.ts';
import { sampleExecution, sampleRun } from '../../fixtures/documents/sample-run.ts';

const STAGES = stageNames(ORCHESTRATE);

function stateAt(stage: string, status: 'done' | 'failed'): BegunState {
  const { state } = sampleRun({ stage, status });
  if (state.status === 'pending') throw new Error('a run that has begun');
  return state;
}

function executed(
  stage: string,
  step: string,
  attempt: number,
  more: Partial<StageExecution> = {},
): StageExecution {
  const idempotency_key = `run:${stage}:${attempt}${step.startsWith('command-') ? `:${step}` : ''}`;
  return sampleExecution('run', { stage, step, attempt, idempotency_key, ...more });
}

function keys(executions: readonly StageExecution[]): readonly string[] {
  return executions.map((one) => `${one.step} ${one.attempt}`);
}

t.test('the stages before the one at hand stand', async (t) => {
  for (const [index, stage] of STAGES.entries()) {
    t.strictSame(stagesThatStand(ORCHESTRATE, stateAt(stage, 'failed'), null), {
      ok: true,
      value: STAGES.slice(0, index),
    });
  }
});

t.test('of a done run all stand but closure, which is decided again', async (t) => {
  t.strictSame(stagesThatStand(ORCHESTRATE, stateAt('closure', 'done'), null), {
    ok: true,
    value: STAGES.slice(0, 4),
  });
});

t.test('a rerun keeps what comes before its stage', async (t) => {
  for (const [index, stage] of STAGES.entries()) {
    t.strictSame(stagesThatStand(ORCHESTRATE, stateAt('closure', 'done'), stage), {
      ok: true,
      value: STAGES.slice(0, index),
    });
  }
});

t.test('a rerun from a stage that was not reached is refused with the stages that were', async (t) => {
  for (const [index, stage] of STAGES.entries()) {
    for (const from of STAGES.slice(index + 1)) {
      const stand = stagesThatStand(ORCHESTRATE, stateAt(stage, 'failed'), from);
      t.match(stand, {
        ok: false,
        failure: {
          reason: 'precondition',
          message: `--rerun-from ${from}: the run has only come to ${stage}`,
          remedy: `resume without --rerun-from, or from one of ${STAGES.slice(0, index + 1).join(', ')}`,
        },
      });
    }
  }
});

t.test('what counts for a stage is its last attempt that succeeded, each step of it', async (t) => {
  const executions = [
    executed('execution', 'executor', 1, { status: 'failed' }),
    executed('execution', 'executor', 2),
    executed('validation', 'reviewer', 1),
    executed('validation', 'command-1', 1, { status: 'failed' }),
    executed('validation', 'reviewer', 2),
    executed('validation', 'command-1', 2),
    executed('validation', 'command-2', 2),
  ];
  t.strictSame(keys(countingExecutions(executions, ['execution', 'validation'])), [
    'executor 2',
    'reviewer 2',
    'command-1 2',
    'command-2 2',
  ]);
  t.strictSame(keys(countingExecutions(executions, ['execution'])), ['executor 2']);
  t.strictSame(countingExecutions(executions, []), []);
});

t.test('a step of an earlier attempt does not count beside a later attempt without it', async (t) => {
  const executions = [
    executed('validation', 'reviewer', 1),
    executed('validation', 'command-1', 1),
    executed('validation', 'command-1', 2),
  ];
  t.strictSame(keys(countingExecutions(executions, ['validation'])), ['command-1 2']);
});

t.test('an attempt that had nothing to run takes the place of an earlier one that had', async (t) => {
  const idle = executed('validation', 'stage', 2, { status: 'not_configured' });
  const executions = [executed('validation', 'command-1', 1), idle];
  t.strictSame(countingExecutions(executions, ['validation']), []);
  t.equal(countingKey(executions, 'validation'), idle.idempotency_key);
  const again = [...executions, executed('validation', 'command-1', 3)];
  t.equal(countingKey(again, 'validation'), 'run:validation:3:command-1');
});

t.test('a stage without any record of its own has no attempt that counts', async (t) => {
  t.equal(countingKey([executed('execution', 'executor', 1, { status: 'failed' })], 'execution'), null);
  t.equal(countingKey([], 'policy_ingestion'), null);
});

t.test('records of skipped stages are not what counts', async (t) => {
  const executions = [
    executed('planning', 'manager', 1),
    executed('planning', 'manager', 1, { status: 'skipped', counts: 'run:planning:1' }),
  ];
  t.equal(countingKey(executions, 'planning'), 'run:planning:1');
  t.equal(countingExecutions(executions, ['planning'])[0]?.status, 'success');
});
