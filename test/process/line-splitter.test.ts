import t from 'tap';
import { createLastLineSplitter, createLineSplitter, LONGEST_LINE } from '../../src/process/line-splitter.ts';

function split(chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => void lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

t.test('lines end with LF or CR LF, wherever the pieces are cut', async (t) => {
  t.strictSame(split(['a\nb', 'c\r', '\n\n', 'd']), ['a', 'bc', '', 'd']);
  t.strictSame(split([]), []);
});

t.test('a character that is cut between two pieces is whole in its line', async (t) => {
  const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => void lines.push(line));
  splitter.push(first);
  splitter.push(second);
  splitter.end();
  t.strictSame(lines, ['ü']);
});

t.test('a long line is cut once, and the next one is whole', async (t) => {
  const long = 'x'.repeat(3 * LONGEST_LINE);
  t.strictSame(split([long, long, `${long}\nnext\n`]), ['x'.repeat(LONGEST_LINE), 'next']);
  t.strictSame(split([`${long}\nnext`]), ['x'.repeat(LONGEST_LINE), 'next']);
});

t.test('of each piece the last whole line is handed on, and what was begun is put together', async (t) => {
  const pieces: readonly (readonly [chunks: readonly string[], lines: readonly string[]])[] = [
    [
      ['a\nb\nc\n', 'd\ne\n'],
      ['c', 'e'],
    ],
    [
      ['a\nbe', 'gun\n'],
      ['a', 'begun'],
    ],
    [
      ['begun', ' x\ny\nz\nrest'],
      ['z', 'rest'],
    ],
    [
      ['\n', '\n\n'],
      ['', ''],
    ],
    [
      ['x'.repeat(2 * LONGEST_LINE), 'more\nlast\nnext\n'],
      ['x'.repeat(LONGEST_LINE), 'next'],
    ],
    [['no end'], ['no end']],
    [[], []],
  ];
  for (const [chunks, expected] of pieces) {
    const lines: string[] = [];
    const splitter = createLastLineSplitter((line) => void lines.push(line));
    for (const chunk of chunks) splitter.push(Buffer.from(chunk));
    splitter.end();
    t.strictSame(lines, expected);
  }
});
