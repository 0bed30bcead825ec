import type { StageExecution } from '../../core/records.ts';
import { timeWorked } from '../../core/time-worked.ts';
import type { RunReport } from '../../formats/report.ts';
import { countedInWords } from '../counted.ts';
import { formatDuration, formatWholeSeconds } from '../duration.ts';
import { timeOf } from '../report-rows.ts';
import { attemptFacts } from './attempt-facts.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { countedRows, toTheSecond } from './parts.ts';
import { type StopPiece, stopPieces, stopWords } from './stop-time.ts';
import { placed, SCALE_WIDTH, type Span, type TimeScale, timeScale } from './time-scale.ts';
import { badge, signOf, type Tone } from './tone.ts';

/** Attempts that are listed; the earlier ones are counted. */
export const MAX_ATTEMPTS = 500;

/** Invocations that are listed. */
const MAX_INVOCATIONS = 50;

interface Bar {
  readonly startMs: number;
  readonly durationMs: number;
  readonly tone: Tone | 'rail' | StopPiece['kind'];
}

/** Every attempt under the invocation that made it, with its time to scale and, when opened, all that is recorded. */
export function timeline(report: RunReport): Markup {
  const scale = timeScale(report);
  const omitted = Math.max(0, report.stage_executions.length - MAX_ATTEMPTS);
  const shown = new Set(report.stage_executions.slice(omitted));
  const spans = scale.spans.slice(-MAX_INVOCATIONS);
  const counts = report.stage_executions.length;
  return html`<p class="lead">${counts} record${counts === 1 ? '' : 's'} in ${report.invocations.length} invocation${
    report.invocations.length === 1 ? '' : 's'
  }; ${formatWholeSeconds(timeWorked(report, null))} of work. All bars have one scale; pauses in which no orchestrator worked are left out of it.${legend(report)}</p>
${countedRows(omitted, 'earlier records')}${countedRows(scale.spans.length - spans.length, 'earlier invocations')}
<div class="axis" aria-hidden="true"><span>0</span><span>${formatDuration(scale.widthMs / 2)}</span><span>${formatDuration(scale.widthMs)}</span></div>
${spans.map((span) => invocationRows(scale, { span, number: scale.spans.indexOf(span) + 1, shown }))}`;
}

/** What the pieces behind a bar are, where there is one. */
function legend(report: RunReport): Part {
  if (!report.stage_executions.some((one) => stopPieces(one).length > 0)) return null;
  return html` Behind a bar: <span class="key grace"></span> in grace, after SIGTERM; <span class="key kill"></span> in kill, from SIGKILL until nothing was left.`;
}

function invocationRows(
  scale: TimeScale,
  of: { readonly span: Span; readonly number: number; readonly shown: ReadonlySet<StageExecution> },
): Markup {
  const { span, number, shown } = of;
  const { invocation } = span;
  const how = invocation.resumed ? 'resumed' : 'fresh';
  const pause = span.pauseMs === null ? '' : `, ${formatWholeSeconds(span.pauseMs)} after the one before`;
  const whole: Bar = { startMs: span.startMs, durationMs: span.endMs - span.startMs, tone: 'rail' };
  const rows = span.executions.filter((one) => shown.has(one));
  return html`<section class="invocation" aria-labelledby="t-${number}">
<div class="row rail"><h3 id="t-${number}">Invocation ${number} <small>${how}, ${short(toTheSecond(invocation.started_at), 40)}${pause}</small></h3>${bars(scale, span, [whole])}<span class="took">${formatWholeSeconds(span.workedMs)}</span></div>
${skippedRow(rows, scale, span)}${rows.filter((one) => one.status !== 'skipped').map((one) => attemptRow(one, scale, span))}${gateRow(scale, span)}<p class="end">${
    invocation.ended_by === null ? 'No end is recorded.' : html`Ended ${invocation.ended_by}.`
  }</p>
</section>
`;
}

function attemptRow(one: StageExecution, scale: TimeScale, span: Span): Markup {
  const sign = signOf(one.status);
  const head = html`<span class="what">${badge(sign)} <b>${short(one.stage, 64)}</b> ${short(one.step, 64)}${attemptWords(one)}</span>`;
  if (one.command === null) {
    const mark = bars(scale, span, [{ startMs: one.started_at_unix_ms, durationMs: 0, tone: 'quiet' }]);
    return html`<div class="row quiet">${head}${mark}<span class="took"></span></div>\n`;
  }
  const stops = stopPieces(one);
  const notes = notesOf(one, stops);
  const said = notes.length === 0 ? null : html`<span class="said">${notes.join('; ')}</span>`;
  return html`<details class="attempt"><summary class="row">${head}${bars(scale, span, barsOf(one, sign.tone, stops))}<span class="took">${formatDuration(one.duration_ms)}</span>${said}</summary>${attemptFacts(one)}</details>\n`;
}

/** What a resume skipped, in one row, with the attempts that count. */
function skippedRow(rows: readonly StageExecution[], scale: TimeScale, span: Span): Part {
  const skipped = rows.filter((one) => one.status === 'skipped');
  const [first] = skipped;
  if (first === undefined) return null;
  const counting = skipped.map((one) => (one.counts === null ? one.stage : countedInWords(one.counts)));
  const words = `completed before, not run again: ${counting.join(', ')}`;
  const mark = bars(scale, span, [{ startMs: first.started_at_unix_ms, durationMs: 0, tone: 'quiet' }]);
  const many = `${skipped.length} stage${skipped.length === 1 ? '' : 's'}`;
  return html`<div class="row quiet"><span class="what">${badge(signOf('skipped'))} <b>${many}</b></span>${mark}<span class="took"></span><span class="said">${short(words, 500)}</span></div>\n`;
}

function attemptWords(one: StageExecution): Part {
  if (one.command === null) return null;
  return html` <span class="n">attempt ${one.attempt}${one.cycle === 0 ? null : html`, cycle ${one.cycle}`}</span>`;
}

function notesOf(one: StageExecution, stops: readonly StopPiece[]): readonly string[] {
  const tree = one.process_tree;
  return [
    ...(one.error === null ? [] : [one.error]),
    ...(stops.length === 0 ? [] : [stopWords(stops)]),
    ...(tree === null || tree.killed === 0 ? [] : [`${tree.killed} left-over process(es) signalled`]),
    ...(tree === null || tree.survivors === 0 ? [] : [`${tree.survivors} process(es) could not be ended`]),
  ];
}

function barsOf(one: StageExecution, tone: Tone, stops: readonly StopPiece[]): readonly Bar[] {
  const startMs = one.started_at_unix_ms;
  const ran = Math.min(one.duration_ms, stops[0]?.fromMs ?? one.duration_ms);
  const main: Bar = { startMs, durationMs: ran, tone };
  return [
    main,
    ...stops.map(({ kind, fromMs, toMs }) => ({
      ...{ startMs: startMs + fromMs, durationMs: toMs - fromMs, tone: kind },
    })),
  ];
}

/** Closure has no attempt, and may have waited for its gates: from entering it to the end of the invocation. */
function gateRow(scale: TimeScale, span: Span): Part {
  const entered = span.transitions.findLast((one) => one.to_stage === 'closure');
  if (entered === undefined) return null;
  const durationMs = span.endMs - entered.timestamp_unix_ms;
  const bar: Bar = { startMs: entered.timestamp_unix_ms, durationMs, tone: 'busy' };
  return html`<div class="row"><span class="what"><b>closure</b> gates, delivery <span class="n">from ${timeOf(entered.timestamp_unix_ms)}</span></span>${bars(scale, span, [bar])}<span class="took">${formatWholeSeconds(durationMs)}</span></div>\n`;
}

function bars(scale: TimeScale, span: Span, all: readonly Bar[]): Markup {
  const shapes = all.map((bar) => {
    const { x, width } = placed(scale, span, bar);
    return html`<rect class="bar ${bar.tone}" x="${x}" y="${bar.tone === 'rail' ? 6 : 2}" width="${width}" height="${bar.tone === 'rail' ? 4 : 12}"/>`;
  });
  return html`<svg class="bars" viewBox="0 0 ${SCALE_WIDTH} 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">${shapes}</svg>`;
}
