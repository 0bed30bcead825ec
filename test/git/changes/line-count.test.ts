import t from 'tap';
import { COMPARING_STEPS, countLines, linesOf } from '../../../src/git/changes/line-count.ts';
import { rig } from '../rig.ts';

const count = (before: string, after: string, steps = COMPARING_STEPS) =>
  countLines(Buffer.from(before), Buffer.from(after), { steps });

t.test('lines end at LF, CR and CRLF, and the last one needs no end', async (t) => {
  t.equal(linesOf(Buffer.from('a\nb\rc\r\nd')).length, 4);
  t.equal(linesOf(Buffer.from('\n\n\r\r')).length, 4);
  t.equal(linesOf(Buffer.from('')).length, 0);
});

t.test('a line that is long counts once for every 400 bytes, whatever the bytes are', async (t) => {
  t.equal(linesOf(Buffer.alloc(4000)).length, 10);
  t.equal(linesOf(Buffer.from(`${'x'.repeat(400)}\n`)).length, 2);
});

t.test('the fewest lines are counted: what stays is not, what moves is', async (t) => {
  t.strictSame(count('a\nb\nc\n', 'a\nc\n'), { added: 0, deleted: 1 });
  t.strictSame(count('a\nb\nc\n', 'a\nB\nc\n'), { added: 1, deleted: 1 });
  t.strictSame(count('a\nb\nc\n', 'c\na\nb\n'), { added: 1, deleted: 1 });
  t.strictSame(count('', 'a\nb\n'), { added: 2, deleted: 0 });
  t.strictSame(count('a\nb\n', ''), { added: 0, deleted: 2 });
  t.strictSame(count('a\n', 'a'), { added: 1, deleted: 1 });
});

t.test('where comparing would take too long, everything between the equal ends is counted', async (t) => {
  t.strictSame(count('a\nb\nc\nd\n', 'a\nx\nc\nd\n', 0), { added: 1, deleted: 1 });
  t.strictSame(count('a\nb\nc\nd\n', 'b\nx\nc\ny\n', 0), { added: 4, deleted: 4 });
  const before = Array.from({ length: 3000 }, (_, at) => `a${at}\nsame\n`).join('');
  const after = Array.from({ length: 3000 }, (_, at) => `b${at}\nsame\n`).join('');
  t.ok(count(before, after).added >= 3000);
});

t.test('the count is that of git, which looks for the fewest lines too', async (t) => {
  const { root, git, write } = rig(t);
  const texts = [0, 1, 2, 3, 4, 5].map((seed) =>
    Array.from({ length: 60 }, (_, at) => `${(at * (seed + 3) * 7 + seed) % 23}\n`).join(''),
  );
  for (const [at, text] of texts.entries()) write(`${at}.txt`, text);
  for (const [at, before] of texts.entries()) {
    const other = (at + 1) % texts.length;
    const { added, deleted } = count(before, texts[other] ?? '');
    const args = ['-C', root, 'diff', '--no-index', '--minimal', '--numstat', `${at}.txt`, `${other}.txt`];
    const said = diffOf(() => git(...args));
    t.equal(said.split('\t').slice(0, 2).join(' '), `${added} ${deleted}`);
  }
});

/** `git diff --no-index` ends with 1 where there is a difference. */
function diffOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
  }
}
