import type { InvocationRecord, StageExecution } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import { goneAfterMs } from './stop-time.ts';

/** One process that worked on the run, on the common scale. */
export interface Span {
  readonly invocation: InvocationRecord;
  readonly startMs: number;
  readonly endMs: number;
  /** Milliseconds since the one before had ended; null for the first. */
  readonly pauseMs: number | null;
  readonly executions: readonly StageExecution[];
  /** Milliseconds of work before this one began. */
  readonly offsetMs: number;
}

/** Width of a drawing in its own units. */
export const SCALE_WIDTH = 1000;

/** What is there shall be seen, however short it was. */
const MIN_WIDTH = 3;

export interface TimeScale {
  readonly spans: readonly Span[];
  /** Milliseconds in which an orchestrator worked: the width of the scale. */
  readonly workedMs: number;
}

/**
 * The time of a run to scale: the invocations one behind the other, without the pauses in which nobody worked (a resume
 * the next day would make everything else a hair). Clocks that went back take no time.
 */
export function timeScale(report: RunReport): TimeScale {
  const starts = report.invocations.map((one) => Date.parse(one.started_at) || 0);
  const begins = [...report.invocations.map((one) => one.earlier_executions), Number.POSITIVE_INFINITY];
  const spans: Span[] = [];
  let offsetMs = 0;
  for (const [index, invocation] of report.invocations.entries()) {
    const startMs = starts[index] ?? 0;
    const executions = report.stage_executions.slice(begins[index], begins[index + 1]);
    const endMs = endOf(invocation, startMs, executions);
    const before = spans.at(-1);
    const pauseMs = before === undefined ? null : Math.max(0, startMs - before.endMs);
    spans.push({ invocation, startMs, endMs, pauseMs, executions, offsetMs });
    offsetMs += endMs - startMs;
  }
  return { spans, workedMs: Math.max(1, offsetMs) };
}

function endOf(invocation: InvocationRecord, startMs: number, executions: readonly StageExecution[]): number {
  const last = executions.reduce(
    (end, one) => Math.max(end, one.started_at_unix_ms + goneAfterMs(one)),
    startMs,
  );
  const ended = Date.parse(invocation.ended_at ?? '');
  return Number.isFinite(ended) ? Math.max(ended, last) : last;
}

/** A piece of a span as x and width on the scale, never outside it. */
export function placed(
  scale: TimeScale,
  span: Span,
  piece: { readonly startMs: number; readonly durationMs: number },
): { readonly x: number; readonly width: number } {
  const unit = SCALE_WIDTH / scale.workedMs;
  const from = span.offsetMs + Math.max(0, piece.startMs - span.startMs);
  const width = Math.max(MIN_WIDTH, Math.min(SCALE_WIDTH, piece.durationMs * unit));
  const x = Math.max(0, Math.min(SCALE_WIDTH - width, from * unit));
  return { x: Math.round(x * 10) / 10, width: Math.round(width * 10) / 10 };
}
