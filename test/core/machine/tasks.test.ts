import t from 'tap';
import { ORCHESTRATE } from '../../../src/core/machine/pipeline.ts';
import { type MachineSettings, machineSettings, tasksOf } from '../../../src/core/machine/tasks.ts';
import { samplePlan, sampleRole } from '../../fixtures/sample-plan.ts';

const EVERYTHING: MachineSettings = {
  roles: ['manager', 'executor', 'reviewer'],
  planningContext: true,
  commands: 1,
  commandsFromContext: true,
  executionMaxIterations: 3,
  remediationMaxCycles: 0,
  delivery: [],
  simulateBlocked: false,
};
const NOTHING: MachineSettings = { ...EVERYTHING, roles: [], planningContext: false, commands: 0 };

function words(
  settings: MachineSettings,
  contextCommands: number,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    ORCHESTRATE.stages.map((stage) => [
      stage.name,
      tasksOf(stage, settings, contextCommands).map((task) =>
        task.do === 'run' ? `${task.run.step}, ${task.run.budget}` : task.do,
      ),
    ]),
  );
}

t.test(
  'everything configured binds to every task, each run of validation followed by a comparison',
  async (t) => {
    t.strictSame(words(EVERYTHING, 1), {
      planning: ['write-context', 'manager, 1'],
      policy_ingestion: ['admit'],
      execution: ['executor, 3'],
      validation: [
        'take-tree',
        'reviewer, 1',
        'compare-tree',
        'command-1, 1',
        'compare-tree',
        'command-2, 1',
        'compare-tree',
      ],
      closure: ['check-evidence', 'compare-tree', 'decide-gates'],
    });
  },
);

t.test('nothing configured leaves admission, the tree and closure', async (t) => {
  t.strictSame(words(NOTHING, 0), {
    planning: [],
    policy_ingestion: ['admit'],
    execution: [],
    validation: ['take-tree'],
    closure: ['check-evidence', 'compare-tree', 'decide-gates'],
  });
});

t.test("the context's commands count only where they were asked for", async (t) => {
  t.equal(words({ ...EVERYTHING, commandsFromContext: false }, 5).validation?.length, 5);
});

t.test('the settings are drawn from the plan', async (t) => {
  const plan = samplePlan({
    roles: { manager: sampleRole(), executor: null, reviewer: sampleRole() },
    planningContextArtifact: '/repo/out/context.json',
    validation: [{ bin: 'make', args: [], env: {} }],
    validationFromPlanningContext: true,
    executionMaxIterations: 4,
    remediationMaxCycles: 2,
  });
  t.strictSame(machineSettings(plan, true), {
    delivery: [],
    roles: ['manager', 'reviewer'],
    planningContext: true,
    commands: 1,
    commandsFromContext: true,
    executionMaxIterations: 4,
    remediationMaxCycles: 2,
    simulateBlocked: true,
  });
});
