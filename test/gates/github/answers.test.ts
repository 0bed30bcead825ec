import t from 'tap';
import {
  codesOf,
  greenAnswer,
  portsFor,
  pullBody,
  type Reply,
  readCi,
  runBody,
  runsBody,
  tinyForge,
} from './forge-rig.ts';

/** What spoils one call of an otherwise green pull request, by the end of its path. */
type Row = readonly [rule: string, call: string, reply: Reply, words: RegExp];

const PULL = '/pulls/7';
const RUNS = '/check-runs';

const ROWS: readonly Row[] = [
  ['a token that is not accepted blocks', PULL, { status: 401, body: {} }, /401: the token is not accepted/],
  [
    'a call that the token may not make blocks and names the permission',
    RUNS,
    { status: 403, body: {} },
    /403: the token may not ask that/,
  ],
  ['a pull request that is not there blocks', PULL, { status: 404, body: {} }, /404/],
  [
    'rules that are not there block: no information is not "none required"',
    '/rules/branches/main',
    { status: 404, body: {} },
    /rules of branch main.*404/,
  ],
  ['a server error blocks', RUNS, { status: 500, body: {} }, /GitHub answered 500/],
  ['a bad gateway blocks', '/status', { status: 502, body: '<html>' }, /502/],
  ['a success without content blocks', RUNS, { status: 204, body: '' }, /status 204/],
  ['an answer that is no JSON blocks', RUNS, { body: '{"total_count":1,' }, /is not JSON/],
  ['an empty answer blocks', RUNS, { body: '' }, /is not JSON/],
  [
    'an answer with a doubled key blocks',
    RUNS,
    { body: '{"total_count":0,"total_count":0,"check_runs":[]}' },
    /duplicate/,
  ],
  ['an answer of another shape blocks', RUNS, { body: [] }, /documented shape/],
  ['an answer that was cut blocks', RUNS, { body: runsBody([runBody(1)]), end: 'cut' }, /no whole answer/],
  ['an answer that does not come blocks', RUNS, { end: 'hold' }, /no whole answer in time/],
  [
    'an answer that is too long blocks',
    RUNS,
    { body: JSON.stringify('x'.repeat(17 * 1024 * 1024)) },
    /longer than/,
  ],
  ['a 304 that nothing was asked with blocks', PULL, { status: 304 }, /304/],
  [
    'another pull request than the one asked for blocks',
    PULL,
    { body: pullBody({ number: 8 }) },
    /another pull request/,
  ],
  [
    'a run of another commit blocks',
    RUNS,
    { body: runsBody([runBody(1, { head_sha: 'c'.repeat(40) })]) },
    /another commit/,
  ],
  [
    'statuses of another commit block',
    '/status',
    { body: { sha: 'c'.repeat(40), total_count: 0, statuses: [] } },
    /another commit/,
  ],
  ['fewer runs than are counted block', RUNS, { body: runsBody([runBody(1)], 2) }, /a page was lost/],
  [
    'a run that is listed twice does not make up for another',
    RUNS,
    { body: runsBody([runBody(1), runBody(1)]) },
    /a page was lost/,
  ],
  [
    'a redirect to another host blocks',
    RUNS,
    { status: 302, headers: { location: 'http://other.invalid/' } },
    /outside the base URL/,
  ],
  [
    'a redirect out of the API blocks',
    RUNS,
    { status: 302, headers: { location: '/elsewhere' } },
    /outside the base URL/,
  ],
  [
    'a redirect to itself blocks',
    RUNS,
    { status: 301, headers: { location: '/api/v3/check-runs' } },
    /redirects without end/,
  ],
  [
    'a Link header that cannot be read blocks',
    RUNS,
    { headers: { link: 'next please' }, body: runsBody([runBody(1)]) },
    /Link header/,
  ],
];

for (const [rule, call, reply, words] of ROWS) {
  t.test(rule, async (t) => {
    const forge = await tinyForge(t, () => (seen) => {
      const spoiled = seen.path.split('?')[0]?.endsWith(call) === true;
      return spoiled ? reply : greenAnswer(seen);
    });
    const timeoutMs = reply.end === 'hold' ? 200 : 30_000;
    const reading = await readCi(portsFor(forge.baseUrl, { timeoutMs }));
    t.equal(reading.document.passed, false);
    t.strictSame(codesOf(reading), ['ci_unknown']);
    t.match(reading.document.details[0]?.message, words);
    t.ok(reading.document.details[0]?.remedy, 'it says what to do next');
    t.equal(reading.waitsFor, null);
  });
}

t.test('the green pull request that the rows spoil passes', async (t) => {
  const forge = await tinyForge(t, () => greenAnswer);
  const { document, waitsFor } = await readCi(portsFor(forge.baseUrl));
  t.match(document, { gate: 'ci', status: 'success', passed: true, source: 'github:octo/repo#7' });
  t.match(document.inputs_digest, /^[0-9a-f]{64}$/);
  t.ok(document.not_evaluated.some((words) => words.startsWith('classic branch protection')));
  t.equal(waitsFor, null);
});

t.test('each request carries the documented headers and the token', async (t) => {
  const forge = await tinyForge(t, () => greenAnswer);
  await readCi(portsFor(forge.baseUrl));
  for (const { headers } of forge.seen) {
    t.match(headers, {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      authorization: 'token secret-token',
    });
    t.match(headers['user-agent'], /^orchestrator /);
  }
});

t.test('a forge that is not there blocks, and no word of the token gets into the document', async (t) => {
  const ports = portsFor('http://127.0.0.1:1/api/v3', { token: 'secret-token' });
  const reading = await readCi(ports);
  t.strictSame(codesOf(reading), ['ci_unknown']);
  t.notMatch(JSON.stringify(reading), /secret-token/);
});

t.test('a token with a line break is not sent', async (t) => {
  const forge = await tinyForge(t, () => greenAnswer);
  const reading = await readCi(portsFor(forge.baseUrl, { token: 'secret\ntoken' }));
  t.strictSame(codesOf(reading), ['ci_unknown']);
  t.strictSame(forge.seen, []);
});

t.test('a redirect within the API is followed', async (t) => {
  const forge = await tinyForge(t, () => (seen) => {
    if (!seen.path.startsWith('/repos/octo/repo/pulls/7')) return greenAnswer(seen);
    return { status: 301, headers: { location: '/api/v3/repositories/1/pulls/7' }, body: {} };
  });
  t.equal((await readCi(portsFor(forge.baseUrl))).document.passed, true);
});

t.test('a run that is interrupted gets a document that blocks', async (t) => {
  const stop = new AbortController();
  const forge = await tinyForge(t, () => () => {
    stop.abort();
    return { end: 'hold' };
  });
  const reading = await readCi(portsFor(forge.baseUrl, { signal: stop.signal }));
  t.match(reading.document.details[0]?.message, /interrupted/);
});
