/** One line of the table: a figure, and the bound that it is held to. */
export interface Row {
  readonly name: string;
  /** What was measured, smallest and middle, with the unit. */
  readonly min: string;
  readonly median: string;
  /** The figure that counts; null where a row is only there to compare with. */
  readonly figure: number | null;
  readonly unit: string;
  readonly bound: number | null;
}

/** Whether a row keeps its bound. A figure that is no number does not. */
export function isKept({ figure, bound }: Row): boolean {
  return bound === null || (figure !== null && figure <= bound);
}

/** The rows as aligned text, one line each, below a heading. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.min,
    row.median,
    row.figure === null ? '' : `${row.figure.toFixed(2)}${row.unit}`,
    row.bound === null ? '' : `≤ ${row.bound}${row.unit}`,
    row.bound === null ? '' : isKept(row) ? 'kept' : 'BROKEN',
  ]);
  const all = [['', 'min', 'median', 'figure', 'bound', ''], ...cells];
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...all.map((line) => (line[column] ?? '').length)),
  );
  return all.map((line) => formatLine(line, widths)).join('\n');
}

function formatLine(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === 0 || column === 5 ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join('  ').trimEnd();
}
