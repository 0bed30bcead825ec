import t from 'tap';
import {
  ORCHESTRATE,
  runsBinaries,
  stageIndex,
  stageNames,
  stageOfCommands,
  stageOfRole,
} from '../../../src/core/machine/pipeline.ts';

t.test('the five stages of document 004 stand in their order', async (t) => {
  t.strictSame(stageNames(ORCHESTRATE), [
    'planning',
    'policy_ingestion',
    'execution',
    'validation',
    'closure',
  ]);
  t.equal(stageIndex(ORCHESTRATE, 'execution'), 2);
});

t.test('each role and the native commands belong to one stage', async (t) => {
  t.equal(stageOfRole(ORCHESTRATE, 'manager'), 'planning');
  t.equal(stageOfRole(ORCHESTRATE, 'executor'), 'execution');
  t.equal(stageOfRole(ORCHESTRATE, 'reviewer'), 'validation');
  t.equal(stageOfCommands(ORCHESTRATE), 'validation');
});

t.test('the stages that can have a binary are planning, execution and validation', async (t) => {
  t.strictSame(
    ORCHESTRATE.stages.filter(runsBinaries).map((stage) => stage.name),
    ['planning', 'execution', 'validation'],
  );
});

t.test(
  'policy is decided before any stage that changes the work tree, and again with the others last',
  async (t) => {
    const tasks = ORCHESTRATE.stages.map((stage) => stage.tasks.map((task) => task.do));
    t.ok(
      tasks.findIndex((one) => one.includes('admit')) < stageIndex(ORCHESTRATE, 'execution'),
      'admission comes before execution',
    );
    t.strictSame(tasks.at(-1), ['check-evidence', 'compare-tree', 'deliver', 'decide-gates']);
  },
);

t.test('only validation must keep the tree, and only it may ask for remediation', async (t) => {
  t.strictSame(
    ORCHESTRATE.stages.filter((stage) => stage.keepsTree || stage.remediation !== null),
    ORCHESTRATE.stages.filter((stage) => stage.name === 'validation'),
  );
});

t.test('a stage, a role or commands that a pipeline does not have are told', async (t) => {
  const empty = { name: 'empty', stages: [] };
  t.throws(() => stageIndex(ORCHESTRATE, 'lunch'), { message: 'no stage "lunch" in pipeline "orchestrate"' });
  t.throws(() => stageOfRole(empty, 'manager'), { message: 'no stage runs the manager' });
  t.equal(stageOfCommands(empty), null);
});
