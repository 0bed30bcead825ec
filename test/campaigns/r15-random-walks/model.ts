import { exitCodeOfFailure, exitCodeOfRun } from '../../../src/core/exit-code.ts';
import type { Machine, Step } from '../../../src/core/machine/advance.ts';
import type { RunOrder } from '../../../src/core/machine/effect.ts';
import type { RunEvent } from '../../../src/core/machine/event.ts';
import { ORCHESTRATE } from '../../../src/core/machine/pipeline.ts';
import type { RunState } from '../../../src/core/machine/state.ts';
import { transition } from '../../../src/core/machine/transition.ts';
import { answer } from './deeds.ts';
import { say } from './gates.ts';
import { type Invocation, STAGES } from './invocation.ts';
import { newWorld, type World } from './world.ts';

/** What an invocation must show. */
export interface Prediction {
  readonly world: World;
  /** Null where it is killed. */
  readonly code: number | null;
  /** The starts that the agents note. */
  readonly starts: readonly string[];
  /** Nothing was taken up: the evidence stays as it was. */
  readonly refused: boolean;
}

/** What an invocation comes to, by the core's own transitions. */
export function predict(
  {
    delivers,
    ...settings
  }: Pick<Machine['settings'], 'roles' | 'commands' | 'planningContext'> & {
    readonly delivers: boolean;
  },
  before: World,
  invocation: Invocation,
): Prediction {
  if (isRefused(before, invocation)) return { world: before, code: 2, starts: [], refused: true };
  const taken = takeUp(before, invocation);
  const machine: Machine = {
    pipeline: ORCHESTRATE,
    settings: {
      ...settings,
      commandsFromContext: false,
      executionMaxIterations: taken.attempts,
      remediationMaxCycles: taken.cycles,
      delivery: delivers ? ['commit', 'push'] : [],
      simulateBlocked: invocation.simulateBlocked,
    },
  };
  const first: RunEvent = invocation.resume
    ? { type: 'resumed', from: invocation.rerunFrom }
    : { type: 'started' };
  return play(machine, taken, { invocation, first });
}

/** A stage that was not reached cannot be run again from, and one that stands cannot be changed: exit 2. */
function isRefused({ state }: World, { resume, rerunFrom, changesExecutor }: Invocation): boolean {
  if (!resume) return false;
  if (state.status === 'pending') throw new Error('a walk resumes only what has begun');
  const reached = STAGES.indexOf(state.progress.stage);
  const start = rerunFrom === null ? reached : STAGES.indexOf(rerunFrom);
  return start > reached || (changesExecutor && start > STAGES.indexOf('execution'));
}

function takeUp(before: World, { resume, asserted, attempts, cycles }: Invocation): World {
  const kept = resume
    ? before
    : { ...newWorld(true), tree: before.tree, left: before.left, head: before.head, base: before.head };
  const cut = kept.cutOff === null ? [] : [`${kept.cutOff} cancelled`];
  return {
    ...kept,
    attempts: attempts ?? kept.attempts,
    cycles: cycles ?? kept.cycles,
    assertions: say(kept.assertions, asserted),
    records: [...kept.records, ...cut],
    cutOff: null,
  };
}

function play(
  machine: Machine,
  taken: World,
  { invocation, first }: { readonly invocation: Invocation; readonly first: RunEvent },
): Prediction {
  const counts = new Map<string, number>();
  const starts: string[] = [];
  let step = transition(machine, taken.state, first);
  let world = record(taken, step);
  for (;;) {
    const deed = step.effects.at(-1);
    if (deed === undefined) throw new Error('a step without effects');
    if (deed.type === 'finish') return { world, code: codeOf(step.state), starts, refused: false };
    if (deed.type === 'run') starts.push(startOf(deed.order));
    const answered = answer(world, deed, { invocation, counts });
    world = answered.world;
    if (answered.event === null) return { world, code: null, starts, refused: false };
    step = transition(machine, step.state, answered.event);
    world = record(world, step);
  }
}

function record(world: World, step: Step): World {
  const entered = step.effects.flatMap((one) => (one.type === 'enter-stage' ? [one.to] : []));
  const records = step.effects.flatMap((one) => {
    if (one.type === 'record-skipped') return one.stages.map((stage) => `${stage} skipped`);
    return one.type === 'record-not-configured' ? [`${one.stage} not_configured`] : [];
  });
  return {
    ...world,
    state: step.state,
    entered: [...world.entered, ...entered],
    records: [...world.records, ...records],
  };
}

function startOf({ stage, attempt, run: { step } }: RunOrder): string {
  const key = step.startsWith('command-') ? `${attempt}:${step}` : attempt;
  return `start ${stage} ${key} ${step}`;
}

function codeOf(state: RunState): number {
  if (state.status === 'interrupted') return exitCodeOfFailure(state.failure);
  if (state.status === 'pending' || state.status === 'working') throw new Error(`ended ${state.status}`);
  return exitCodeOfRun(state.status, 'failure' in state ? state.failure : null);
}
