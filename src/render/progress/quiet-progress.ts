import { createPalette } from '../palette.ts';
import { describeEnding } from './describe-ending.ts';
import { joined } from './lines.ts';
import { type Progress, type ProgressOptions, unmoved } from './progress.ts';

/** Says nothing of a run that ends done, and why of one that does not. */
export function createQuietProgress(options: ProgressOptions): Progress {
  const palette = createPalette(options.color);
  return {
    ...unmoved,
    observe: (observation) => {
      if (observation.type !== 'run-ended' || observation.exit_code === 0) return;
      options.write(joined(describeEnding(observation, options.place, palette)));
    },
    close: () => {},
  };
}
