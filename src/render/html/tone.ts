import type { ExecutionStatus } from '../../core/records.ts';
import { html, type Markup } from './markup.ts';

/** What colour, shape and word say together; the colour is never the only sign. */
export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'busy';

export type IconName = 'ok' | 'cross' | 'bar' | 'clock' | 'skip' | 'dash' | 'dot';

export interface Sign {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

const STATUS_SIGNS: Readonly<Record<ExecutionStatus, Sign>> = {
  success: { tone: 'good', icon: 'ok', word: 'success' },
  failed: { tone: 'bad', icon: 'cross', word: 'failed' },
  timeout: { tone: 'bad', icon: 'clock', word: 'timeout' },
  spawn_failed: { tone: 'bad', icon: 'cross', word: 'could not start' },
  artifact_missing: { tone: 'bad', icon: 'cross', word: 'artifact missing' },
  artifact_malformed: { tone: 'bad', icon: 'cross', word: 'artifact malformed' },
  artifact_stale: { tone: 'bad', icon: 'cross', word: 'artifact stale' },
  cancelled: { tone: 'warn', icon: 'bar', word: 'cancelled' },
  skipped: { tone: 'quiet', icon: 'skip', word: 'skipped' },
  not_configured: { tone: 'quiet', icon: 'dash', word: 'not configured' },
};

/** How the status of an attempt is shown. */
export function signOf(status: ExecutionStatus): Sign {
  return STATUS_SIGNS[status];
}

/** A shape of `ICON_SPRITE`, hidden from screen readers: a word stands beside it. */
export function icon(name: IconName): Markup {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-${name}"/></svg>`;
}

/** Icon and word in one. */
export function badge(sign: Sign): Markup {
  return html`<span class="badge ${sign.tone}">${icon(sign.icon)}${sign.word}</span>`;
}

const STROKE =
  'fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"';

const SHAPES: Readonly<Record<IconName, string>> = {
  ok: `<path d="M3 8.5l3.4 3.4L13 4.8" ${STROKE}/>`,
  cross: `<path d="M4 4l8 8M12 4l-8 8" ${STROKE}/>`,
  bar: `<circle cx="8" cy="8" r="5.8" ${STROKE}/><path d="M5 8h6" ${STROKE}/>`,
  clock: `<circle cx="8" cy="8" r="5.8" ${STROKE}/><path d="M8 4.8V8l2.2 1.6" ${STROKE}/>`,
  skip: `<path d="M3.5 4l4 4-4 4M8.5 4l4 4-4 4" ${STROKE}/>`,
  dash: `<path d="M4 8h8" ${STROKE}/>`,
  dot: '<circle cx="8" cy="8" r="3.6" fill="currentColor"/>',
};

/** The shapes, once per page. */
export function iconSprite(): string {
  const symbols = Object.entries(SHAPES).map(
    ([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${shape}</symbol>`,
  );
  return `<svg class="sprite" aria-hidden="true" focusable="false">${symbols.join('')}</svg>`;
}
