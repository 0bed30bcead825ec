import t from 'tap';
import type { GitlabPorts } from '../../../src/gates/gitlab/ports.ts';
import { ANSWER_LIMIT_BYTES } from '../../../src/gates/gitlab/ports.ts';
import { limitDelayMs } from '../../../src/gates/gitlab/refusal.ts';
import { request } from '../../../src/gates/gitlab/request.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

function portsOf(fetch: typeof globalThis.fetch, requestLimitMs = 60_000): GitlabPorts {
  const clock = { now: () => 0, monotonic: () => 0 };
  const signal = new AbortController().signal;
  return {
    fetch,
    clock,
    token: 'secret-token',
    baseUrl: 'http://forge.invalid/api/v4',
    signal,
    requestLimitMs,
  };
}

const GET = { method: 'GET', path: '/projects/1', expect: [200] } as const;

t.test('the token is sent to the base URL, and redirects are left alone', async (t) => {
  const seen: unknown[] = [];
  const ports = portsOf(async (input, init) => {
    seen.push([input, init?.redirect, new Headers(init?.headers).get('private-token')]);
    return new Response(null, { status: 302, headers: { location: 'http://elsewhere.invalid/' } });
  });
  t.match(await request(ports, GET), { ok: false, failure: { status: 302, message: /redirect/ } });
  t.strictSame(seen, [['http://forge.invalid/api/v4/projects/1', 'manual', 'secret-token']]);
});

t.test('an answer that is larger than the limit is not read to its end', async (t) => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller): void {
      sent += 1_000_000;
      controller.enqueue(new Uint8Array(1_000_000));
    },
  });
  const ports = portsOf(async () => new Response(body, { headers: JSON_HEADERS }));
  t.match(await request(ports, GET), { ok: false, failure: { message: /larger than/ } });
  t.ok(sent < 2 * ANSWER_LIMIT_BYTES);
});

t.test('an answer that does not come is given up at the limit', async (t) => {
  const ports = portsOf(
    (_, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      }),
    1,
  );
  t.match(await request(ports, GET), { ok: false, failure: { message: /no answer within 1 ms/ } });
});

t.test('no message repeats the token', async (t) => {
  const ports = portsOf(async () => {
    throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
  });
  const got = await request(ports, GET);
  t.notMatch(JSON.stringify(got), /secret-token/);
  t.match(got, { ok: false, failure: { message: /ECONNREFUSED/ } });
});

t.test(
  'a limit lasts as long as the headers say, an hour at most, a minute where they say nothing',
  async (t) => {
    const rows: readonly (readonly [number, Readonly<Record<string, string>>, number | null])[] = [
      [429, {}, 60_000],
      [429, { 'retry-after': '7' }, 7_000],
      [429, { 'retry-after': '7', 'ratelimit-reset': '500' }, 7_000],
      [429, { 'ratelimit-reset': '500' }, 400_000],
      [429, { 'retry-after': '999999' }, 3_600_000],
      [429, { 'retry-after': 'soon' }, 60_000],
      [429, { 'ratelimit-reset': '1' }, 1_000],
      [403, {}, null],
      [403, { 'retry-after': '7' }, 7_000],
      [403, { 'ratelimit-remaining': '0' }, 60_000],
      [200, { 'ratelimit-remaining': '0' }, null],
      [500, { 'retry-after': '7' }, null],
    ];
    for (const [status, headers, delay] of rows) {
      t.equal(limitDelayMs(status, new Headers(headers), 100_000), delay, JSON.stringify([status, headers]));
    }
  },
);
