import type { ObservationLine } from '../../formats/observation.ts';
import { harmlessJson } from '../harmless-json.ts';
import { nextCommand } from '../next-command.ts';
import { type Progress, type ProgressOptions, unmoved } from './progress.ts';

/** One JSON object per observation; what the agents print only with `--verbose`. */
export function createJsonProgress(options: ProgressOptions): Progress {
  return {
    ...unmoved,
    observe: (observation) => {
      if (observation.type === 'attempt-output' && !options.verbose) return;
      const time = new Date(options.now()).toISOString();
      const line: ObservationLine =
        observation.type === 'run-ended'
          ? { time, ...observation, next: nextCommand(observation, options.place) }
          : { time, ...observation };
      options.write(`${harmlessJson(JSON.stringify(line))}\n`);
    },
    close: () => {},
  };
}
