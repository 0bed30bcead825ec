import { oneLine } from './harmless.ts';
import type { Table } from './report-rows.ts';

/** What a code span shows as it is, also inside a table cell. */
const PLAIN_CODE = /^[^`|\\]*$/;
const ENTITY = /[^A-Za-z0-9 /,;=+-]/gu;

/**
 * Any text as inline code: there no markup, no HTML, no link and no @mention is seen. What would end the code
 * span or the table cell is written as entities in a `<code>` element instead.
 */
export function code(text: string, maxLength = 300): string {
  const line = oneLine(text, maxLength).trim();
  if (line === '') return '';
  if (PLAIN_CODE.test(line)) return `\`${line}\``;
  return `<code>${line.replace(ENTITY, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`)}</code>`;
}

/** A table with every cell as code; columns that are empty in every row are left out. */
export function markdownTable(table: Table, maxCell: number): readonly string[] {
  const used = table.head.map((_, column) => table.rows.some((row) => (row[column] ?? '') !== ''));
  const keep = (row: readonly string[]) => row.filter((_, column) => used[column] === true);
  const head = keep(table.head);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    ...(table.omitted > 0 ? [`${table.omitted} earlier left out.`, ''] : []),
    line(head),
    line(head.map(() => '---')),
    ...table.rows.map((row) => line(keep(row).map((cell) => code(cell, maxCell)))),
  ];
}

/** A command on lines of its own; the fence is longer than any in it. */
export function fenced(text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, text, fence];
}
