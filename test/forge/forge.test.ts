import t from 'tap';
import { ask, forgeOf } from './asking.ts';
import { COMMITS } from './scenario.ts';

const RUNS = `/repos/acme/shop/commits/${COMMITS.head}/check-runs`;

t.test('a list is paged, and Link leads through all of it', async (t) => {
  const forge = await forgeOf(t, { github: { moreSuites: { count: 250 } } });
  const seen: string[] = [];
  let next: string | undefined = `${forge.github}${RUNS}?per_page=100`;
  while (next !== undefined) {
    const got = await ask(next);
    seen.push(...[...got.text.matchAll(/"name":"(extra-\d+)"/g)].map((match) => match[1] ?? ''));
    t.match(got.body, { total_count: 250 });
    next = /<([^>]+)>; rel="next"/.exec(got.headers.get('link') ?? '')?.[1];
  }
  t.equal(new Set(seen).size, 250);
  t.equal(forge.requests.length, 3);
});

t.test('GitLab pages have headers of their own', async (t) => {
  const forge = await forgeOf(t, { gitlab: { moreJobs: 149 } });
  const got = await ask(`${forge.gitlab}/projects/acme%2Fshop/pipelines/31/jobs?per_page=100`);
  t.equal(got.headers.get('x-next-page'), '2');
  t.equal(got.headers.get('x-total'), '150');
  const last = await ask(`${forge.gitlab}/projects/acme%2Fshop/pipelines/31/jobs?per_page=100&page=2`);
  t.equal(last.headers.get('x-next-page'), '');
});

t.test('an entity tag that still fits gets 304 and costs nothing of the limit', async (t) => {
  const forge = await forgeOf(t, { github: { checkRuns: [{ name: 'build' }] } });
  const first = await ask(`${forge.github}${RUNS}`);
  const etag = first.headers.get('etag') ?? '';
  const second = await ask(`${forge.github}${RUNS}`, { headers: { 'if-none-match': etag } });
  t.equal(second.status, 304);
  t.equal(second.text, '');
  t.equal(first.headers.get('x-ratelimit-remaining'), '4999');
  t.equal((await ask(`${forge.github}${RUNS}`)).headers.get('x-ratelimit-remaining'), '4998');
  t.strictSame(
    forge.requests.map((one) => [one.route, one.status, one.conditional]),
    [
      ['check-runs', 200, false],
      ['check-runs', 304, true],
      ['check-runs', 200, false],
    ],
  );
});

t.test('what changes gets another entity tag', async (t) => {
  const forge = await forgeOf(t, {
    github: { checkRuns: [{ name: 'build', status: 'queued' }] },
    changes: [{ route: 'check-runs', call: 2, set: 'github.checkRuns.0.status', to: 'completed' }],
  });
  const first = await ask(`${forge.github}${RUNS}`);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const second = await ask(`${forge.github}${RUNS}`, { headers });
  t.equal(second.status, 200);
  t.match(second.body, { check_runs: [{ status: 'completed', conclusion: 'success' }] });
});

t.test('a used up limit is said with the time of its end', async (t) => {
  const forge = await forgeOf(t, { limits: { perHour: 1 } });
  await ask(`${forge.github}${RUNS}`);
  const got = await ask(`${forge.github}${RUNS}`);
  t.equal(got.status, 403);
  t.equal(got.headers.get('x-ratelimit-remaining'), '0');
  t.ok(Number(got.headers.get('x-ratelimit-reset')) > 0);
  t.equal((await ask(`${forge.gitlab}/projects/acme%2Fshop/merge_requests/7`)).status, 429);
});

t.test('without a token nothing is there, a wrong one is refused, and rights are needed', async (t) => {
  const forge = await forgeOf(t, { token: { denied: { protection: 403 } } });
  const pull = `${forge.github}/repos/acme/shop/pulls/7`;
  const merge = `${forge.gitlab}/projects/acme%2Fshop/merge_requests/7`;
  for (const url of [pull, merge]) {
    t.equal((await fetch(url)).status, 404);
    t.equal((await ask(url, { headers: { authorization: 'Bearer other' } })).status, 401);
    t.equal((await ask(url)).status, 200);
  }
  const path = '/repos/acme/shop/branches/main/protection/required_status_checks';
  t.equal((await ask(`${forge.github}${path}`)).status, 403);
  t.equal((await ask(`${forge.github}/repos/acme/other/pulls/7`)).status, 404);
});

t.test('the list of runs covers the newest 1,000 suites, the suites themselves are all there', async (t) => {
  const forge = await forgeOf(t, {
    github: { checkRuns: [{ name: 'build' }], moreSuites: { count: 1100 } },
  });
  t.match((await ask(`${forge.github}${RUNS}`)).body, { total_count: 1000 });
  const suites = await ask(`${forge.github}${RUNS.replace('check-runs', 'check-suites')}`);
  t.match(suites.body, { total_count: 1101 });
  const own = await ask(`${forge.github}/repos/acme/shop/check-suites/1/check-runs`);
  t.match(own.body, { total_count: 1, check_runs: [{ name: 'build' }] });
});

t.test('the combined state of a commit without statuses is pending', async (t) => {
  const forge = await forgeOf(t);
  const got = await ask(`${forge.github}/repos/acme/shop/commits/${COMMITS.head}/status`);
  t.match(got.body, { state: 'pending', total_count: 0 });
});
