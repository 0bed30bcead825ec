import type { RunReport } from '../../src/formats/report.ts';
import type { ReportLog } from '../../src/render/html/logs.ts';
import { scenarios } from './scenarios.ts';

/** What acts on a page, a terminal, a CI log or an XML reader that takes it as it is. */
export const HOSTILE = [
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  '</style></pre></svg><svg onload=window.hacked=1><style>*{display:none}</style>',
  '"\'` onclick=window.hacked=1 x="',
  '<a href="https://evil.example/">l</a><iframe src=https://evil.example></iframe>',
  '\u202egnp.exe\u2066 \u0000\u0007\u001b[2J\u009b \ud800 \ufffe\uffff ]]> <!-- --> <?x ?> &amp; %0A::error::x',
  '\r\n::error::owned\n##[error]owned',
].join(' ');

/**
 * The report with `text` put behind every text that a document from outside can hold, keys and closed words aside: those
 * the schema holds, and they decide what is drawn.
 */
export function hostileReport(text: string = HOSTILE): RunReport {
  return {
    ...poison(scenarios().denied.report, text),
    failure: poison(scenarios().failed.report.failure, text),
  };
}

/** A log that says the same. */
export function hostileLogs(text: string = HOSTILE): readonly ReportLog[] {
  const lines = [text, ...text.split('\n')];
  return [{ stage: text, step: text, attempt: 1, stream: 'stderr', lines, telling: true }];
}

const CLOSED = new Set([
  ...['terminal_state', 'ended_by', 'status', 'gate', 'reason', 'state', 'reason_code', 'method', 'tier'],
  ...['started_at', 'ended_at', 'finished_at', 'current_stage', 'config'],
]);

function poison<Value>(value: Value, text: string): Value {
  // Boundary: the shape stays, only the content of texts changes.
  return walk(value, text) as Value;
}

function walk(value: unknown, text: string): unknown {
  if (typeof value === 'string') return `${value}${text}`;
  if (Array.isArray(value)) return value.map((one) => walk(one, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, CLOSED.has(key) ? one : walk(one, text)]),
  );
}
