import type { failure } from '../failure.ts';
import {
  allPassed,
  blockingCodes,
  decideGates,
  evaluateGate,
  type GateSignals,
} from '../gates/decide-gates.ts';
import { REASON_CODES, type ReasonCode } from '../gates/gate.ts';
import { unreachable } from '../unreachable.ts';
import { advance, begin, type Machine, perform, type Step, taskAt } from './advance.ts';
import type { ChangedBesides, CommandEnd, RunEvent } from './event.ts';
import { type Pipeline, stageIndex } from './pipeline.ts';
import { resumeState } from './resume-state.ts';
import type { Progress, RunState } from './state.ts';

/**
 * The stage machine: what follows from what happened. Pure; an event that cannot happen in a state is a bug of
 * the driver and throws. `done` is reached at one place only, from a closure whose three gates all passed.
 */
export function transition(machine: Machine, state: RunState, event: RunEvent): Step {
  if (event.type === 'started') {
    return state.status === 'pending' ? start(machine) : illegal(state, event);
  }
  if (event.type === 'resumed') {
    return state.status === 'pending' ? start(machine) : resumeState(machine, state, event);
  }
  if (state.status !== 'working') return illegal(state, event);
  const { progress } = state;
  switch (event.type) {
    case 'context-written':
      return onTask(machine, progress, event, 'write-context', () =>
        advance(machine, { ...progress, contextCommands: event.commands }),
      );
    case 'command-ended':
      return onTask(machine, progress, event, 'run', () => commandEnded(machine, progress, event.end));
    case 'admission-read':
      return admissionRead(machine, progress, event);
    case 'tree-taken':
      return onTask(machine, progress, event, 'take-tree', () =>
        advance(machine, { ...progress, tree: { digest: event.digest } }),
      );
    case 'tree-compared':
      return treeCompared(machine, progress, event);
    case 'evidence-checked':
      return onTask(machine, progress, event, 'check-evidence', () =>
        besides(machine, progress, event.changed),
      );
    case 'diff-admission-read':
      return onTask(machine, progress, event, 'admit-diff', () =>
        evaluateGate('policy', event.signals.policy).passed
          ? advance(machine, progress)
          : block(progress, event.signals, []),
      );
    case 'delivered':
      return onTask(machine, progress, event, 'deliver', () => besides(machine, progress, event.refused));
    case 'gates-read':
      return onTask(machine, progress, event, 'decide-gates', () => close(machine, progress, event));
    case 'interrupted':
    case 'broke':
      return stop(progress, event);
    default:
      return unreachable(event);
  }
}

/** The first state of a run's progress: nothing has been entered yet. */
export function firstProgress(pipeline: Pipeline): Progress {
  const first = pipeline.stages[0];
  if (first === undefined) throw new Error('a pipeline has at least one stage');
  return {
    stage: first.name,
    task: 0,
    before: [],
    attempts: {},
    charged: 0,
    cycle: 0,
    cyclesUsed: 0,
    nextSteps: [],
    completed: [],
    tree: null,
    contextCommands: 0,
    closed: null,
  };
}

function start(machine: Machine): Step {
  const progress = firstProgress(machine.pipeline);
  return begin(machine, progress, progress.stage, null);
}

function illegal(state: RunState, event: RunEvent): never {
  throw new Error(`event "${event.type}" cannot happen while ${describe(state)}`);
}

function describe(state: RunState): string {
  return state.status === 'pending' ? 'pending' : `${state.status} in ${state.progress.stage}`;
}

function onTask(machine: Machine, progress: Progress, event: RunEvent, kind: string, next: () => Step): Step {
  const task = progress.before.length > 0 ? progress.before[0] : taskAt(machine, progress)?.do;
  return task === kind ? next() : illegal({ status: 'working', progress }, event);
}

function commandEnded(machine: Machine, progress: Progress, end: CommandEnd): Step {
  if (end.ended === 'success') return advance(machine, progress);
  const stage = machine.pipeline.stages[stageIndex(machine.pipeline, progress.stage)];
  const back = stage?.remediation ?? null;
  const cyclesLeft = machine.settings.remediationMaxCycles - progress.cyclesUsed;
  if (end.nextSteps.length > 0 && back !== null && cyclesLeft > 0) {
    return remediate(machine, { ...progress, nextSteps: end.nextSteps }, back);
  }
  const task = taskAt(machine, progress);
  if (end.again && task?.do === 'run' && progress.charged < task.run.budget) {
    const attempt = (progress.attempts[progress.stage] ?? 0) + 1;
    return perform(machine, { ...progress, attempts: { ...progress.attempts, [progress.stage]: attempt } });
  }
  return halt(progress, end.ended, end.failure);
}

function remediate(machine: Machine, progress: Progress, back: string): Step {
  const index = stageIndex(machine.pipeline, back);
  const kept = machine.pipeline.stages.slice(0, index).map((stage) => stage.name);
  const again: Progress = {
    ...progress,
    cycle: progress.cycle + 1,
    cyclesUsed: progress.cyclesUsed + 1,
    completed: progress.completed.filter((stage) => kept.includes(stage)),
    tree: null,
  };
  return begin(machine, again, back, progress.stage);
}

function admissionRead(
  machine: Machine,
  progress: Progress,
  event: RunEvent & { type: 'admission-read' },
): Step {
  return onTask(machine, progress, event, 'admit', () => {
    if (!evaluateGate('policy', event.signals.policy).passed) return block(progress, event.signals, []);
    const [, ...rest] = progress.before;
    return progress.before.length > 0
      ? perform(machine, { ...progress, before: rest })
      : advance(machine, progress);
  });
}

/** On, unless something that no gate sees closes the run. */
function besides(machine: Machine, progress: Progress, found: ChangedBesides | null): Step {
  return found === null ? advance(machine, progress) : block(progress, found.signals, [found.code]);
}

function treeCompared(
  machine: Machine,
  progress: Progress,
  event: RunEvent & { type: 'tree-compared' },
): Step {
  return onTask(machine, progress, event, 'compare-tree', () => {
    if (!event.same) return block(progress, event.signals, [REASON_CODES.worktree]);
    const [, ...rest] = progress.before;
    return progress.before.length > 0
      ? perform(machine, { ...progress, before: rest })
      : advance(machine, progress);
  });
}

function close(machine: Machine, progress: Progress, read: RunEvent & { type: 'gates-read' }): Step {
  const { signals, changed } = read;
  const extra: readonly ReasonCode[] = [
    ...(changed === undefined ? [] : [changed]),
    ...(machine.settings.simulateBlocked ? [REASON_CODES.simulated] : []),
  ];
  const decisions = decideGates(signals);
  if (!allPassed(decisions) || extra.length > 0) return block(progress, signals, extra);
  const closed: Progress = { ...progress, completed: [...progress.completed, progress.stage], closed: null };
  return {
    state: { status: 'done', progress: closed, decisions },
    effects: [{ type: 'commit' }, { type: 'finish' }],
  };
}

function block(progress: Progress, signals: GateSignals, extra: readonly ReasonCode[]): Step {
  const decisions = decideGates(signals);
  const codes = [...blockingCodes(decisions), ...extra];
  if (codes.length === 0) throw new Error('a block without a reason code');
  return {
    state: { status: 'blocked', progress: { ...progress, closed: null }, decisions, codes },
    effects: [{ type: 'commit' }, { type: 'finish' }],
  };
}

function stop(progress: Progress, event: RunEvent & { type: 'interrupted' | 'broke' }): Step {
  if (event.type === 'broke') return halt(progress, 'failed', event.failure);
  if (event.failure.reason === 'run_timeout') return halt(progress, 'timeout', event.failure);
  return {
    state: { status: 'interrupted', progress, failure: event.failure },
    effects: [{ type: 'commit' }, { type: 'finish' }],
  };
}

function halt(progress: Progress, status: 'failed' | 'timeout', why: ReturnType<typeof failure>): Step {
  return {
    state: { status, progress: { ...progress, closed: null }, failure: why },
    effects: [{ type: 'commit' }, { type: 'finish' }],
  };
}
