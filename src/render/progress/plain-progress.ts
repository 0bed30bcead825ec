import { agentLines } from '../harmless.ts';
import { createPalette, type Palette } from '../palette.ts';
import { describeEnding } from './describe-ending.ts';
import { describeObservation, type ProgressLine } from './describe-observation.ts';
import type { Progress, ProgressOptions } from './progress.ts';

/** For CI and pipes: one line per event, with the UTC time, nothing that moves. */
export function createPlainProgress(options: ProgressOptions): Progress {
  const palette = createPalette(options.color);
  return {
    observe: (observation) => {
      if (observation.type === 'attempt-output') {
        if (options.verbose) options.write(joined(agentLines(observation.stage, observation.line)));
        return;
      }
      if (observation.type === 'run-ended') {
        options.write(joined(describeEnding(observation, options.place, palette)));
        return;
      }
      const line = describeObservation(observation);
      if (line !== null) options.write(`${palette.dim(clockTime(options.now()))} ${toned(line, palette)}\n`);
    },
    close: () => {},
  };
}

/** Lines with their ends. */
export function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** A line in its colour. */
export function toned(line: ProgressLine, palette: Palette): string {
  if (line.tone === 'plain') return line.text;
  return line.tone === 'good' ? palette.good(line.text) : palette.bad(line.text);
}

/** `04:22:07Z`. */
function clockTime(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(11, 19)}Z`;
}
