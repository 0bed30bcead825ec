import { type GateName, REASON_CODES } from '../gates/gate.ts';
import { undecidedGate } from '../gates/undecided.ts';
import { begin, type Machine, type Step } from './advance.ts';
import type { Effect } from './effect.ts';
import type { RunEvent } from './event.ts';
import { stageIndex, stageNames } from './pipeline.ts';
import type { BegunState, Progress } from './state.ts';

/**
 * Takes a run up again (spec section 6). Completed stages stay completed; the stage at hand starts over under
 * its next attempt number, with this invocation's budgets. `from` throws away what is from that stage on; one
 * that has not been reached would leave out the stages before it, and is a bug of the caller.
 */
export function resumeState(
  machine: Machine,
  state: BegunState,
  { from, anew = [] }: RunEvent & { type: 'resumed' },
): Step {
  const stage = from ?? state.progress.stage;
  if (stageIndex(machine.pipeline, stage) > stageIndex(machine.pipeline, state.progress.stage)) {
    throw new Error(`cannot run again from ${stage}: the run has only come to ${state.progress.stage}`);
  }
  const progress: Progress = {
    ...(from === null ? unfinished(state.progress) : rewind(machine, state.progress, from)),
    before: checksBefore(machine, state, from),
    cyclesUsed: 0,
    closed: from === null ? closedDecisions(state, anew) : null,
  };
  const next = begin(machine, progress, stage, state.progress.stage);
  const skipped: Effect[] =
    progress.completed.length > 0 ? [{ type: 'record-skipped', stages: progress.completed }] : [];
  return { state: next.state, effects: [...skipped, ...next.effects] };
}

/** A run that was done has completed its last stage too; to verify it is to decide that stage again. */
function unfinished(progress: Progress): Progress {
  return { ...progress, completed: progress.completed.filter((stage) => stage !== progress.stage) };
}

function rewind(machine: Machine, progress: Progress, from: string): Progress {
  const index = stageIndex(machine.pipeline, from);
  const kept = stageNames(machine.pipeline).slice(0, index);
  const judgedLater = takesTreeAt(machine) >= index;
  return {
    ...progress,
    completed: progress.completed.filter((stage) => kept.includes(stage)),
    nextSteps: [],
    tree: judgedLater ? null : progress.tree,
    contextCommands: index === 0 ? 0 : progress.contextCommands,
  };
}

function takesTreeAt(machine: Machine): number {
  return machine.pipeline.stages.findIndex((stage) => stage.tasks.some((task) => task.do === 'take-tree'));
}

/**
 * Between admission and the end of validation a binary may still start, so policy must allow it *now*. A run
 * that was blocked inside validation by a changed tree may not simply take the changed tree as the new one.
 */
function checksBefore(machine: Machine, state: BegunState, from: string | null): Progress['before'] {
  const stage = stageIndex(machine.pipeline, from ?? state.progress.stage);
  const admission = machine.pipeline.stages.findIndex((one) => one.tasks.some((task) => task.do === 'admit'));
  const binaries = machine.pipeline.stages.findLastIndex((one) =>
    one.tasks.some((task) => task.do === 'run-role' || task.do === 'run-commands'),
  );
  const checks: Progress['before'][number][] = [];
  if (admission >= 0 && stage > admission && stage <= binaries) checks.push('admit');
  if (from === null && stage === takesTreeAt(machine) && treeInQuestion(state)) checks.push('compare-tree');
  return checks;
}

/** Until the tree was compared as the same again, however often the run is blocked or ends in between. */
function treeInQuestion(state: BegunState): boolean {
  const blocked = state.status === 'blocked' && state.codes.includes(REASON_CODES.worktree);
  return state.progress.tree !== null && (blocked || state.progress.before.includes('compare-tree'));
}

/** What does not stand is kept as not decided, so that no later resume falls back on what was decided before. */
function closedDecisions(state: BegunState, anew: readonly GateName[]): Progress['closed'] {
  const closed = state.status === 'done' ? state.decisions : state.progress.closed;
  return closed?.map((one) => (anew.includes(one.gate) ? undecidedGate(one.gate) : one)) ?? null;
}
