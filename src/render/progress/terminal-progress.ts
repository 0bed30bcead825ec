import { ORCHESTRATE, stageNames } from '../../core/machine/pipeline.ts';
import type { Observation } from '../../core/observation.ts';
import { agentLines } from '../harmless.ts';
import { createPalette, type Palette } from '../palette.ts';
import { describeEnding } from './describe-ending.ts';
import { describeObservation } from './describe-observation.ts';
import { type FrameLine, frameOf } from './frame.ts';
import { joined, toned } from './lines.ts';
import { createLiveBlock } from './live-block.ts';
import type { Progress, ProgressOptions, StartTimer } from './progress.ts';
import { firstView, observed, type RunView } from './run-view.ts';
import { toAscii } from './to-ascii.ts';

/** For a terminal: lines that stay for what has happened, and below them the live block of the stages. */
export function createTerminalProgress(given: ProgressOptions, startTimer: StartTimer): Progress {
  const options = given.unicode ? given : { ...given, write: (text: string) => given.write(toAscii(text)) };
  const palette = createPalette(options.color);
  let view = firstView(stageNames(ORCHESTRATE));
  let lastLine = '';
  const frame = () => frameOf(view, { ...lookOf(options), lastLine });
  const block = createLiveBlock(options, startTimer, () => frame().map((line) => styled(line, palette)));
  const stay = (observation: Observation, before: RunView): void => {
    // What the block shows need not stay; where there is no room for one, all of it is said in lines.
    if (frame().length > 0 && isShownLive(observation, before)) return;
    const line = describeObservation(observation);
    if (line !== null) block.above(`${toned(line, palette)}\n`);
  };
  const observe = (observation: Observation): void => {
    if (observation.type === 'attempt-output') {
      lastLine = observation.line;
      if (options.verbose) block.above(joined(agentLines(observation.stage, observation.line)));
      return;
    }
    if (observation.type === 'attempt-started') lastLine = '';
    const before = view;
    view = observed(view, observation, options.now());
    if (observation.type === 'run-ended') {
      block.above(joined(describeEnding(observation, options.place, palette)));
      block.settle();
      return;
    }
    stay(observation, before);
    if (observation.type === 'run-started') block.begin();
  };
  return { observe, close: block.settle, hide: block.hide, redraw: block.redraw };
}

function lookOf({ columns, rows, unicode, now }: ProgressOptions) {
  return { columns: columns(), rows: rows(), unicode, now: now() };
}

/** That an attempt has started is seen as long as it runs; what a gate waits for is said once, not at every look. */
function isShownLive(observation: Observation, before: RunView): boolean {
  if (observation.type === 'gate-waiting') {
    const { wait } = before;
    return wait?.gate === observation.gate && wait.for.join('\n') === observation.for.join('\n');
  }
  return observation.type === 'stage-entered' || observation.type === 'attempt-started';
}

function styled({ text, tone }: FrameLine, palette: Palette): string {
  return tone === 'plain' ? text : palette[tone](text);
}
