import type { Finding, Severity } from '../core/doctor/finding.ts';
import type { DoctorReport } from '../formats/doctor-report.ts';
import { displayWidth } from './display-width.ts';
import { oneLine } from './harmless.ts';
import { createPalette, type Palette } from './palette.ts';

/** A screen of 24 rows, with room for the prompt. */
const SCREEN_ROWS = 22;
const MAX_TEXT = 300;

export interface DoctorView {
  readonly color: boolean;
  /** Everything, however long; otherwise one screen, the worst first. */
  readonly verbose: boolean;
  /** Of the terminal; lines wrap there. */
  readonly columns: number;
}

/** What was found, for people: problems and warnings with what to do, the rest as a number. */
export function doctorText(report: DoctorReport, view: DoctorView): string {
  const palette = createPalette(view.color);
  const told = report.findings.filter((one) => view.verbose || one.severity !== 'ok');
  const blocks = told.map((one) => linesOf(one, palette));
  const plain = createPalette(false);
  const heights = told.map((one) => rowsOf(linesOf(one, plain), view.columns));
  const shown = view.verbose ? blocks : blocks.slice(0, fitting(heights, SCREEN_ROWS - 2));
  const left = blocks.length - shown.length;
  return `${[
    ...shown.flat(),
    ...(left > 0 ? [`${left} more: --verbose shows them`] : []),
    summary(report, view, palette),
  ].join('\n')}\n`;
}

/** How many of the blocks fit into that many rows; always at least one. */
function fitting(heights: readonly number[], rows: number): number {
  let used = 0;
  const first = heights.findIndex((height, index) => {
    used += height;
    return index > 0 && used > rows;
  });
  return first === -1 ? heights.length : first;
}

function linesOf(finding: Finding, palette: Palette): readonly string[] {
  const { check, subject, severity, seen, means, fix } = finding;
  const name = subject === null ? check : `${check} ${oneLine(subject, 80)}`;
  const head = `${paint(severity, palette)} ${palette.bold(name)}: ${oneLine(seen, MAX_TEXT)}`;
  const rest = [oneLine(means, MAX_TEXT), ...(fix === null ? [] : [`fix: ${oneLine(fix, MAX_TEXT)}`])];
  return [head, ...rest.map((line) => `  ${line}`)];
}

function paint(severity: Severity, palette: Palette): string {
  const style = { problem: palette.bad, warning: palette.warn, ok: palette.good }[severity];
  return style(severity);
}

function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

function summary({ counts, verdict }: DoctorReport, view: DoctorView, palette: Palette): string {
  const words = {
    problem: 'a run would be refused, fail or block',
    warning: 'a run can be started, with less than what is promised',
    ok: 'a run can be started',
  }[verdict];
  const more = view.verbose || counts.ok === 0 ? '' : ' (--verbose)';
  const several = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const numbers = `${several(counts.problem, 'problem')}, ${several(counts.warning, 'warning')}, ${counts.ok} ok${more}`;
  return `${palette.bold(words)}: ${numbers}`;
}
