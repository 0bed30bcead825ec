import t from 'tap';
import { parseDuration, writeDuration } from '../../src/formats/duration.ts';

t.test('digits and one unit are milliseconds', (t) => {
  const cases: [string, number][] = [
    ['0s', 0],
    ['500ms', 500],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ];
  for (const [text, milliseconds] of cases) {
    t.strictSame(parseDuration(text), { ok: true, value: milliseconds }, text);
  }
  t.end();
});

t.test('anything else is refused, a bare number with a hint', (t) => {
  for (const text of [
    '',
    '24',
    '-1s',
    '1.5h',
    ' 1s',
    '1s ',
    '1h30m',
    '1H',
    '1w',
    's',
    '1e3s',
    `${'9'.repeat(16)}s`,
  ]) {
    t.equal(parseDuration(text).ok, false, text);
  }
  t.equal(parseDuration('999999999999999d').ok, false, 'beyond what a number holds');
  const bare = parseDuration('24');
  t.match(bare.ok ? '' : bare.failure, /the unit is missing/);
  t.end();
});

t.test('what is written is read back', (t) => {
  for (const milliseconds of [0, 1, 999, 1_000, 61_000, 3_600_000, 86_400_000, 172_800_000, 90_000_001]) {
    t.strictSame(parseDuration(writeDuration(milliseconds)), { ok: true, value: milliseconds });
  }
  t.equal(writeDuration(86_400_000), '24h');
  t.equal(writeDuration(7 * 86_400_000), '7d');
  t.end();
});
