import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import { decideGates } from '../../../src/core/gates/decide-gates.ts';
import type { Machine, Step } from '../../../src/core/machine/advance.ts';
import type { RunEvent } from '../../../src/core/machine/event.ts';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import type { BegunState, Progress } from '../../../src/core/machine/state.ts';
import { firstProgress, transition } from '../../../src/core/machine/transition.ts';
import { ALL_PASS, BROKE, SIGNALLED, STEPS, signals } from '../../fixtures/machine/events.ts';

const MACHINE: Machine = {
  pipeline: ORCHESTRATE,
  settings: {
    roles: ['manager', 'executor', 'reviewer'],
    planningContext: false,
    commands: 0,
    commandsFromContext: false,
    executionMaxIterations: 2,
    remediationMaxCycles: 1,
    delivery: [],
    simulateBlocked: false,
  },
};
const STAGES = stageNames(ORCHESTRATE);
const WHY = failure('stage_failed', 'it failed');
const DECIDED = decideGates(ALL_PASS);
const TREE = { digest: 'a' };

/** How far a run has come whose stage at hand is this one, once run. */
function cameTo(stage: string): Progress {
  const index = STAGES.indexOf(stage);
  return {
    ...firstProgress(ORCHESTRATE),
    stage,
    attempts: Object.fromEntries(STAGES.slice(0, index + 1).map((name) => [name, 1])),
    completed: STAGES.slice(0, index),
    tree: index >= STAGES.indexOf('validation') ? TREE : null,
  };
}

function done(): BegunState {
  return { status: 'done', progress: { ...cameTo('closure'), completed: STAGES }, decisions: DECIDED };
}

/** Each status that a run at `stage` can be found in. */
function foundAt(stage: string): Readonly<Record<string, BegunState>> {
  const progress = cameTo(stage);
  return {
    working: { status: 'working', progress },
    blocked: {
      status: 'blocked',
      progress,
      decisions: decideGates({}),
      codes: ['GATE_POLICY_DENIED_OR_UNKNOWN', 'GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED'],
    },
    failed: { status: 'failed', progress, failure: WHY },
    timeout: { status: 'timeout', progress, failure: WHY },
    interrupted: { status: 'interrupted', progress, failure: WHY },
  };
}

function resume(state: BegunState, from: string | null): Step {
  return transition(MACHINE, state, { type: 'resumed', from });
}

function begun({ state }: Step): BegunState {
  if (state.status === 'pending') throw new Error('a run cannot become pending again');
  return state;
}

function words(step: Step): readonly string[] {
  return step.effects.map((one) => {
    switch (one.type) {
      case 'enter-stage':
        return `enter ${one.to}`;
      case 'record-skipped':
        return `skip ${one.stages.join(' ')}`;
      case 'run':
        return `run ${one.order.run.step} ${one.order.attempt}`;
      default:
        return one.type;
    }
  });
}

const FIRST_DEEDS: Readonly<Record<string, readonly string[]>> = {
  planning: ['commit', 'run manager 2'],
  policy_ingestion: ['read-admission'],
  execution: ['read-admission'],
  validation: ['read-admission'],
  closure: ['check-evidence'],
};

t.test(
  'a run found in a stage goes on in that stage, enters nothing, and skips what is completed',
  async (t) => {
    for (const [index, stage] of STAGES.entries()) {
      const skipped = index === 0 ? [] : [`skip ${STAGES.slice(0, index).join(' ')}`];
      for (const [status, state] of Object.entries(foundAt(stage))) {
        const step = resume(state, null);
        t.strictSame(words(step), [...skipped, ...(FIRST_DEEDS[stage] ?? [])], `${status} in ${stage}`);
        t.match(step.state, { status: 'working', progress: { stage, attempts: { [stage]: 2 } } });
      }
    }
  },
);

t.test('a rerun from an earlier stage enters it, and keeps only what comes before', async (t) => {
  for (const [index, stage] of STAGES.entries()) {
    for (const [at, from] of STAGES.slice(0, index).entries()) {
      for (const [status, state] of Object.entries(foundAt(stage))) {
        const step = resume(state, from);
        const skipped = at === 0 ? [] : [`skip ${STAGES.slice(0, at).join(' ')}`];
        const expected = [...skipped, `enter ${from}`, ...(FIRST_DEEDS[from] ?? [])];
        t.strictSame(words(step), expected, `${status} in ${stage}, from ${from}`);
        t.match(step.state, {
          progress: { stage: from, completed: STAGES.slice(0, at), nextSteps: [], attempts: { [from]: 2 } },
        });
      }
    }
  }
});

t.test(
  'a rerun from validation or before forgets the tree that was taken, one from closure keeps it',
  async (t) => {
    for (const from of STAGES) {
      const { tree } = begun(resume(done(), from)).progress;
      t.strictSame(tree, from === 'closure' ? TREE : null, from);
    }
  },
);

t.test('a rerun from planning forgets the commands of the planning context', async (t) => {
  const state = begun({
    state: { status: 'failed', progress: { ...cameTo('closure'), contextCommands: 2 }, failure: WHY },
    effects: [],
  });
  t.equal(begun(resume(state, 'planning')).progress.contextCommands, 0);
  t.equal(begun(resume(state, 'execution')).progress.contextCommands, 2);
});

t.test('a rerun from a stage that has not been reached is a bug of the caller', async (t) => {
  for (const [index, stage] of STAGES.entries()) {
    for (const from of STAGES.slice(index + 1)) {
      for (const state of Object.values(foundAt(stage))) {
        t.throws(() => resume(state, from), { message: new RegExp(`^cannot run again from ${from}: `) });
      }
    }
  }
  t.throws(() => resume(done(), 'lunch'), { message: /no stage "lunch"/ });
});

t.test('a done run that is resumed runs nothing: evidence, tree and gates are looked at again', async (t) => {
  for (const from of [null, 'closure']) {
    let step = resume(done(), from);
    const seen = [...words(step)];
    for (const event of [
      { type: 'evidence-checked', changed: null },
      { type: 'tree-compared', same: true, signals: ALL_PASS },
      { type: 'gates-read', signals: ALL_PASS },
    ] as const) {
      step = transition(MACHINE, step.state, event);
      seen.push(...words(step));
    }
    const rest = ['check-evidence', 'compare-tree', 'read-gates', 'commit', 'finish'];
    t.strictSame(seen, [`skip ${STAGES.slice(0, 4).join(' ')}`, ...rest], String(from));
    t.match(step.state, { status: 'done', progress: { completed: STAGES, closed: null } });
  }
});

t.test('the decisions of a done run stand while it is verified, not once it is closed anew', async (t) => {
  const progressOf = (step: Step) => begun(step).progress.closed;
  t.strictSame(progressOf(resume(done(), null)), DECIDED);
  t.equal(progressOf(resume(done(), 'closure')), null);
  t.equal(progressOf(resume(done(), 'validation')), null);
});

t.test('a verification that is cut off is taken up as one, one that failed is not', async (t) => {
  const verifying = resume(done(), null);
  const after = (event: RunEvent) => {
    const resumed = resume(begun(transition(MACHINE, verifying.state, event)), null).state;
    return resumed.status === 'working' ? resumed.progress.closed : null;
  };
  t.strictSame(after(SIGNALLED), DECIDED);
  t.equal(after(BROKE), null);
});

t.test('a done run whose evidence, tree or gates no longer hold does not end done', async (t) => {
  const verifying = resume(done(), null);
  const then = (events: readonly RunEvent[]) =>
    events.reduce((step, event) => transition(MACHINE, step.state, event), verifying).state.status;
  const checked: RunEvent = { type: 'evidence-checked', changed: null };
  const same: RunEvent = { type: 'tree-compared', same: true, signals: ALL_PASS };
  t.equal(then([BROKE]), 'failed');
  t.equal(then([checked, { type: 'tree-compared', same: false, signals: ALL_PASS }]), 'blocked');
  t.equal(
    then([checked, same, { type: 'gates-read', signals: signals('allow', 'failure', 'approved') }]),
    'blocked',
  );
});

t.test('before anything of execution or validation runs on, policy must allow it now', async (t) => {
  for (const stage of ['execution', 'validation']) {
    for (const [status, state] of Object.entries(foundAt(stage))) {
      const resumed = resume(state, null);
      const denied = transition(MACHINE, resumed.state, {
        type: 'admission-read',
        signals: signals('deny', null, null),
      });
      t.match(denied.state, { status: 'blocked', progress: { stage } }, `${status} in ${stage}`);
      t.strictSame(words(denied), ['commit', 'finish']);
    }
  }
});

function blockedByTree(): BegunState {
  return {
    status: 'blocked',
    progress: cameTo('validation'),
    decisions: DECIDED,
    codes: ['WORKTREE_CHANGED_SINCE_VALIDATION'],
  };
}

const ADMITTED: RunEvent = { type: 'admission-read', signals: ALL_PASS };

t.test('validation that a changed tree blocked compares it before it takes another', async (t) => {
  const admitted = transition(MACHINE, resume(blockedByTree(), null).state, ADMITTED);
  t.strictSame(words(admitted), ['compare-tree']);
  const same = transition(MACHINE, admitted.state, { type: 'tree-compared', same: true, signals: ALL_PASS });
  t.strictSame(words(same), ['commit', 'take-tree']);
  const changed = transition(MACHINE, admitted.state, {
    type: 'tree-compared',
    same: false,
    signals: ALL_PASS,
  });
  t.match(changed.state, { status: 'blocked', codes: ['WORKTREE_CHANGED_SINCE_VALIDATION'] });
});

t.test('a changed tree stays in question however the resumes in between end', async (t) => {
  const ends: Readonly<Record<string, RunEvent>> = {
    'a signal': SIGNALLED,
    'git that failed': BROKE,
    'a policy that is gone': { type: 'admission-read', signals: {} },
  };
  for (const [name, event] of Object.entries(ends)) {
    const ended = begun(transition(MACHINE, resume(blockedByTree(), null).state, event));
    t.strictSame(words(transition(MACHINE, resume(ended, null).state, ADMITTED)), ['compare-tree'], name);
  }
  const killed = resume(begun(resume(blockedByTree(), null)), null);
  t.strictSame(words(transition(MACHINE, killed.state, ADMITTED)), ['compare-tree'], 'killed');
});

t.test('validation blocked by policy alone takes the tree as it is now', async (t) => {
  const [blocked] = Object.values(foundAt('validation')).filter((one) => one.status === 'blocked');
  if (blocked === undefined) throw new Error('no blocked state');
  t.strictSame(words(transition(MACHINE, resume(blocked, null).state, ADMITTED)), ['commit', 'take-tree']);
});

t.test('--rerun-from validation takes a changed tree as the new one', async (t) => {
  const admitted = transition(MACHINE, resume(blockedByTree(), 'validation').state, ADMITTED);
  t.strictSame(words(admitted), ['commit', 'take-tree']);
});

t.test('budgets begin anew with each invocation, attempt and cycle numbers go on', async (t) => {
  const progress: Progress = {
    ...cameTo('execution'),
    attempts: { planning: 1, policy_ingestion: 1, execution: 4, validation: 2 },
    charged: 2,
    cycle: 3,
    cyclesUsed: 1,
    nextSteps: STEPS,
  };
  const admitted = transition(
    MACHINE,
    resume({ status: 'failed', progress, failure: WHY }, null).state,
    ADMITTED,
  );
  t.match(admitted.effects.at(-1), { type: 'run', order: { attempt: 5, cycle: 3, nextSteps: STEPS } });
  t.match(admitted.state, { progress: { charged: 1, cyclesUsed: 0 } });
});

t.test('a resumed run that has not begun is started', async (t) => {
  const step = transition(MACHINE, { status: 'pending' }, { type: 'resumed', from: null });
  t.strictSame(words(step), ['enter planning', 'commit', 'run manager 1']);
});

t.test('a gate that a done run decides anew is kept as not decided, by every later resume', async (t) => {
  const anew = ['ci'] as const;
  const first = transition(MACHINE, done(), { type: 'resumed', from: null, anew });
  t.strictSame(closedOf(first), [true, false, true]);
  t.strictSame(closedOf(transition(MACHINE, first.state, { type: 'resumed', from: null })), [
    true,
    false,
    true,
  ]);
  t.strictSame(closedOf(transition(MACHINE, done(), { type: 'resumed', from: null })), [true, true, true]);
});

function closedOf({ state }: Step): readonly boolean[] {
  if (state.status === 'pending') return [];
  return (state.progress.closed ?? []).map((one) => one.passed);
}
