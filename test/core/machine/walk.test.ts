import t from 'tap';
import { ORCHESTRATE } from '../../../src/core/machine/pipeline.ts';
import type { MachineSettings } from '../../../src/core/machine/tasks.ts';
import { ROLES, type Role } from '../../../src/core/run-plan.ts';
import { RULES } from '../../fixtures/machine/rules.ts';
import { walk } from '../../fixtures/machine/walk.ts';

// The walk tries half a million events that must throw: their stacks are most of its time.
Error.stackTraceLimit = 0;

const ROLE_SETS: readonly (readonly Role[])[] = Array.from({ length: 8 }, (_, bits) =>
  ROLES.filter((_role, index) => (bits >> index) & 1),
);

type Budget = Pick<MachineSettings, 'commands' | 'executionMaxIterations' | 'remediationMaxCycles'>;

const WIDEST: Budget = { commands: 1, executionMaxIterations: 2, remediationMaxCycles: 1 };
const NARROWER: readonly Budget[] = [
  { commands: 0, executionMaxIterations: 1, remediationMaxCycles: 0 },
  { commands: 2, executionMaxIterations: 1, remediationMaxCycles: 0 },
  { commands: 0, executionMaxIterations: 2, remediationMaxCycles: 0 },
  { commands: 0, executionMaxIterations: 1, remediationMaxCycles: 1 },
];

const DELIVERIES: readonly MachineSettings['delivery'][] = [
  ['commit', 'push'],
  ['commit', 'push', 'pull-request'],
];

/** Every set of roles, with and without a planning context, and the budgets where all of them have a use. */
function configurations(): readonly MachineSettings[] {
  const settings = (roles: readonly Role[], planningContext: boolean, budget: Budget) => ({
    roles,
    planningContext,
    commandsFromContext: planningContext && budget.commands > 0,
    delivery: [],
    simulateBlocked: false,
    ...budget,
  });
  return [
    ...ROLE_SETS.flatMap((roles) => [false, true].map((context) => settings(roles, context, WIDEST))),
    ...NARROWER.map((budget) => settings(ROLES, true, budget)),
    ...DELIVERIES.map((delivery) => ({ ...settings(['executor'], false, WIDEST), delivery })),
  ];
}

function nameOf(settings: MachineSettings): string {
  const { roles, planningContext, commands, executionMaxIterations, remediationMaxCycles, delivery } =
    settings;
  return `${roles.join('+') || 'no role'}, context ${planningContext}, ${commands} commands, ${executionMaxIterations} attempts, ${remediationMaxCycles} cycles, ${delivery.length} deliveries`;
}

t.test('every rule holds in every state that can be reached', async (t) => {
  let states = 0;
  let edges = 0;
  for (const settings of configurations()) {
    const walked = walk({ pipeline: ORCHESTRATE, settings });
    states += walked.states;
    edges += walked.edges;
    t.strictSame(Object.fromEntries(walked.broken), {}, nameOf(settings));
    t.strictSame(
      [...walked.statuses].sort(),
      ['blocked', 'done', 'failed', 'interrupted', 'pending', 'timeout', 'working'],
      `${nameOf(settings)}: every status is reached`,
    );
  }
  t.comment(`${Object.keys(RULES).length} rules, ${states} states, ${edges} steps walked`);
});

t.test('a simulated block is never done, whatever the gates say', async (t) => {
  const settings: MachineSettings = {
    roles: ['executor'],
    planningContext: false,
    commands: 1,
    commandsFromContext: false,
    executionMaxIterations: 1,
    remediationMaxCycles: 0,
    delivery: ['commit', 'push', 'pull-request'],
    simulateBlocked: true,
  };
  const walked = walk({ pipeline: ORCHESTRATE, settings });
  t.strictSame(Object.fromEntries(walked.broken), {});
  t.equal(walked.statuses.has('done'), false);
  t.comment(`${walked.states} states walked`);
});
