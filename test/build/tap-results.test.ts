import t from 'tap';
import { createTapLog } from '../../src/build/tap-log.ts';
import { formatTotals, judge, listSkipped, readTotals } from '../../src/build/tap-results.ts';

const OUTPUT = `TAP version 14
# Subtest: test/a.test.ts
    # Subtest: one is one
        ok 1 - should be equal
        1..1
    ok 1 - one is one # time=8ms
    # Subtest: two is three
        not ok 1 - numbers agree
          ---
          diff: |
            -3
            +2
          ...
        1..1
    not ok 2 - two is three # time=72ms
      ---
      at:
        lineNumber: 3
      ...
    ok 3 - needs a sandbox # SKIP bwrap is not installed
    ok 4 - later # TODO
    1..4
not ok 1 - test/a.test.ts # time=117ms
  ---
  exitCode: 1
  ...
# Subtest: test/b.test.ts
    ok 1 - fine
    1..1
ok 2 - test/b.test.ts # time=14ms
ok 3 - test/c.test.ts # SKIP no strace here
1..3
# { total: 6, pass: 2, fail: 1, todo: 1, skip: 2 }
# time=1316.905ms`.split('\n');

t.test('the totals are those that tap closes with', async (t) => {
  t.strictSame(readTotals(OUTPUT), { passed: 2, failed: 1, skipped: 3 });
  t.strictSame(readTotals(['# { total: 5, pass: 5 }']), { passed: 5, failed: 0, skipped: 0 });
});

t.test('an output that was cut off has no totals', async (t) => {
  t.equal(readTotals(OUTPUT.slice(0, -2)), null);
  t.equal(readTotals([]), null);
});

t.test('what was skipped is listed with file and reason', async (t) => {
  t.strictSame(listSkipped(OUTPUT), [
    'test/a.test.ts: needs a sandbox – bwrap is not installed',
    'test/a.test.ts: later',
    'test/c.test.ts – no strace here',
  ]);
});

t.test('a run is good only when tap says so and something has passed', async (t) => {
  const good = { passed: 3, failed: 0, skipped: 1 };
  t.strictSame(judge(good, 0), good);
  t.equal(judge(good, 1).failed, 1, 'tap failed though it counted no failure');
  t.equal(judge(good, null).failed, 1, 'tap was killed');
  t.equal(judge({ passed: 0, failed: 0, skipped: 4 }, 0).failed, 1, 'nothing was tested');
  t.strictSame(judge(null, 0), { passed: 0, failed: 1, skipped: 0 });
  t.equal(judge({ passed: 1, failed: 7, skipped: 0 }, 1).failed, 7);
});

t.test('the closing line has the form that is looked for', async (t) => {
  t.equal(formatTotals({ passed: 12, failed: 0, skipped: 0 }), '12 passed, 0 failed');
  t.equal(formatTotals({ passed: 12, failed: 3, skipped: 1 }), '12 passed, 3 failed, 1 skipped');
});

t.test('the log has a line for each file, and of a failed one what failed', async (t) => {
  const printed: string[] = [];
  const log = createTapLog((line) => printed.push(line));
  for (const line of OUTPUT) log(line);
  t.equal(printed[0], '  FAILED test/a.test.ts time=117ms');
  t.match(printed.join('\n'), /not ok 1 - numbers agree\n\s+diff: \|\n\s+-3\n\s+\+2/);
  t.notMatch(printed.join('\n'), /one is one/);
  t.strictSame(printed.slice(-2), [
    '  ok     test/b.test.ts time=14ms',
    '  ok     test/c.test.ts SKIP no strace here',
  ]);
});
