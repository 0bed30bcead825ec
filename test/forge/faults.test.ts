import { once } from 'node:events';
import t from 'tap';
import { ask, forgeOf } from './asking.ts';

const JOBS = '/projects/acme%2Fshop/pipelines/31/jobs?per_page=100';

function withFault(fault: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { gitlab: { moreJobs: 149 }, faults: [{ route: 'jobs', ...fault }] };
}

t.test('a fault comes at the call that it is meant for, and at no other', async (t) => {
  const forge = await forgeOf(t, withFault({ kind: 'status', status: 502, calls: [2] }));
  const statuses = [];
  for (let call = 0; call < 3; call += 1) statuses.push((await ask(forge.gitlab + JOBS)).status);
  t.strictSame(statuses, [200, 502, 200]);
});

t.test('a cut answer ends before the length that it announced', async (t) => {
  const forge = await forgeOf(t, withFault({ kind: 'cut' }));
  await t.rejects(ask(forge.gitlab + JOBS));
});

t.test('a held answer never comes, and whoever waits is told that it is held', async (t) => {
  const forge = await forgeOf(t, withFault({ kind: 'slow' }));
  const gaveUp = new AbortController();
  forge.onHeld = () => gaveUp.abort();
  const aborted = once(gaveUp.signal, 'abort');
  await t.rejects(ask(forge.gitlab + JOBS, { signal: gaveUp.signal }));
  await aborted;
});

t.test('bodies are spoiled in the way that the fault names', async (t) => {
  const wrong: readonly (readonly [kind: string, text: RegExp])[] = [
    ['malformed', /^\[\{.*[^\]]$/],
    ['wrong_type', /^\{\}$/],
    ['empty', /^$/],
    ['html', /^<html>/],
    ['empty_page', /^\[\]$/],
  ];
  for (const [kind, text] of wrong) {
    const forge = await forgeOf(t, withFault({ kind }));
    const got = await ask(forge.gitlab + JOBS);
    t.match([got.status, got.text], [200, text], kind);
  }
});

t.test('links are lost, lead away, or lead back', async (t) => {
  const next = async (kind: string): Promise<string> => {
    const forge = await forgeOf(t, withFault({ kind }));
    return (await ask(forge.gitlab + JOBS)).headers.get('link') ?? '';
  };
  t.equal(await next('lost_page'), '');
  t.match(await next('foreign_link'), /^<http:\/\/elsewhere\.invalid/);
  t.match(await next('link_loop'), /page=1>; rel="next"$/);
});

t.test('a redirect leads to another host', async (t) => {
  const forge = await forgeOf(t, withFault({ kind: 'redirect' }));
  const got = await ask(forge.gitlab + JOBS);
  t.equal(got.status, 302);
  t.match(got.headers.get('location'), /^http:\/\/elsewhere\.invalid/);
});

t.test('limits say how long they last', async (t) => {
  const primary = await forgeOf(t, withFault({ kind: 'rate_limited', status: 429 }));
  const got = await ask(primary.gitlab + JOBS);
  t.strictSame([got.status, got.headers.get('ratelimit-remaining')], [429, '0']);
  const secondary = await forgeOf(t, withFault({ kind: 'secondary_limit', status: 403, seconds: 7 }));
  const other = await ask(secondary.gitlab + JOBS);
  t.strictSame([other.status, other.headers.get('retry-after')], [403, '7']);
});
