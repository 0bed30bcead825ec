import { unreachable } from '../unreachable.ts';
import type { Effect } from './effect.ts';
import { type Pipeline, runsBinaries, stageIndex } from './pipeline.ts';
import type { Progress, RunState } from './state.ts';
import { type MachineSettings, type Task, tasksOf } from './tasks.ts';

/** What the machine runs on: the stages as data, and what the operator configured. */
export interface Machine {
  readonly pipeline: Pipeline;
  readonly settings: MachineSettings;
}

/** A new state and what to do about it. */
export interface Step {
  readonly state: RunState;
  readonly effects: readonly Effect[];
}

/** The bound tasks of the stage at hand. */
export function tasksAt(machine: Machine, progress: Progress): readonly Task[] {
  const stage = machine.pipeline.stages[stageIndex(machine.pipeline, progress.stage)];
  if (stage === undefined) throw new Error(`no stage "${progress.stage}"`);
  return tasksOf(stage, machine.settings, progress.contextCommands);
}

/** The task at hand; null when the stage's tasks are all done. */
export function taskAt(machine: Machine, progress: Progress): Task | null {
  return tasksAt(machine, progress)[progress.task] ?? null;
}

/** Enters a stage, from the start of its tasks, under its next attempt number. */
export function begin(machine: Machine, from: Progress, stage: string, entered: string | null): Step {
  const attempt = (from.attempts[stage] ?? 0) + 1;
  const progress: Progress = {
    ...from,
    stage,
    task: 0,
    charged: 0,
    attempts: { ...from.attempts, [stage]: attempt },
  };
  const effects: Effect[] = entered === stage ? [] : [{ type: 'enter-stage', from: entered, to: stage }];
  const definition = machine.pipeline.stages[stageIndex(machine.pipeline, stage)];
  const idle = !tasksAt(machine, progress).some((task) => task.do === 'run');
  if (definition !== undefined && runsBinaries(definition) && idle) {
    effects.push({ type: 'record-not-configured', stage, attempt });
  }
  const next = perform(machine, progress);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Goes to the next task, or to the next stage where this one has none left. */
export function advance(machine: Machine, progress: Progress): Step {
  return perform(machine, { ...progress, task: progress.task + 1, charged: 0 });
}

/** The checks that resume asked for come first, then the task at hand. */
export function perform(machine: Machine, progress: Progress): Step {
  const [check] = progress.before;
  if (check === 'admit')
    return { state: { status: 'working', progress }, effects: [{ type: 'read-admission' }] };
  if (check === 'compare-tree') return compareTree(progress);
  const task = taskAt(machine, progress);
  if (task === null) return leave(machine, progress);
  // A run that was done is only verified: nothing of it is delivered again.
  const isVerified = progress.closed !== null && (task.do === 'admit-diff' || task.do === 'deliver');
  return isVerified ? advance(machine, progress) : performTask(task, progress);
}

function performTask(task: Task, progress: Progress): Step {
  const state: RunState = { status: 'working', progress };
  switch (task.do) {
    case 'write-context':
      return { state, effects: [{ type: 'commit' }, { type: 'write-context' }] };
    case 'admit':
      return { state, effects: [{ type: 'read-admission' }] };
    case 'run':
      return startRun(task, progress);
    case 'take-tree':
      return { state, effects: [{ type: 'commit' }, { type: 'take-tree' }] };
    case 'check-evidence':
      return { state, effects: [{ type: 'check-evidence' }] };
    case 'compare-tree':
      return compareTree(progress);
    case 'admit-diff':
      return { state, effects: [{ type: 'read-diff-admission' }] };
    case 'deliver':
      return { state, effects: [{ type: 'commit' }, { type: 'deliver', step: task.step }] };
    case 'decide-gates':
      return { state, effects: [{ type: 'read-gates' }] };
    default:
      return unreachable(task);
  }
}

function startRun(task: Task & { do: 'run' }, before: Progress): Step {
  const progress = { ...before, charged: before.charged + 1 };
  const order = {
    stage: progress.stage,
    run: task.run,
    attempt: progress.attempts[progress.stage] ?? 1,
    cycle: progress.cycle,
    nextSteps: progress.nextSteps,
  };
  return { state: { status: 'working', progress }, effects: [{ type: 'commit' }, { type: 'run', order }] };
}

function compareTree(progress: Progress): Step {
  if (progress.tree === null) throw new Error(`nothing to compare the work tree with in ${progress.stage}`);
  return {
    state: { status: 'working', progress },
    effects: [{ type: 'compare-tree', tree: progress.tree }],
  };
}

function leave(machine: Machine, progress: Progress): Step {
  const index = stageIndex(machine.pipeline, progress.stage);
  const next = machine.pipeline.stages[index + 1];
  if (next === undefined) throw new Error(`the last stage, ${progress.stage}, ended without a decision`);
  const left = { ...progress, completed: [...progress.completed, progress.stage] };
  return begin(machine, left, next.name, progress.stage);
}
