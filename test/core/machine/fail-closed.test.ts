import t from 'tap';
import { DELIVERY_STEPS } from '../../../src/core/delivery/delivery-step.ts';
import type { MachineSettings } from '../../../src/core/machine/tasks.ts';
import { ROLES, type Role } from '../../../src/core/run-plan.ts';
import { type Exploration, explore } from '../../fixtures/fail-closed/explore.ts';
import { tryMadeUpStates } from '../../fixtures/fail-closed/made-up.ts';

// Millions of events must be refused: the stacks of the errors would be most of the time.
Error.stackTraceLimit = 0;

const WIDEST: MachineSettings = {
  roles: ROLES,
  planningContext: true,
  commands: 1,
  commandsFromContext: true,
  executionMaxIterations: 2,
  remediationMaxCycles: 1,
  delivery: [],
  simulateBlocked: false,
};

const ROLE_SETS: readonly (readonly Role[])[] = Array.from({ length: 8 }, (_, bits) =>
  ROLES.filter((_role, index) => (bits >> index) & 1),
);

/** Every set of roles, with and without each of the other things that a run can be configured with. */
const CONFIGURATIONS: readonly MachineSettings[] = ROLE_SETS.flatMap((roles) =>
  [true, false].flatMap((planningContext) =>
    [0, 1].map((commands) => ({
      ...WIDEST,
      roles,
      planningContext,
      commandsFromContext: planningContext,
      commands,
    })),
  ),
);

/** The same with a delivery before the gates. */
const DELIVERING: readonly MachineSettings[] = ROLE_SETS.flatMap((roles) =>
  [2, 3].map((steps) => ({ ...WIDEST, roles, delivery: DELIVERY_STEPS.slice(0, steps) })),
);

const SIMULATED: readonly MachineSettings[] = ROLE_SETS.map((roles) => ({
  ...WIDEST,
  roles,
  simulateBlocked: true,
}));

/** What an operator may change from one invocation to the next. */
const CHANGES: readonly MachineSettings[] = [
  { ...WIDEST, commands: 0, commandsFromContext: false, executionMaxIterations: 1 },
  { ...WIDEST, commands: 0, commandsFromContext: false, remediationMaxCycles: 0, simulateBlocked: true },
  { ...WIDEST, commands: 2, commandsFromContext: false, executionMaxIterations: 1, remediationMaxCycles: 0 },
  { ...WIDEST, roles: ['manager', 'executor'], commands: 1, commandsFromContext: false },
  { ...WIDEST, commands: 0, commandsFromContext: false, delivery: ['commit', 'push'] },
];

function sum(of: readonly Exploration[], what: 'states' | 'edges' | 'refused' | 'done'): number {
  return of.reduce((total, one) => total + one[what], 0);
}

t.test('done is reached only by the one path on which everything passed', async (t) => {
  const explored = [...[...CONFIGURATIONS, ...DELIVERING, ...SIMULATED].map((one) => [one]), CHANGES].map(
    (settings) => {
      const found = explore(settings);
      t.strictSame(Object.fromEntries(found.broken), {}, JSON.stringify(settings));
      const canEndDone = settings.some((one) => !one.simulateBlocked);
      t.equal(found.done > 0, canEndDone, 'done is reached where it can be, and nowhere else');
      return found;
    },
  );
  t.comment(
    `${explored.length} configurations, ${sum(explored, 'states')} states, ${sum(explored, 'edges')} edges`,
  );
  t.comment(`${sum(explored, 'done')} edges into done, ${sum(explored, 'refused')} events refused`);
});

t.test('no state at all, reachable or made up, gets to done but by gates that are open', async (t) => {
  for (const delivery of [[], DELIVERY_STEPS]) {
    const { states, edges, done, broken } = tryMadeUpStates({ ...WIDEST, delivery });
    t.strictSame(Object.fromEntries(broken), {});
    t.ok(done > 0);
    t.comment(`${states} states made up, ${edges} events tried in them, ${done} of them lead to done`);
  }
});
