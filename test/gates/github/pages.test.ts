import t from 'tap';
import { nextPage } from '../../../src/gates/github/link-header.ts';
import { canonical, withinForge } from '../../../src/gates/github/same-forge.ts';
import {
  type Answers,
  codesOf,
  greenAnswer,
  portsFor,
  readCi,
  runBody,
  runsBody,
  type TinyForge,
  tinyForge,
} from './forge-rig.ts';

const TOTAL = 150;

const ALL = Array.from({ length: TOTAL }, (_, index) => runBody(index + 1, { name: `check ${index + 1}` }));
// The one that counts is on the second page.
const RUNS = [...ALL.slice(0, TOTAL - 1), runBody(TOTAL, { conclusion: 'failure' })];

/** 150 check runs on two pages; `link` is what the first page says of the second. */
function twoPages(
  link: (forge: TinyForge) => string | null,
  second = RUNS.slice(100),
): (forge: TinyForge) => Answers {
  return (forge) => (seen) => {
    if (!seen.path.includes('/check-runs')) return greenAnswer(seen);
    const page = new URL(seen.path, 'http://x').searchParams.get('page');
    if (page === '2') return { body: runsBody(second, TOTAL) };
    const target = link(forge);
    return {
      body: runsBody(RUNS.slice(0, 100), TOTAL),
      headers: target === null ? {} : { link: `<${target}>; rel="next", <${target}>; rel="last"` },
    };
  };
}

const path = '/repositories/1/commits/x/check-runs?per_page=100&page=2';

t.test('a failure on the second page is seen', async (t) => {
  const forge = await tinyForge(
    t,
    twoPages((own) => `${own.baseUrl}${path}`),
  );
  t.strictSame(codesOf(await readCi(portsFor(forge.baseUrl))), ['check_failure']);
});

t.test('a second page that nothing links to is a lost page', async (t) => {
  const forge = await tinyForge(
    t,
    twoPages(() => null),
  );
  t.strictSame(codesOf(await readCi(portsFor(forge.baseUrl))), ['ci_unknown']);
});

t.test('a second page that is empty is a lost page', async (t) => {
  const forge = await tinyForge(
    t,
    twoPages((own) => `${own.baseUrl}${path}`, []),
  );
  t.strictSame(codesOf(await readCi(portsFor(forge.baseUrl))), ['ci_unknown']);
});

t.test('a page that links to itself is not read for ever', async (t) => {
  const forge = await tinyForge(
    t,
    twoPages(
      (own) =>
        `${own.baseUrl}/repos/octo/repo/commits/${'a'.repeat(40)}/check-runs?page=1&filter=all&per_page=100`,
    ),
  );
  const reading = await readCi(portsFor(forge.baseUrl));
  t.match(reading.document.details[0]?.message, /read already/);
});

t.test('a page on another host is never asked: the token goes nowhere else', async (t) => {
  const other = await tinyForge(t, () => greenAnswer);
  const forge = await tinyForge(
    t,
    twoPages(() => `${other.baseUrl}${path}`),
  );
  t.strictSame(codesOf(await readCi(portsFor(forge.baseUrl))), ['ci_unknown']);
  t.strictSame(other.seen, []);
});

t.test('over 1,000 check suites, each suite is asked for its runs', async (t) => {
  const suites = Array.from({ length: 1001 }, (_, index) => ({ id: index + 1, head_sha: 'a'.repeat(40) }));
  const forge = await tinyForge(t, (own) => (seen) => {
    const url = new URL(seen.path, 'http://x');
    const page = Number(url.searchParams.get('page'));
    if (url.pathname.endsWith('/check-suites/1001/check-runs'))
      return { body: runsBody([runBody(5, { conclusion: 'failure' })]) };
    if (url.pathname.includes('/check-suites/')) return { body: runsBody([]) };
    if (!url.pathname.endsWith('/check-suites')) return greenAnswer(seen);
    const size = Number(url.searchParams.get('per_page'));
    const next = `${own.baseUrl}${url.pathname}?per_page=${size}&page=${page + 1}`;
    return {
      body: { total_count: 1001, check_suites: suites.slice((page - 1) * size, page * size) },
      headers: page * size < 1001 ? { link: `<${next}>; rel="next"` } : {},
    };
  });
  t.strictSame(codesOf(await readCi(portsFor(forge.baseUrl))), ['check_failure']);
});

t.test('a Link header names one next page, none, or cannot be read', async (t) => {
  const next = (target: string) => ({ kind: 'next', target });
  const rows: readonly (readonly [string | null, unknown])[] = [
    [null, { kind: 'none' }],
    ['', { kind: 'none' }],
    ['<https://h/a?page=2>; rel="next"', next('https://h/a?page=2')],
    ['<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next"', next('https://h/a?page=3')],
    ['<https://h/a,b?page=2>; rel=next', next('https://h/a,b?page=2')],
    ['<https://h/a?page=1>; rel="prev"', { kind: 'none' }],
    ['<https://h/a>; rel="next", <https://h/b>; rel="next"', { kind: 'odd' }],
    ['https://h/a; rel="next"', { kind: 'odd' }],
    ['<https://h/a>', { kind: 'odd' }],
  ];
  for (const [header, expected] of rows) t.strictSame(nextPage(header), expected, String(header));
});

t.test('an address lies within the forge only below its base URL', async (t) => {
  const base = 'https://ghe.example/api/v3/';
  const inside = (target: string) => withinForge(base, target, `${base}repos`) !== null;
  t.ok(inside('https://ghe.example/api/v3/repositories/1'));
  t.ok(inside('/api/v3/x'));
  for (const target of [
    'http://ghe.example/api/v3/x',
    'https://ghe.example:8443/api/v3/x',
    'https://ghe.example.evil.example/api/v3/x',
    'https://user@ghe.example/api/v3/x',
    'https://ghe.example/api/v3-other/x',
    'https://ghe.example/api/v3/../../x',
    '//evil.example/api/v3/x',
    'https://[',
  ]) {
    t.notOk(inside(target), target);
  }
});

t.test('two spellings of a page are one address', async (t) => {
  t.equal(canonical('https://h/a?page=2&per_page=100#x'), canonical('https://h/a?per_page=100&page=2'));
});
