import { createPalette } from '../palette.ts';
import { describeEnding } from './describe-ending.ts';
import { describeObservation } from './describe-observation.ts';
import { createEcho, createGroupedEcho } from './echo.ts';
import { joined, toned } from './lines.ts';
import { type Progress, type ProgressOptions, unmoved } from './progress.ts';

/** For CI and pipes: one line per event, with the UTC time, nothing that moves. */
export function createPlainProgress(options: ProgressOptions): Progress {
  const palette = createPalette(options.color);
  const echo = options.groups ? createGroupedEcho(options.write) : createEcho(options.write);
  return {
    ...unmoved,
    observe: (observation) => {
      if (observation.type === 'attempt-output') {
        if (options.verbose) echo.say(observation);
        return;
      }
      echo.close();
      if (observation.type === 'run-ended') {
        options.write(joined(describeEnding(observation, options.place, palette)));
        return;
      }
      const line = describeObservation(observation);
      if (line !== null) options.write(`${palette.dim(clockTime(options.now()))} ${toned(line, palette)}\n`);
    },
    close: echo.close,
  };
}

/** `04:22:07Z`. */
function clockTime(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(11, 19)}Z`;
}
