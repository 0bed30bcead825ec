import { cutToWidth } from '../display-width.ts';
import { formatDuration } from '../duration.ts';
import { oneLine } from '../harmless.ts';
import type { ProgressOptions, StartTimer } from './progress.ts';

/** A timer that does not keep the process alive. */
export const unrefTimer: StartTimer = (ms, tick) => {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
};

/** The one line of a terminal that changes: who is at work, for how long, and the last thing it printed. */
export interface LiveLine {
  readonly begin: (head: string) => void;
  /** Remembered, and drawn at the next tick. */
  readonly say: (line: string) => void;
  /** Prints whole lines that stay, above the live one. */
  readonly above: (text: string) => void;
  /** Erases the line and stops the timer; may be called again. */
  readonly settle: () => void;
}

/** At most ten times a second: what an agent prints in between is only remembered. */
const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;
/** Back to the start of the line, and all of it erased. */
const ERASE = '\r\x1b[2K';

interface Running {
  readonly head: string;
  /** Unix ms. */
  readonly since: number;
  lastLine: string;
}

/** A live line that is not there until something begins. `style` colours it. */
export function createLiveLine(
  options: ProgressOptions,
  startTimer: StartTimer,
  style: (text: string) => string,
): LiveLine {
  let running: Running | null = null;
  let drawn = '';
  let stopTimer: (() => void) | null = null;
  const erase = (): void => {
    if (drawn !== '') options.write(ERASE);
    drawn = '';
  };
  const draw = (): void => {
    const line = running === null ? drawn : textOf(running, options);
    if (line === drawn) return;
    options.write(`${ERASE}${style(line)}`);
    drawn = line;
  };
  return {
    begin: (head) => {
      running = { head, since: options.now(), lastLine: '' };
      stopTimer ??= startTimer(REDRAW_MS, draw);
      draw();
    },
    say: (line) => {
      if (running !== null) running.lastLine = oneLine(line.slice(0, 1000).trim(), 400);
    },
    above: (text) => {
      erase();
      options.write(text);
      draw();
    },
    settle: () => {
      running = null;
      stopTimer?.();
      stopTimer = null;
      erase();
    },
  };
}

/** One column stays free: a full last column makes some terminals wrap. */
function textOf(running: Running, options: ProgressOptions): string {
  const columns = options.columns();
  const room = (columns > 0 ? columns : DEFAULT_COLUMNS) - 1;
  const seconds = Math.max(0, Math.floor((options.now() - running.since) / 1000));
  const elapsed = seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
  const last = running.lastLine === '' ? '' : `: ${running.lastLine}`;
  const line = `${running.head} ${elapsed}${last}`;
  return cutToWidth(options.unicode ? line : toAscii(line), room, options.unicode ? '…' : '...');
}

function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}
