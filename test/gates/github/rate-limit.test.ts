import t from 'tap';
import { isRateLimit, pausedUntil } from '../../../src/gates/github/rate-limit.ts';
import { codesOf, greenAnswer, portsFor, type Reply, readCi, setClock, tinyForge } from './forge-rig.ts';

const NOW = 1_800_000_000_000;

function signs(status: number, headers: Record<string, string> = {}, text = '') {
  return { status, headers: new Headers(headers), text };
}

t.test('403 and 429 are both limits, a plain 403 is none', async (t) => {
  t.ok(isRateLimit(signs(429)));
  t.ok(isRateLimit(signs(403, { 'retry-after': '5' })));
  t.ok(isRateLimit(signs(403, { 'x-ratelimit-remaining': '0' })));
  t.ok(isRateLimit(signs(403, {}, '{"message":"You have exceeded a secondary rate limit"}')));
  t.notOk(isRateLimit(signs(403, { 'x-ratelimit-remaining': '12' }, 'Resource not accessible')));
  t.notOk(isRateLimit(signs(500, { 'retry-after': '5' })));
});

t.test('retry-after wins over the reset, the reset over a minute that doubles', async (t) => {
  const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 300) };
  const until = (headers: Record<string, string>, pauses = 0) =>
    pausedUntil(new Headers(headers), NOW, pauses) - NOW;
  t.equal(until({ ...reset, 'retry-after': '7' }), 7_000);
  t.equal(until(reset), 300_000);
  t.equal(
    until({ ...reset, 'x-ratelimit-remaining': '5' }),
    60_000,
    'a reset while something remains is no pause',
  );
  t.equal(until({ ...reset, 'x-ratelimit-reset': '5' }), 60_000, 'a reset in the past is none');
  t.equal(until({ 'retry-after': 'soon' }), 60_000);
  t.strictSame(
    [0, 1, 2, 3, 4, 5].map((pauses) => until({}, pauses) / 60_000),
    [1, 2, 4, 8, 16, 16],
  );
  t.equal(until({ 'retry-after': '999999999' }), 86_400_000, 'nobody makes us wait longer than a day');
});

for (const status of [403, 429]) {
  t.test(`while a limit of ${status} lasts nothing is asked, and the reading names it`, async (t) => {
    const clock = setClock(NOW);
    let reply: Reply | null = { status, headers: { 'retry-after': '90' }, body: {} };
    const forge = await tinyForge(t, () => (seen) => reply ?? greenAnswer(seen));
    const ports = portsFor(forge.baseUrl, { clock });
    const first = await readCi(ports);
    t.strictSame(codesOf(first), ['ci_unknown']);
    t.match(first, { waitsFor: /GitHub's rate limit until \d\d:\d\d:\d\d UTC/, retryAfterMs: 90_000 });
    t.equal(first.document.status, 'pending');
    reply = null;
    clock.advance(89_000);
    t.match(await readCi(ports), { retryAfterMs: 1_000, document: { passed: false } });
    t.equal(forge.seen.length, 1, 'nothing was asked during the pause');
    clock.advance(1_000);
    t.equal((await readCi(ports)).document.passed, true);
  });
}

t.test('limits in a row make the pause longer, a success makes it short again', async (t) => {
  const clock = setClock(NOW);
  let limited = true;
  const forge = await tinyForge(t, () => (seen) => (limited ? { status: 429, body: {} } : greenAnswer(seen)));
  const ports = portsFor(forge.baseUrl, { clock });
  const pauses: (number | null | undefined)[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { retryAfterMs } = await readCi(ports);
    pauses.push(retryAfterMs);
    clock.advance(retryAfterMs ?? 0);
  }
  limited = false;
  await readCi(ports);
  limited = true;
  pauses.push((await readCi(ports)).retryAfterMs);
  t.strictSame(pauses, [60_000, 120_000, 240_000, 60_000]);
});
