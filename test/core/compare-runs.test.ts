import t from 'tap';
import { compareRuns } from '../../src/core/compare-runs.ts';
import { flattenConfig, WITHHELD } from '../../src/core/flatten-config.ts';
import { sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';

function sections(...args: Parameters<typeof compareRuns>): readonly string[] {
  return [...new Set(compareRuns(...args).map((one) => one.section))];
}

t.test('a run does not differ from one that was only at another time, by another id', (t) => {
  const run = sampleRun();
  const later = { ...sampleRun({ runId: 'later' }), started_at: '2027-01-01T00:00:00Z' };
  t.strictSame(compareRuns(run, later), []);
  t.end();
});

t.test('what became of a run is told by outcome and gates', (t) => {
  const differences = compareRuns(sampleRun(), sampleRun({ status: 'blocked', gates: { ci: 'missing' } }));
  t.match(
    differences.filter((one) => one.section === 'outcome'),
    [
      { what: 'state', a: 'done', b: 'blocked' },
      { what: 'blocked by', a: null, b: 'GATE_CI_NOT_SUCCESS' },
    ],
  );
  t.match(
    differences.filter((one) => one.section === 'gates'),
    [{ what: 'ci', a: /^success .*passed$/, b: /^missing .*closed, GATE_CI_NOT_SUCCESS/ }],
  );
  t.end();
});

t.test('another attempt, artifact, tree and invocation each show in their section', (t) => {
  const run = sampleRun();
  const again = sampleExecution(run.run_id, { attempt: 2, status: 'failed', exit_code: 7 });
  const retried = { ...run, stage_executions: [...run.stage_executions, again] };
  t.match(compareRuns(run, retried), [
    { section: 'stages', what: 'execution (executor)', a: /1 attempt$/, b: 'failed, exit 7, 2 attempts' },
  ]);
  t.strictSame(sections(run, sampleRun({ artifacts: [{ path: 'out:plan.json', content: 'x' }] })), [
    'artifacts',
  ]);
  t.strictSame(sections(run, sampleRun({ tree: null })), ['repository']);
  t.strictSame(sections(run, { ...run, invocations: [...run.invocations, ...run.invocations] }), [
    'invocations',
  ]);
  t.end();
});

t.test('a secret is named as withheld and never looks like a value', (t) => {
  const { config } = sampleRun();
  const role = config.executor;
  if (role === null) throw new Error('the sample has an executor');
  const env = [
    { name: 'API_KEY', value: null },
    { name: 'MODEL', value: WITHHELD },
  ];
  const { facts, withheld } = flattenConfig({ ...config, executor: { ...role, env, args_withheld: [0] } });
  t.equal(facts.get('executor.env.API_KEY'), WITHHELD);
  t.equal(facts.get('executor.env.MODEL'), JSON.stringify(WITHHELD));
  t.strictSame(withheld, ['executor.args', 'executor.env.API_KEY']);
  t.end();
});
