import { cutToWidth, displayWidth } from '../display-width.ts';
import { formatDuration } from '../duration.ts';
import { oneLine } from '../harmless.ts';
import { type AttemptView, type RunView, type StageState, type StageView, stageAtWork } from './run-view.ts';
import { toAscii } from './to-ascii.ts';

/** How the terminal is and what it shows beside the view. */
export interface Look {
  /** 0 where the terminal does not say. */
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
  /** Unix ms. */
  readonly now: number;
  /** What the attempt at hand printed last, as it came. */
  readonly lastLine: string;
}

export interface FrameLine {
  /** Harmless, and one column narrower than the terminal: a full last column makes some terminals wrap. */
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'dim' | 'plain';
}

/** Narrower than this, or lower than the block: one line. Narrower than the second or one row high: none. */
const BLOCK_COLUMNS = 20;
const LINE_COLUMNS = 10;
/** From here on names are aligned and states are said in words. */
const ROOMY_COLUMNS = 60;
/** What would be shorter says nothing. */
const LEAST_DETAIL = 4;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** No terminal shows more; what a line holds stays bounded. */
const MAX_COLUMNS = 400;

const MARKS: Readonly<Record<StageState, { readonly unicode: string; readonly ascii: string }>> = {
  waiting: { unicode: '-', ascii: '-' },
  running: { unicode: '▸', ascii: '>' },
  done: { unicode: '✓', ascii: '+' },
  skipped: { unicode: '-', ascii: '-' },
  'not configured': { unicode: '-', ascii: '-' },
  failed: { unicode: '✗', ascii: 'x' },
  blocked: { unicode: '✗', ascii: 'x' },
  stopped: { unicode: '✗', ascii: 'x' },
};

const TONES: Readonly<Record<StageState, FrameLine['tone']>> = {
  waiting: 'dim',
  running: 'plain',
  done: 'good',
  skipped: 'dim',
  'not configured': 'dim',
  failed: 'bad',
  blocked: 'bad',
  stopped: 'bad',
};

/**
 * What is live: a line per stage; only the stage at work where that does not fit; nothing where not even one line
 * does.
 */
export function frameOf(view: RunView, look: Look): readonly FrameLine[] {
  const columns = look.columns > 0 ? Math.min(look.columns, MAX_COLUMNS) : DEFAULT_COLUMNS;
  const rows = look.rows > 0 ? look.rows : DEFAULT_ROWS;
  const nameWidth = Math.max(0, ...view.stages.map((stage) => displayWidth(nameOf(stage))));
  const line = (stage: StageView) => lineOf(stage, view, { ...look, columns, nameWidth });
  if (columns >= BLOCK_COLUMNS && rows > view.stages.length) return view.stages.map(line);
  const stage = stageAtWork(view);
  return stage !== null && columns >= LINE_COLUMNS && rows > 1 ? [line(stage)] : [];
}

type Room = Look & { readonly nameWidth: number };

function lineOf(stage: StageView, view: RunView, room: Room): FrameLine {
  const width = room.columns - 1;
  const fit = (text: string, columns: number) =>
    cutToWidth(room.unicode ? text : toAscii(text), columns, room.unicode ? '…' : '...');
  const mark = MARKS[stage.state][room.unicode ? 'unicode' : 'ascii'];
  const detail = stage.state === 'running' ? detailOf(view, room) : '';
  const tone = TONES[stage.state];
  const extended = (head: string, gap: string): string => {
    const left = width - displayWidth(head) - gap.length;
    return detail === '' || left < LEAST_DETAIL ? head : `${head}${gap}${fit(detail, left)}`;
  };
  if (room.columns >= ROOMY_COLUMNS) {
    const name = padded(fit(nameOf(stage), 40), Math.min(room.nameWidth, 40));
    return { text: extended(fit(`${mark} ${name}  ${stateInWords(stage, room.now)}`, width), '  '), tone };
  }
  // The name gives way to the time.
  const state = stateInShort(stage, room.now);
  const name = fit(nameOf(stage), Math.max(0, width - displayWidth(`${mark}  ${state}`)));
  return { text: extended(fit(`${mark} ${name} ${state}`, width), ' '), tone };
}

function nameOf(stage: StageView): string {
  return oneLine(stage.name, 64);
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

function stateInWords(stage: StageView, now: number): string {
  if (stage.state === 'running') return `running ${elapsed(now - (stage.since ?? now))}`;
  return stage.durationMs === null ? stage.state : `${stage.state} ${formatDuration(stage.durationMs)}`;
}

function stateInShort(stage: StageView, now: number): string {
  if (stage.state === 'running') return elapsed(now - (stage.since ?? now));
  if (stage.state === 'not configured') return 'none';
  return stage.state === 'done' && stage.durationMs !== null ? formatDuration(stage.durationMs) : stage.state;
}

/** Whole seconds: a block that counts tenths is never still. */
function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

/** What the stage at work is at: the gate it waits for, else its attempt, else what it has delivered. */
function detailOf(view: RunView, look: Look): string {
  if (view.wait !== null) {
    const what = view.wait.for.map((one) => oneLine(one, 200)).join(', ');
    return `gate ${view.wait.gate}, ${elapsed(view.wait.until - look.now)} left: ${what}`;
  }
  if (view.attempt !== null) return attemptInWords(view.attempt, look);
  return view.delivered.length === 0 ? '' : `delivered ${view.delivered.join(', ')}`;
}

function attemptInWords(attempt: AttemptView, look: Look): string {
  const what = `attempt ${attempt.number}`;
  const step = look.columns >= ROOMY_COLUMNS ? `${oneLine(attempt.step, 64)}, ` : '';
  if (attempt.status !== null) return `${step}${what} ${oneLine(attempt.status, 40)}`;
  // An escape is shown by up to eight characters: what is read here fills any line.
  const last = oneLine(look.lastLine.slice(0, 1000).trim(), MAX_COLUMNS);
  return `${step}${what}${last === '' ? '' : `: ${last}`}`;
}
