import t from 'tap';
import { cutToWidth, displayWidth } from '../../src/render/display-width.ts';
import { formatBytes, formatDuration } from '../../src/render/duration.ts';
import { createPalette } from '../../src/render/palette.ts';
import { textTable } from '../../src/render/text-table.ts';

t.test('columns line up by what the terminal shows, and empty ones are left out', async (t) => {
  const table = {
    head: ['name', 'empty', 'value'],
    rows: [
      ['日本', '', '1'],
      ['é\u0301x', '', '2'],
      ['plain', '', '3'],
    ],
    omitted: 0,
  };
  const lines = textTable(table, createPalette(false));
  const columns = lines.slice(1).map((line) => displayWidth(line.slice(0, -1)));
  t.strictSame(columns, [9, 9, 9]);
  t.equal(lines[0], '  name   value');
});

t.test('a very long cell pushes its own row out, not the others', async (t) => {
  const rows = [
    ['x'.repeat(1000), '1'],
    ['short', '2'],
  ];
  const lines = textTable({ head: ['a', 'b'], rows, omitted: 2 }, createPalette(false));
  t.ok((lines[2]?.length ?? 0) < 300);
  t.ok((lines[3]?.length ?? 0) < 60);
  t.equal(lines[1], '  (2 earlier left out)');
});

t.test('text is cut to the columns, wide characters counted', async (t) => {
  t.equal(cutToWidth('abc', 3), 'abc');
  t.equal(cutToWidth('abcd', 3), 'ab…');
  t.equal(cutToWidth('日本語', 4), '日…');
  t.equal(cutToWidth('abcd', 3, '...'), '...');
  t.equal(cutToWidth('abcd', 2, '...'), '');
});

t.test('durations and sizes are short', async (t) => {
  t.strictSame([0, 999, 1234, 59_999, 125_000, 11_040_000].map(formatDuration), [
    '0ms',
    '999ms',
    '1.2s',
    '59.9s',
    '2m05s',
    '3h04m',
  ]);
  t.strictSame([0, 1023, 1536, 3_145_728, 5e12].map(formatBytes), [
    '0 B',
    '1023 B',
    '1.5 KiB',
    '3.0 MiB',
    '4656.6 GiB',
  ]);
});
