import type { RunSummary } from '../core/run-summary.ts';
import { displayWidth } from './display-width.ts';
import { formatWholeSeconds } from './duration.ts';
import { oneLine } from './harmless.ts';
import { createPalette, type Palette } from './palette.ts';
import { textTable } from './text-table.ts';

/** How a list is printed. */
export interface ListView {
  readonly color: boolean;
  /** Columns of the terminal, null where there is none. */
  readonly columns: number | null;
  /** A run's out_dir as a command to type names it. */
  readonly place: (outDir: string) => string;
}

const HEAD = ['run', 'state', 'started', 'worked', 'because', 'out_dir'] as const;
const MAX_REASON = 90;
const LONGEST_CELL = 240;

/** A table, or where the terminal is narrower than that, one run per paragraph. Ends with a newline. */
export function runListText(runs: readonly RunSummary[], view: ListView): string {
  if (runs.length === 0) return '';
  const palette = createPalette(view.color);
  const rows = runs.map((run) => rowOf(run, view));
  const table = textTable({ head: HEAD, rows, omitted: 0 }, createPalette(false));
  const width = view.columns ?? Number.POSITIVE_INFINITY;
  // A cell of a table is cut where it is very long; a path that is cut names nothing.
  const isWhole = rows.every((row) => (row.at(-1) ?? '').length <= LONGEST_CELL);
  if (!isWhole || table.some((line) => displayWidth(line) > width))
    return rows.map((row) => paragraph(row, palette)).join('\n');
  return `${textTable({ head: HEAD, rows, omitted: 0 }, palette).join('\n')}\n`;
}

function rowOf(run: RunSummary, view: ListView): readonly string[] {
  return [
    oneLine(run.run_id ?? '-', 96),
    run.state,
    run.started_at === null ? '-' : oneLine(run.started_at, 40),
    run.duration_ms === null ? '-' : formatWholeSeconds(run.duration_ms),
    oneLine(because(run), MAX_REASON),
    oneLine(view.place(run.out_dir), 4096),
  ];
}

function because(run: RunSummary): string {
  // The last column says where it is.
  if (run.problem !== null) return run.problem.replace(`${run.out_dir}/`, '');
  if (run.state === 'blocked') return run.blocked_by.join(', ');
  return run.failure === null ? '' : `${run.failure.reason}: ${run.failure.message}`;
}

function paragraph(row: readonly string[], palette: Palette): string {
  const [id = '', state = '', started = '', worked = '', why = '', place = ''] = row;
  const facts = [`${started} ${worked}`, ...(why === '' ? [] : [why]), place];
  return [palette.bold(`${state} ${id}`), ...facts.map((fact) => `  ${fact}`), ''].join('\n');
}
