import type { Observation } from '../../core/observation.ts';
import { agentLines } from '../harmless.ts';
import { createPalette } from '../palette.ts';
import { describeEnding } from './describe-ending.ts';
import { describeObservation, who } from './describe-observation.ts';
import { createLiveLine } from './live-line.ts';
import { joined, toned } from './plain-progress.ts';
import type { Progress, ProgressOptions, StartTimer } from './progress.ts';

/** For a terminal: lines that stay for what has happened, and one live line for the attempt under way. */
export function createTerminalProgress(options: ProgressOptions, startTimer: StartTimer): Progress {
  const palette = createPalette(options.color);
  const live = createLiveLine(options, startTimer, palette.dim);
  const stay = (observation: Observation): void => {
    const line = describeObservation(observation);
    if (line !== null) live.above(`${toned(line, palette)}\n`);
  };
  const observe = (observation: Observation): void => {
    switch (observation.type) {
      case 'attempt-started':
        live.begin(headOf(observation));
        return;
      case 'attempt-output':
        live.say(observation.line);
        if (options.verbose) live.above(joined(agentLines(observation.stage, observation.line)));
        return;
      case 'attempt-ended':
        live.settle();
        stay(observation);
        return;
      case 'run-ended':
        live.settle();
        options.write(joined(describeEnding(observation, options.place, palette)));
        return;
      case 'stage-entered':
        return;
      default:
        stay(observation);
    }
  };
  return { observe, close: live.settle };
}

function headOf(started: Observation & { readonly type: 'attempt-started' }): string {
  const attempt = started.attempt > 1 ? ` attempt ${started.attempt}` : '';
  return `${who(started)}${attempt}`;
}
