import type { RunState } from '../../../src/core/machine/state.ts';
import type { Assertions } from './gates.ts';

/** What the model knows of a run between two invocations. */
export interface World {
  readonly state: RunState;
  readonly attempts: number;
  readonly cycles: number;
  readonly assertions: Assertions;
  /** Which content the work tree has; null outside git, where there is none to compare. */
  readonly tree: number | null;
  /** Which content HEAD has, and which it had when the run began. */
  readonly head: number;
  readonly base: number;
  /** Steps whose artifact lies in its place. */
  readonly left: readonly string[];
  /** `stage status` of every record, and the stages entered, in order. */
  readonly records: readonly string[];
  readonly entered: readonly string[];
  /** The stage of an attempt that was cut off by SIGKILL. */
  readonly cutOff: string | null;
}

/** A run that has not begun. */
export function newWorld(isGit: boolean): World {
  return {
    state: { status: 'pending' },
    attempts: 1,
    cycles: 0,
    assertions: {},
    tree: isGit ? 0 : null,
    head: 0,
    base: 0,
    left: [],
    records: [],
    entered: [],
    cutOff: null,
  };
}
