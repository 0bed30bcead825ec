import t from 'tap';
import { DELIVERY_STEPS } from '../../../src/core/delivery/delivery-step.ts';
import type { Machine, Step } from '../../../src/core/machine/advance.ts';
import type { RunEvent } from '../../../src/core/machine/event.ts';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import type { RunState } from '../../../src/core/machine/state.ts';
import type { MachineSettings } from '../../../src/core/machine/tasks.ts';
import { transition } from '../../../src/core/machine/transition.ts';
import { ROLES, type Role } from '../../../src/core/run-plan.ts';
import { BROKE, eventsOf, SIGNALLED } from '../../fixtures/machine/events.ts';
import { NOTHING_SEEN, watch } from '../../fixtures/machine/ghost.ts';
import { orders, RULES } from '../../fixtures/machine/rules.ts';

const STAGE_OF = { manager: 'planning', executor: 'execution', reviewer: 'validation' } as const;
const WALKS = 300;
const STEPS_EACH = 60;

/** Numbers from 0 below `bound`, the same for the same seed. */
type Choose = (bound: number) => number;

function chooser(seed: number): Choose {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Other settings, but for those that stages which stand have completed with (spec section 6). */
function changeSettings(
  before: MachineSettings,
  standing: readonly string[],
  choose: Choose,
): MachineSettings {
  const keep = (role: Role) => standing.includes(STAGE_OF[role]);
  const validated = standing.includes('validation');
  return {
    ...before,
    roles: ROLES.filter((role) => (keep(role) ? before.roles.includes(role) : choose(2) === 1)),
    commands: validated ? before.commands : choose(3),
    commandsFromContext: validated ? before.commandsFromContext : choose(2) === 1,
    executionMaxIterations: 1 + choose(3),
    remediationMaxCycles: choose(3),
    delivery: DELIVERY_STEPS.slice(0, choose(2) === 0 ? 0 : 2 + choose(2)),
    simulateBlocked: choose(8) === 0,
  };
}

/** A run of many invocations, each with settings of its own; the rules that did not hold. */
function wander(seed: number): { readonly broken: readonly string[]; readonly done: number } {
  const choose = chooser(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[choose(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  };
  const names = stageNames(ORCHESTRATE);
  let machine: Machine = {
    pipeline: ORCHESTRATE,
    settings: changeSettings({ ...FIRST, planningContext: choose(2) === 1 }, [], choose),
  };
  let state: RunState = { status: 'pending' };
  let step: Step = { state, effects: [] };
  let ghost = NOTHING_SEEN;
  let issued: Readonly<Record<string, number>> = {};
  let done = 0;
  const broken: string[] = [];
  for (let n = 0; n < STEPS_EACH; n += 1) {
    const event = nextEvent(step, ghost.nextTree, pick, choose);
    if (event.type === 'resumed' && state.status !== 'pending') {
      const standing = names.slice(0, names.indexOf(event.from ?? state.progress.stage));
      machine = { ...machine, settings: changeSettings(machine.settings, standing, choose) };
    }
    step = transition(machine, state, event);
    const after = watch(machine, ghost, state, event, step);
    for (const [rule, holds] of Object.entries(RULES)) {
      if (!holds({ machine, from: state, event, step, before: ghost, after, issued })) {
        broken.push(`seed ${seed}, step ${n}: ${rule}`);
      }
    }
    const ordered = orders(step).map((order) => [`${order.stage}/${order.run.step}`, order.attempt]);
    issued = { ...issued, ...Object.fromEntries(ordered) };
    ghost = after;
    state = step.state;
    if (state.status === 'done') done += 1;
  }
  return { broken, done };
}

const FIRST: MachineSettings = {
  roles: [],
  planningContext: false,
  commands: 0,
  commandsFromContext: false,
  executionMaxIterations: 1,
  remediationMaxCycles: 0,
  delivery: [],
  simulateBlocked: false,
};

/** Mostly what goes well, so that the walk gets somewhere; now and then an end, and a resume from anywhere. */
function nextEvent(
  step: Step,
  tree: string,
  pick: <Item>(items: readonly Item[]) => Item,
  choose: Choose,
): RunEvent {
  const { state } = step;
  if (state.status === 'pending') return { type: 'started' };
  const names = stageNames(ORCHESTRATE);
  const awaited = step.effects.at(-1);
  const over = awaited === undefined || awaited.type === 'finish';
  if (over || choose(25) === 0) {
    const reached = names.slice(0, names.indexOf(state.progress.stage) + 1);
    return { type: 'resumed', from: choose(2) === 0 ? null : pick(reached) };
  }
  if (choose(25) === 0) return pick([SIGNALLED, BROKE]);
  const possible = eventsOf(awaited, tree);
  const [best] = possible;
  return best !== undefined && choose(4) > 0 ? best : pick(possible);
}

t.test('the rules hold where every resume brings other settings for what has not completed', async (t) => {
  let done = 0;
  const broken: string[] = [];
  for (let seed = 1; seed <= WALKS; seed += 1) {
    const walked = wander(seed);
    done += walked.done;
    broken.push(...walked.broken);
  }
  t.strictSame(broken.slice(0, 5), []);
  t.ok(done > WALKS / 4, 'the walks come to an end often enough to mean something');
  t.comment(`${WALKS} walks of ${STEPS_EACH} steps, ${done} times done`);
});
