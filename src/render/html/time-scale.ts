import { type OwnRecords, ownRecords } from '../../core/own-records.ts';
import type { InvocationRecord } from '../../core/records.ts';
import { timeOfInvocation } from '../../core/time-worked.ts';
import type { RunReport } from '../../formats/report.ts';
import { goneAfterMs } from './stop-time.ts';

/** One process that worked on the run, on the common scale. */
export interface Span {
  readonly invocation: InvocationRecord;
  readonly startMs: number;
  readonly endMs: number;
  /** Milliseconds since the one before had ended; null for the first. */
  readonly pauseMs: number | null;
  readonly executions: OwnRecords['executions'];
  readonly transitions: OwnRecords['transitions'];
  /** Its part of the time worked, to the second as everything that is told of it. */
  readonly workedMs: number;
  /** Milliseconds of the scale before this one began. */
  readonly offsetMs: number;
}

/** Width of a drawing in its own units. */
export const SCALE_WIDTH = 1000;

/** What is there shall be seen, however short it was. */
const MIN_WIDTH = 3;

export interface TimeScale {
  readonly spans: readonly Span[];
  /** What the width of the drawing stands for. Bars are known to the millisecond: it may be a little more than the time worked. */
  readonly widthMs: number;
}

/**
 * The time of a run to scale: the invocations one behind the other, without the pauses in which nobody worked (a resume
 * the next day would make everything else a hair). Clocks that went back take no time.
 */
export function timeScale(report: RunReport): TimeScale {
  const starts = report.invocations.map((one) => Date.parse(one.started_at) || 0);
  const all = ownRecords(report);
  const spans: Span[] = [];
  let offsetMs = 0;
  for (const [index, invocation] of report.invocations.entries()) {
    const startMs = starts[index] ?? 0;
    const own = all[index] ?? { executions: [], transitions: [] };
    const endMs = endOf(invocation, startMs, own);
    const before = spans.at(-1);
    const pauseMs = before === undefined ? null : Math.max(0, startMs - before.endMs);
    const workedMs = timeOfInvocation(invocation, own, null);
    spans.push({ invocation, startMs, endMs, pauseMs, ...own, workedMs, offsetMs });
    offsetMs += endMs - startMs;
  }
  return { spans, widthMs: Math.max(1, offsetMs) };
}

function endOf(invocation: InvocationRecord, startMs: number, own: OwnRecords): number {
  const ends = [
    ...own.executions.map((one) => one.started_at_unix_ms + goneAfterMs(one)),
    ...own.transitions.map((one) => one.timestamp_unix_ms),
  ];
  const last = ends.reduce((latest, end) => Math.max(latest, end), startMs);
  const ended = Date.parse(invocation.ended_at ?? '');
  return Number.isFinite(ended) ? Math.max(ended, last) : last;
}

/** A piece of a span as x and width on the scale, never outside it. */
export function placed(
  scale: TimeScale,
  span: Span,
  piece: { readonly startMs: number; readonly durationMs: number },
): { readonly x: number; readonly width: number } {
  const unit = SCALE_WIDTH / scale.widthMs;
  const from = span.offsetMs + Math.max(0, piece.startMs - span.startMs);
  const width = Math.max(MIN_WIDTH, Math.min(SCALE_WIDTH, piece.durationMs * unit));
  const x = Math.max(0, Math.min(SCALE_WIDTH - width, from * unit));
  return { x: Math.round(x * 10) / 10, width: Math.round(width * 10) / 10 };
}
