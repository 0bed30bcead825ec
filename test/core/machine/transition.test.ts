import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import { decideGates } from '../../../src/core/gates/decide-gates.ts';
import { REASON_CODES } from '../../../src/core/gates/gate.ts';
import type { Machine, Step } from '../../../src/core/machine/advance.ts';
import type { RunEvent } from '../../../src/core/machine/event.ts';
import { ORCHESTRATE } from '../../../src/core/machine/pipeline.ts';
import type { Progress, RunState } from '../../../src/core/machine/state.ts';
import type { MachineSettings } from '../../../src/core/machine/tasks.ts';
import { firstProgress, transition } from '../../../src/core/machine/transition.ts';
import {
  ALL_PASS,
  ALL_SIGNALS,
  BOUND_EVENTS,
  BROKE,
  OVER_TIME,
  SIGNALLED,
  STEPS,
  signals,
} from '../../fixtures/machine/events.ts';

const SETTINGS: MachineSettings = {
  roles: ['manager', 'executor', 'reviewer'],
  planningContext: true,
  commands: 1,
  commandsFromContext: false,
  executionMaxIterations: 1,
  remediationMaxCycles: 0,
  delivery: [],
  simulateBlocked: false,
};

function machineWith(more: Partial<MachineSettings> = {}): Machine {
  return { pipeline: ORCHESTRATE, settings: { ...SETTINGS, ...more } };
}

const MACHINE = machineWith();
const WHY = failure('stage_failed', 'it failed');
const SUCCESS: RunEvent = { type: 'command-ended', end: { ended: 'success' } };

function failed(
  more: { again?: boolean; ended?: 'failed' | 'timeout'; nextSteps?: typeof STEPS } = {},
): RunEvent {
  const { again = false, ended = 'failed', nextSteps = [] } = more;
  return { type: 'command-ended', end: { ended, failure: WHY, again, nextSteps } };
}

function progress(more: Partial<Progress> = {}): Progress {
  return { ...firstProgress(ORCHESTRATE), ...more };
}

/** Drives a run through events; returns the last step and every effect on the way. */
function drive(machine: Machine, events: readonly RunEvent[]): Step {
  return events.reduce<Step>(
    ({ state, effects }, event) => {
      const step = transition(machine, state, event);
      return { state: step.state, effects: [...effects, ...step.effects] };
    },
    { state: { status: 'pending' }, effects: [] },
  );
}

function entersOf(step: Step): readonly (readonly [string | null, string])[] {
  return step.effects.flatMap((one) => (one.type === 'enter-stage' ? [[one.from, one.to] as const] : []));
}

function ordersOf(step: Step): readonly string[] {
  return step.effects.flatMap((one) =>
    one.type === 'run' ? [`${one.order.stage}/${one.order.run.step} ${one.order.attempt}`] : [],
  );
}

const TAKEN: RunEvent = { type: 'tree-taken', digest: 'a' };
const SAME: RunEvent = { type: 'tree-compared', same: true, signals: ALL_PASS };
const ADMITTED: RunEvent = { type: 'admission-read', signals: ALL_PASS };
const CHECKED: RunEvent = { type: 'evidence-checked', changed: null };
const CLOSED: RunEvent = { type: 'gates-read', signals: ALL_PASS };
const CONTEXT: RunEvent = { type: 'context-written', commands: 0 };
/** From nothing to the reviewer's end, with every role. */
const TO_REVIEW: readonly RunEvent[] = [{ type: 'started' }, CONTEXT, SUCCESS, ADMITTED, SUCCESS, TAKEN];
const TO_CLOSURE: readonly RunEvent[] = [...TO_REVIEW, SUCCESS, SAME, SUCCESS, SAME];
const STRAIGHT: readonly RunEvent[] = [...TO_CLOSURE, CHECKED, SAME, CLOSED];

/** One state of each status, and of `working` one per task that waits for an event. */
function states(): Readonly<Record<string, RunState>> {
  const working = (more: Partial<Progress>): RunState => ({ status: 'working', progress: progress(more) });
  const at = progress({ stage: 'closure', tree: { digest: 'a' } });
  const decisions = decideGates({});
  return {
    pending: { status: 'pending' },
    'working, write-context': working({}),
    'working, run': working({ task: 1 }),
    'working, read-admission': working({ stage: 'policy_ingestion' }),
    'working, take-tree': working({ stage: 'validation' }),
    'working, compare-tree': working({ stage: 'validation', task: 2, tree: { digest: 'a' } }),
    'working, check-evidence': working({ stage: 'closure', tree: { digest: 'a' } }),
    'working, read-gates': working({ stage: 'closure', task: 2, tree: { digest: 'a' } }),
    'working, read-admission first': working({ stage: 'execution', before: ['admit'] }),
    'working, compare-tree first': working({
      stage: 'validation',
      before: ['compare-tree'],
      tree: { digest: 'a' },
    }),
    done: { status: 'done', progress: at, decisions },
    blocked: { status: 'blocked', progress: at, decisions, codes: ['SIMULATED_BLOCK'] },
    failed: { status: 'failed', progress: at, failure: WHY },
    timeout: { status: 'timeout', progress: at, failure: WHY },
    interrupted: { status: 'interrupted', progress: at, failure: WHY },
  };
}

const EVENTS: Readonly<Record<string, RunEvent>> = {
  started: { type: 'started' },
  resumed: { type: 'resumed', from: null },
  ...BOUND_EVENTS,
  signalled: SIGNALLED,
  'over time': OVER_TIME,
  broke: BROKE,
};

t.test('each state takes the events that can happen in it and throws at every other', async (t) => {
  const always = ['signalled', 'over time', 'broke', 'resumed'];
  const expected = (state: string): readonly string[] => {
    if (state === 'pending') return ['started', 'resumed'];
    const awaited = /^working, ([a-z-]+)/.exec(state)?.[1];
    return awaited === undefined ? ['resumed'] : [awaited, ...always];
  };
  for (const [stateName, state] of Object.entries(states())) {
    const taken = Object.entries(EVENTS).flatMap(([name, event]) => {
      try {
        transition(MACHINE, state, event);
        return [name];
      } catch {
        return [];
      }
    });
    t.strictSame([...taken].sort(), [...expected(stateName)].sort(), stateName);
  }
});

t.test('a refused event names itself and the state', async (t) => {
  t.throws(() => transition(MACHINE, { status: 'pending' }, CHECKED), {
    message: 'event "evidence-checked" cannot happen while pending',
  });
  t.throws(() => transition(MACHINE, { status: 'working', progress: progress() }, CHECKED), {
    message: 'event "evidence-checked" cannot happen while working in planning',
  });
});

t.test('a straight run enters five stages, the first from nothing, and ends done', async (t) => {
  const step = drive(MACHINE, STRAIGHT);
  t.equal(step.state.status, 'done');
  t.strictSame(entersOf(step), [
    [null, 'planning'],
    ['planning', 'policy_ingestion'],
    ['policy_ingestion', 'execution'],
    ['execution', 'validation'],
    ['validation', 'closure'],
  ]);
  t.strictSame(ordersOf(step), [
    'planning/manager 1',
    'execution/executor 1',
    'validation/reviewer 1',
    'validation/command-1 1',
  ]);
  t.strictSame(
    step.effects.map((one) => one.type),
    [
      ...['enter-stage', 'commit', 'write-context', 'commit', 'run'],
      ...['enter-stage', 'read-admission'],
      ...['enter-stage', 'commit', 'run'],
      ...[
        'enter-stage',
        'commit',
        'take-tree',
        'commit',
        'run',
        'compare-tree',
        'commit',
        'run',
        'compare-tree',
      ],
      ...['enter-stage', 'check-evidence', 'compare-tree', 'read-gates', 'commit', 'finish'],
    ],
  );
});

t.test('a run of nothing at all still enters five stages and says what was not configured', async (t) => {
  const machine = machineWith({ roles: [], planningContext: false, commands: 0 });
  const step = drive(machine, [{ type: 'started' }, ADMITTED, TAKEN, CHECKED, SAME, CLOSED]);
  t.equal(step.state.status, 'done');
  t.equal(entersOf(step).length, 5);
  t.strictSame(
    step.effects.flatMap((one) =>
      one.type === 'record-not-configured' ? [`${one.stage} ${one.attempt}`] : [],
    ),
    ['planning 1', 'execution 1', 'validation 1'],
  );
});

t.test(
  'of the 36 gate combinations one ends done, the others blocked with the codes of those that did not pass',
  async (t) => {
    const { state } = drive(MACHINE, [...TO_CLOSURE, CHECKED, SAME]);
    const ends = ALL_SIGNALS.map((read) => transition(MACHINE, state, { type: 'gates-read', signals: read }));
    t.equal(ends.length, 36);
    t.equal(ends.filter((step) => step.state.status === 'done').length, 1);
    for (const [index, { state, effects }] of ends.entries()) {
      const decisions = decideGates(ALL_SIGNALS[index] ?? {});
      const codes = decisions.flatMap((one) => (one.reason_code === null ? [] : [one.reason_code]));
      t.match(
        state,
        codes.length === 0 ? { status: 'done', decisions } : { status: 'blocked', decisions, codes },
      );
      t.strictSame(
        effects.map((one) => one.type),
        ['commit', 'finish'],
      );
    }
  },
);

t.test('what changed while the gates were read blocks, though all of them passed', async (t) => {
  const changed: RunEvent = { type: 'gates-read', signals: ALL_PASS, changed: REASON_CODES.worktree };
  t.match(drive(MACHINE, [...TO_CLOSURE, CHECKED, SAME, changed]).state, {
    status: 'blocked',
    codes: ['WORKTREE_CHANGED_SINCE_VALIDATION'],
  });
});

t.test('a simulated block ends blocked with its own code beside those of the gates', async (t) => {
  const machine = machineWith({ simulateBlocked: true });
  t.match(drive(machine, STRAIGHT).state, { status: 'blocked', codes: ['SIMULATED_BLOCK'] });
  const closedOut: RunEvent = { type: 'gates-read', signals: signals('allow', 'failure', 'approved') };
  t.match(drive(machine, [...STRAIGHT.slice(0, -1), closedOut]).state, {
    status: 'blocked',
    codes: ['GATE_CI_NOT_SUCCESS', 'SIMULATED_BLOCK'],
  });
});

t.test(
  'without policy=allow the run is blocked at admission and the executor is never ordered',
  async (t) => {
    for (const policy of ['deny', 'unknown', 'Allow', ' allow', '', null]) {
      const read: RunEvent = { type: 'admission-read', signals: signals(policy, 'success', 'approved') };
      const step = drive(MACHINE, [{ type: 'started' }, CONTEXT, SUCCESS, read]);
      t.match(step.state, {
        status: 'blocked',
        progress: { stage: 'policy_ingestion', completed: ['planning'] },
        codes: ['GATE_POLICY_DENIED_OR_UNKNOWN'],
      });
      t.strictSame(ordersOf(step), ['planning/manager 1'], String(policy));
    }
  },
);

t.test(
  'a block at admission has all three gates decided, and the codes of all that did not pass',
  async (t) => {
    const read: RunEvent = { type: 'admission-read', signals: {} };
    const { state } = drive(MACHINE, [{ type: 'started' }, CONTEXT, SUCCESS, read]);
    t.match(state, {
      status: 'blocked',
      decisions: [{ gate: 'policy' }, { gate: 'ci' }, { gate: 'review' }],
      codes: ['GATE_POLICY_DENIED_OR_UNKNOWN', 'GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED'],
    });
  },
);

t.test('a tree that validation or closure finds changed blocks, even with every gate passed', async (t) => {
  const changed: RunEvent = { type: 'tree-compared', same: false, signals: ALL_PASS };
  for (const events of [
    [...TO_REVIEW, SUCCESS],
    [...TO_REVIEW, SUCCESS, SAME, SUCCESS],
    [...TO_CLOSURE, CHECKED],
  ]) {
    const { state } = drive(MACHINE, [...events, changed]);
    t.match(state, { status: 'blocked', codes: ['WORKTREE_CHANGED_SINCE_VALIDATION'] });
  }
});

t.test('outside git the tree that is compared is the one without a digest', async (t) => {
  const step = drive(MACHINE, [...TO_REVIEW.slice(0, -1), { type: 'tree-taken', digest: null }, SUCCESS]);
  t.strictSame(step.effects.at(-1), { type: 'compare-tree', tree: { digest: null } });
});

t.test('the executor gets its attempts and no more, each with a number of its own', async (t) => {
  const machine = machineWith({ executionMaxIterations: 3 });
  const toExecutor: readonly RunEvent[] = [{ type: 'started' }, CONTEXT, SUCCESS, ADMITTED];
  const again = failed({ again: true });
  const third = drive(machine, [...toExecutor, again, again]);
  t.strictSame(ordersOf(third).slice(1), [
    'execution/executor 1',
    'execution/executor 2',
    'execution/executor 3',
  ]);
  const spent = transition(machine, third.state, again);
  t.match(spent.state, { status: 'failed', failure: WHY });
  const hopeless = drive(machine, [...toExecutor, failed()]);
  t.equal(hopeless.state.status, 'failed', 'no second attempt where none can help');
});

t.test(
  'only the executor has attempts: a manager, reviewer or command that fails ends the run',
  async (t) => {
    const machine = machineWith({ executionMaxIterations: 3 });
    const again = failed({ again: true });
    for (const events of [
      [{ type: 'started' } as const, CONTEXT],
      TO_REVIEW,
      [...TO_REVIEW, SUCCESS, SAME],
    ]) {
      t.equal(drive(machine, [...events, again]).state.status, 'failed');
    }
  },
);

t.test('a stage that timed out, and a run over its limit, end as timeout', async (t) => {
  t.equal(
    drive(MACHINE, [{ type: 'started' }, CONTEXT, failed({ ended: 'timeout' })]).state.status,
    'timeout',
  );
  t.equal(drive(MACHINE, [{ type: 'started' }, OVER_TIME]).state.status, 'timeout');
});

t.test('a signal leaves the run interrupted where it was, what broke fails it', async (t) => {
  t.match(drive(MACHINE, [...TO_REVIEW, SIGNALLED]).state, {
    status: 'interrupted',
    progress: { stage: 'validation' },
    failure: { reason: 'interrupted', signal: 'SIGINT' },
  });
  t.match(drive(MACHINE, [...TO_REVIEW, BROKE]).state, {
    status: 'failed',
    failure: { reason: 'git_failed' },
  });
});

t.test('a reviewer with next steps sends the run back to execution while cycles are left', async (t) => {
  const machine = machineWith({ remediationMaxCycles: 1 });
  const back = drive(machine, [...TO_REVIEW, failed({ nextSteps: STEPS })]);
  t.strictSame(back.effects.slice(-3), [
    { type: 'enter-stage', from: 'validation', to: 'execution' },
    { type: 'commit' },
    {
      type: 'run',
      order: {
        stage: 'execution',
        run: { step: 'executor', role: 'executor', command: null, budget: 1 },
        attempt: 2,
        cycle: 1,
        nextSteps: STEPS,
      },
    },
  ]);
  t.match(back.state, { progress: { completed: ['planning', 'policy_ingestion'], tree: null } });
  const second: readonly RunEvent[] = [SUCCESS, TAKEN, failed({ nextSteps: STEPS })];
  const spent = second.reduce((step, event) => transition(machine, step.state, event), back);
  t.match(spent.state, { status: 'failed', failure: WHY });
  const good = [SUCCESS, TAKEN, SUCCESS, SAME, SUCCESS, SAME, CHECKED, SAME, CLOSED].reduce(
    (step, event) => transition(machine, step.state, event),
    back,
  );
  t.equal(good.state.status, 'done');
});

t.test('without next steps, or without cycles, a failing review ends the run', async (t) => {
  const machine = machineWith({ remediationMaxCycles: 1 });
  t.equal(drive(machine, [...TO_REVIEW, failed()]).state.status, 'failed');
  t.equal(drive(MACHINE, [...TO_REVIEW, failed({ nextSteps: STEPS })]).state.status, 'failed');
});

t.test('the steps a reviewer asked for reach all that runs in the cycle that answers them', async (t) => {
  const machine = machineWith({ remediationMaxCycles: 1, executionMaxIterations: 2 });
  const again: readonly RunEvent[] = [failed({ nextSteps: STEPS }), failed({ again: true }), SUCCESS, TAKEN];
  const orders = drive(machine, [...TO_REVIEW, ...again, SUCCESS, SAME]).effects.flatMap((one) =>
    one.type === 'run' ? [one.order] : [],
  );
  t.strictSame(
    orders.map((order) => [order.run.step, order.cycle, order.nextSteps.length]),
    [
      ['manager', 0, 0],
      ['executor', 0, 0],
      ['reviewer', 0, 0],
      ['executor', 1, 1],
      ['executor', 1, 1],
      ['reviewer', 1, 1],
      ['command-1', 1, 1],
    ],
  );
});

t.test(
  "the context's validation commands run after the operator's own, where that is asked for",
  async (t) => {
    const context: RunEvent = { type: 'context-written', commands: 2 };
    const events = [{ type: 'started' } as const, context, SUCCESS, ADMITTED, SUCCESS, TAKEN, SUCCESS, SAME];
    const rest = [SUCCESS, SAME, SUCCESS, SAME, SUCCESS, SAME];
    const asked = drive(machineWith({ commandsFromContext: true }), [...events, ...rest]);
    t.strictSame(ordersOf(asked).slice(3), [
      'validation/command-1 1',
      'validation/command-2 1',
      'validation/command-3 1',
    ]);
    t.match(drive(MACHINE, [...events, SUCCESS, SAME]).state, { progress: { stage: 'closure' } });
  },
);

t.test('in a pipeline with two budgeted runs in one stage each has the whole budget', async (t) => {
  const run = (role: 'manager' | 'executor') => ({ do: 'run-role', role, budget: 'execution' }) as const;
  const machine: Machine = {
    pipeline: {
      name: 'two runs',
      stages: [
        { name: 'work', tasks: [run('manager'), run('executor')], keepsTree: false, remediation: null },
        { name: 'closure', tasks: [{ do: 'decide-gates' }], keepsTree: false, remediation: null },
      ],
    },
    settings: { ...SETTINGS, executionMaxIterations: 2 },
  };
  const again = failed({ again: true });
  const step = drive(machine, [{ type: 'started' }, again, SUCCESS, again, SUCCESS, CLOSED]);
  t.equal(step.state.status, 'done');
  t.strictSame(ordersOf(step), ['work/manager 1', 'work/manager 2', 'work/executor 2', 'work/executor 3']);
});

t.test('a transition does not change the state it was given', async (t) => {
  const frozen = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  };
  let state: RunState = { status: 'pending' };
  for (const event of STRAIGHT) {
    frozen(state);
    ({ state } = transition(MACHINE, state, event));
  }
  t.equal(state.status, 'done');
});

t.test('a word that the types do not know is a bug', async (t) => {
  // The boundary: an event from a driver that the compiler did not check.
  const unknown = { type: 'dreamt' } as unknown as RunEvent;
  t.throws(() => transition(MACHINE, { status: 'working', progress: progress() }, unknown), /unreachable/);
  t.throws(() => firstProgress({ name: 'empty', stages: [] }), /at least one stage/);
});
