import type { DeliveryStep } from '../../core/delivery/delivery-step.ts';
import type { GateName } from '../../core/gates/gate.ts';
import type { Observation } from '../../core/observation.ts';
import type { ExecutionStatus, TerminalState } from '../../core/records.ts';

/** `stopped` is what an interruption leaves: neither good nor bad, a resume goes on there. */
export type StageState =
  | 'waiting'
  | 'running'
  | 'done'
  | 'skipped'
  | 'not configured'
  | 'failed'
  | 'blocked'
  | 'stopped';

export interface StageView {
  readonly name: string;
  readonly state: StageState;
  /** Unix ms when it was entered last; null before. */
  readonly since: number | null;
  /** How long it took; null until it has ended. */
  readonly durationMs: number | null;
}

export interface AttemptView {
  readonly step: string;
  readonly number: number;
  /** Unix ms. */
  readonly since: number;
  /** null while it is under way. */
  readonly status: ExecutionStatus | null;
}

export interface GateWait {
  readonly gate: GateName;
  readonly for: readonly string[];
  /** Unix ms of the deadline. */
  readonly until: number;
}

/** How a run stands, as far as it has told: all that the live block shows but the last line of output. */
export interface RunView {
  /** In the order of the pipeline. */
  readonly stages: readonly StageView[];
  /** The last attempt of the stage at hand. */
  readonly attempt: AttemptView | null;
  readonly wait: GateWait | null;
  readonly delivered: readonly DeliveryStep[];
}

/** A run that has not begun. */
export function firstView(stages: readonly string[]): RunView {
  return { stages: stages.map(waiting), attempt: null, wait: null, delivered: [] };
}

/** The stage at work; null between the ends of a run. */
export function stageAtWork(view: RunView): StageView | null {
  return view.stages.find((stage) => stage.state === 'running') ?? null;
}

/** What follows for the view from one observation, made at `now` (Unix ms). */
export function observed(view: RunView, observation: Observation, now: number): RunView {
  switch (observation.type) {
    case 'stage-entered':
      return enter(view, observation.stage, now);
    case 'stage-skipped':
      return { ...view, stages: withState(view, observation.stage, 'skipped') };
    case 'stage-not-configured':
      return { ...view, stages: withState(view, observation.stage, 'not configured') };
    case 'attempt-started': {
      const { stage, step, attempt } = observation;
      const isAtWork = stageAtWork(view)?.name === stage;
      return { ...(isAtWork ? view : enter(view, stage, now)), attempt: begun(step, attempt, now) };
    }
    case 'attempt-ended': {
      const { status } = observation.execution;
      if (status === 'success' || view.attempt === null) return { ...view, attempt: null };
      return { ...view, attempt: { ...view.attempt, status } };
    }
    case 'gate-waiting': {
      const { gate, left_ms } = observation;
      return { ...view, wait: { gate, for: observation.for, until: now + left_ms } };
    }
    case 'delivered':
      return { ...view, wait: null, delivered: [...view.delivered, observation.step] };
    case 'admission-decided':
    case 'gate-decided':
      return observation.decision.passed
        ? { ...view, wait: null }
        : { ...view, wait: null, stages: ended(view.stages, 'blocked', now) };
    case 'run-ended': {
      const state = stateAtEnd(observation.terminal_state);
      return { ...view, wait: null, stages: ended(view.stages, state, now) };
    }
    default:
      return view;
  }
}

function waiting(name: string): StageView {
  return { name, state: 'waiting', since: null, durationMs: null };
}

function begun(step: string, number: number, now: number): AttemptView {
  return { step, number, since: now, status: null };
}

/** What comes after the stage is still to come, also where a remediation goes back. */
function enter(view: RunView, name: string, now: number): RunView {
  const at = view.stages.findIndex((stage) => stage.name === name);
  const before = ended(at < 0 ? view.stages : view.stages.slice(0, at), 'done', now);
  const entered: StageView = { name, state: 'running', since: now, durationMs: null };
  const after = at < 0 ? [] : view.stages.slice(at + 1).map((stage) => waiting(stage.name));
  return { ...view, stages: [...before, entered, ...after], attempt: null, wait: null, delivered: [] };
}

/** The stage at work, if there is one among these, ends like this. */
function ended(stages: readonly StageView[], state: StageState, now: number): readonly StageView[] {
  return stages.map((stage) =>
    stage.state === 'running'
      ? { ...stage, state, durationMs: Math.max(0, now - (stage.since ?? now)) }
      : stage,
  );
}

function withState(view: RunView, name: string, state: StageState): readonly StageView[] {
  return view.stages.map((stage) => (stage.name === name ? { ...stage, state } : stage));
}

function stateAtEnd(terminal: TerminalState | null): StageState {
  if (terminal === null) return 'stopped';
  return terminal === 'timeout' ? 'failed' : terminal;
}
