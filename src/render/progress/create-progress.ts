import type { Observation } from '../../core/observation.ts';
import { unreachable } from '../../core/unreachable.ts';
import { unrefTimer } from './frame-timer.ts';
import { createJsonProgress } from './json-progress.ts';
import { createPlainProgress } from './plain-progress.ts';
import type { Progress, ProgressOptions } from './progress.ts';
import { createQuietProgress } from './quiet-progress.ts';
import { createTerminalProgress } from './terminal-progress.ts';

/** Tells a run as it goes. None of its functions throws, whatever becomes of the output. */
export function createProgress(options: ProgressOptions): Progress {
  const guarded = { ...options, write: neverThrowing(options.write) };
  const told = select(guarded);
  return {
    observe: (observation: Observation) => silently(() => told.observe(observation)),
    close: () => silently(() => told.close()),
    hide: () => silently(() => told.hide()),
    redraw: () => silently(() => told.redraw()),
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
