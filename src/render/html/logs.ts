import { escapeHtml, html, Markup, type Part } from './markup.ts';
import { countedRows } from './parts.ts';

/** The end of one captured stream, read by who may read files. Secrets are masked in the log itself. */
export interface ReportLog {
  readonly stage: string;
  readonly step: string;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
  /** Raw, the last lines that are not empty. */
  readonly lines: readonly string[];
  /** Shown opened: where the run stopped. */
  readonly telling: boolean;
}

const MAX_LINE = 400;

/** UTF-16 units of all tails together, as they stand in the page. */
const MAX_ALL = 64 * 1024;

/** Colours and weights that programs print: nothing is lost with them, and the rest stays readable. */
const SGR = /\u001b\[[0-9;:]{0,40}m/g;

/** The ends of the logs, the most telling first; what does not fit any more is counted. */
export function logTails(logs: readonly ReportLog[]): Part {
  if (logs.length === 0) return null;
  const ordered = [...logs.filter((one) => one.telling), ...logs.filter((one) => !one.telling)];
  const shown: Markup[] = [];
  let room = MAX_ALL;
  for (const log of ordered) {
    const text = tailText(log.lines, room);
    if (text === '') break;
    room -= text.length;
    shown.push(tail(log, text));
  }
  return html`<p class="lead">The last lines of each stage's last attempts. Colours are left out, other control characters are shown.</p>
${shown}${countedRows(ordered.length - shown.length, 'tails')}`;
}

/** As many of the last lines as there is room for, escaped. */
function tailText(lines: readonly string[], room: number): string {
  const kept: string[] = [];
  let left = room;
  for (const line of lines.toReversed()) {
    const text = escapeHtml(line.replace(SGR, '').replaceAll('\t', '    '), MAX_LINE);
    // Who prints the page into the log of a CI shall not give it a line that begins with a command.
    const shown = text.replace(/^(\s*):/, '$1&#58;');
    left -= shown.length + 5;
    if (left < 0) break;
    kept.push(shown);
  }
  return kept.toReversed().join('\n');
}

function tail(log: ReportLog, text: string): Markup {
  const open = log.telling ? Markup.own(' open') : null;
  return html`<details class="log"${open}><summary><b>${log.stage}</b> ${log.step} <span class="n">attempt ${log.attempt}, ${log.stream}</span></summary><pre>${Markup.own(text)}</pre></details>
`;
}
