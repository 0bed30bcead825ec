import type { Observation, Observe } from '../../core/observation.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { EvidencePlace } from '../evidence-place.ts';
import { createJsonProgress } from './json-progress.ts';
import { type StartTimer, unrefTimer } from './live-line.ts';
import { createPlainProgress } from './plain-progress.ts';
import { createQuietProgress } from './quiet-progress.ts';
import { createTerminalProgress } from './terminal-progress.ts';

export const PROGRESS_MODES = ['plain', 'terminal', 'json', 'quiet'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export interface ProgressOptions {
  /** `terminal` only where stdout is one; CI and pipes get `plain`, so that no log holds a live line. */
  readonly mode: ProgressMode;
  /** May throw or fail: what cannot be told is lost, the run goes on (spec section 8). */
  readonly write: (text: string) => void;
  /** Columns of the terminal now; 0 where it does not say. */
  readonly columns: () => number;
  readonly color: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Unix ms. */
  readonly now: () => number;
  /** Echoes what the agents print, each line prefixed with its stage. */
  readonly verbose: boolean;
  /** What the commands that are suggested at the end have to name. */
  readonly place: EvidencePlace;
  /** The live line's clock; a timer that keeps no process alive where left out. */
  readonly startTimer?: StartTimer;
}

/** One way of telling a run. */
export interface Progress {
  readonly observe: Observe;
  /** Erases what is live and lets go of the timer; to be called once, whatever ended the run. */
  readonly close: () => void;
}

/** Tells a run as it goes. Neither function throws, whatever becomes of the output. */
export function createProgress(options: ProgressOptions): Progress {
  const guarded = { ...options, write: neverThrowing(options.write) };
  const told = select(guarded);
  return {
    observe: (observation: Observation) => silently(() => told.observe(observation)),
    close: () => silently(() => told.close()),
  };
}

function select(options: ProgressOptions): Progress {
  switch (options.mode) {
    case 'plain':
      return createPlainProgress(options);
    case 'terminal':
      return createTerminalProgress(options, options.startTimer ?? unrefTimer);
    case 'json':
      return createJsonProgress(options);
    case 'quiet':
      return createQuietProgress(options);
    default:
      return unreachable(options.mode);
  }
}

/** After the first failure nothing more is tried: a closed pipe stays closed. */
function neverThrowing(write: (text: string) => void): (text: string) => void {
  let broken = false;
  return (text) => {
    if (broken) return;
    try {
      write(text);
    } catch {
      broken = true;
    }
  };
}

/** Telling is not the run: even a mistake in it must not end one. */
function silently(tell: () => void): void {
  try {
    tell();
  } catch {
    // Nobody is left to tell it to: the evidence holds what happened.
  }
}
