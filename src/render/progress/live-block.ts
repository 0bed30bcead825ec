import type { ProgressOptions, StartTimer } from './progress.ts';

/** The lines of a terminal that change, below those that stay. */
export interface LiveBlock {
  /** Draws from now on, at once and then with each frame. */
  readonly begin: () => void;
  /** Puts whole lines, with their ends, above the block; they stay. Drawn with the next frame. */
  readonly above: (text: string) => void;
  /** Takes the block off the screen; the next frame puts it back. */
  readonly hide: () => void;
  /** Has all of it drawn anew with the next frame: the terminal is another one, in size or in content. */
  readonly redraw: () => void;
  /** Writes what is still to be said, erases the block and stops the timer; may be called again. */
  readonly settle: () => void;
}

/** At most ten frames a second: what happens in between is only remembered. */
const FRAME_MS = 100;
/** Lines that stay are not held back beyond this many UTF-16 units. */
const MAX_HELD = 64 * 1024;

const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** Synchronized update: a terminal that knows it shows the frame as a whole, any other ignores it. */
const FRAME_BEGINS = '\x1b[?2026h';
const FRAME_ENDS = '\x1b[?2026l';
/**
 * A line that turns out too wide is cut: the terminal may have become narrower while the frame was on its way, or count
 * a character as wider than we do, and a line that wraps would leave the cursor elsewhere.
 */
const WRAP_OFF = '\x1b[?7l';
const WRAP_ON = '\x1b[?7h';

/**
 * A block of lines, each narrower than the terminal. Between two frames the cursor stands at the block's first
 * column and row: so all of it can be erased after the terminal has wrapped it anew, and the cursor need not be
 * hidden. A frame is one write of the lines that have changed.
 */
export function createLiveBlock(
  options: Pick<ProgressOptions, 'write' | 'now' | 'isBehind'>,
  startTimer: StartTimer,
  lines: () => readonly string[],
): LiveBlock {
  let drawn: readonly string[] = [];
  let held = '';
  let lastFrame = Number.NEGATIVE_INFINITY;
  // Set when what is on the screen is not what was drawn.
  let stale = false;
  let stopTimer: (() => void) | null = null;
  const frame = (next: readonly string[]): void => {
    const clear = (drawn.length > 0 && held !== '') || stale ? `\r${CLEAR_BELOW}` : '';
    const before = held !== '' || stale ? [] : drawn;
    const changed = difference(before, next);
    const text = `${clear}${held}${changed === '' ? '' : `${WRAP_OFF}${changed}${WRAP_ON}`}`;
    if (text !== '') options.write(`${FRAME_BEGINS}${text}${FRAME_ENDS}`);
    drawn = next;
    held = '';
    stale = false;
    lastFrame = options.now();
  };
  const tick = (): void => frame(stopTimer === null ? [] : lines());
  const isBehind = (): boolean => options.isBehind?.() === true;
  const isDue = (): boolean => options.now() - lastFrame >= FRAME_MS && !isBehind();
  const tickUnlessBehind = (): void => {
    if (!isBehind()) tick();
  };
  return {
    begin: () => {
      if (stopTimer !== null) return;
      stopTimer = startTimer(FRAME_MS, tickUnlessBehind);
      tick();
    },
    above: (text) => {
      held += text;
      if (stopTimer === null || isDue() || held.length > MAX_HELD) tick();
    },
    hide: () => frame([]),
    redraw: () => {
      if (stopTimer === null) return;
      stale = true;
      if (isDue()) tick();
    },
    settle: () => {
      stopTimer?.();
      stopTimer = null;
      frame([]);
    },
  };
}

/**
 * What turns one block into the other, for a cursor that stands at its beginning and comes back there. A line end
 * moves down, and makes room where the screen ends.
 */
export function difference(drawn: readonly string[], next: readonly string[]): string {
  let text = '';
  let row = 0;
  const moveTo = (target: number): void => {
    text += '\r\n'.repeat(target - row);
    row = target;
  };
  for (const [index, line] of next.entries()) {
    if (drawn[index] === line) continue;
    moveTo(index);
    text += `${line}${CLEAR_LINE}`;
  }
  if (next.length < drawn.length) {
    moveTo(next.length);
    text += CLEAR_BELOW;
  }
  if (text === '') return '';
  return row === 0 ? `${text}\r` : `${text}\r\x1b[${row}A`;
}
