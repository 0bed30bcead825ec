import { displayWidth } from './display-width.ts';
import { oneLine } from './harmless.ts';
import type { Palette } from './palette.ts';
import type { Table } from './report-rows.ts';

const MAX_CELL = 240;
/** A column is padded to at most this; a longer cell pushes its own row out, not all the others. */
const MAX_PADDING = 48;

/** A table as indented, aligned lines; columns that are empty in every row are left out. */
export function textTable(table: Table, palette: Palette): readonly string[] {
  const rows = table.rows.map((row) => row.map((cell) => oneLine(cell, MAX_CELL)));
  const used = table.head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const keep = (row: readonly string[]) => row.filter((_, column) => used[column] === true);
  const head = keep(table.head);
  const kept = rows.map(keep);
  const widths = head.map((title, column) =>
    Math.min(MAX_PADDING, Math.max(...[title, ...kept.map((row) => row[column] ?? '')].map(displayWidth))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    `  ${palette.dim(line(head))}`,
    ...(table.omitted > 0 ? [`  (${table.omitted} earlier left out)`] : []),
    ...kept.map((row) => `  ${line(row)}`),
  ];
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - displayWidth(cell)));
}
