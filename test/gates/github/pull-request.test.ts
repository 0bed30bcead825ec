import t from 'tap';
import {
  findPullRequests,
  openPullRequest,
  updatePullRequest,
} from '../../../src/gates/github/pull-request.ts';
import { HEAD, portsFor, pullBody, type Reply, type Seen, tinyForge } from './forge-rig.ts';

const REPOSITORY = { owner: 'octo', repo: 'repo' };

const WANTED = { head: 'work', base: 'main', title: 'A change', body: 'Why', draft: false };

/** A forge with one open pull request; what is written gets `reply`. */
function forgeWith(reply: Reply, there: readonly unknown[] = [pullBody()]) {
  return () =>
    ({ method }: Seen): Reply =>
      method === 'GET' ? { body: there } : reply;
}

t.test('an open pull request is found by its branches', async (t) => {
  const forge = await tinyForge(t, forgeWith({}));
  const found = await findPullRequests(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(found, { ok: true, value: [{ number: 7, headSha: HEAD, open: true, url: /pull\/7$/ }] });
  const asked = new URL(forge.seen[0]?.path ?? '', 'http://x').searchParams;
  t.match(Object.fromEntries(asked), { state: 'open', head: 'octo:work', base: 'main' });
});

t.test('an entry of other branches is not ours, whatever was asked', async (t) => {
  const other = pullBody({ head: { sha: HEAD, ref: 'other', repo: null } });
  const forge = await tinyForge(t, forgeWith({}, [other]));
  t.strictSame(await findPullRequests(portsFor(forge.baseUrl), REPOSITORY, WANTED), { ok: true, value: [] });
});

t.test('a pull request from a fork is not ours, of whatever name its branch is', async (t) => {
  const fork = pullBody({ head: { sha: HEAD, ref: 'work', repo: { full_name: 'octo/fork' } } });
  const forge = await tinyForge(t, forgeWith({}, [fork, pullBody({ number: 8 })]));
  const found = await findPullRequests(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(found, { ok: true, value: [{ number: 8 }] });
  t.ok(found.ok && found.value.length === 1);
});

t.test('an answer about another pull request than the one that was opened is not believed', async (t) => {
  const other = pullBody({ number: 9, base: { ref: 'other', repo: { full_name: 'octo/repo' } } });
  const forge = await tinyForge(t, forgeWith({ status: 201, body: other }));
  const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(opened, { ok: false, failure: { message: /another pull request/ } });
});

t.test('a pull request is opened with what was asked', async (t) => {
  const forge = await tinyForge(t, forgeWith({ status: 201, body: pullBody({ number: 9 }) }));
  const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(opened, { ok: true, value: { number: 9, headSha: HEAD } });
  t.match(forge.seen, [{ method: 'POST', path: '/repos/octo/repo/pulls' }]);
  t.strictSame(JSON.parse(forge.seen[0]?.body ?? ''), WANTED);
});

t.test('where there is one already, that one is given back and no second one is opened', async (t) => {
  const forge = await tinyForge(
    t,
    forgeWith({ status: 422, body: { message: 'A pull request already exists' } }),
  );
  const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(opened, { ok: true, value: { number: 7 } });
  t.strictSame(
    forge.seen.map(({ method }) => method),
    ['POST', 'GET'],
  );
});

t.test('a 422 with nothing there is a failure', async (t) => {
  const forge = await tinyForge(t, forgeWith({ status: 422, body: {} }, []));
  const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(opened, { ok: false, failure: { kind: 'refused', status: 422 } });
});

t.test('a token that may not write is named', async (t) => {
  const forge = await tinyForge(t, forgeWith({ status: 403, body: {} }));
  const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
  t.match(opened, { ok: false, failure: { kind: 'refused', remedy: /Pull requests: write/ } });
});

t.test('a written answer of another shape, or a redirect of a write, is not believed', async (t) => {
  const away = { status: 307, headers: { location: '/api/v3/repositories/1/pulls' } };
  for (const reply of [{ status: 201, body: {} }, { status: 201, body: '{"number":' }, away]) {
    const forge = await tinyForge(t, forgeWith(reply));
    const opened = await openPullRequest(portsFor(forge.baseUrl), REPOSITORY, WANTED);
    t.match(opened, { ok: false, failure: { kind: 'untrusted' } });
    t.equal(forge.seen.length, 1);
  }
});

t.test('title and body of a pull request are changed', async (t) => {
  const forge = await tinyForge(t, forgeWith({ body: pullBody() }));
  const changed = await updatePullRequest(portsFor(forge.baseUrl), REPOSITORY, {
    number: 7,
    title: 'New',
    body: 'Text',
  });
  t.match(changed, { ok: true, value: { number: 7 } });
  t.match(forge.seen, [{ method: 'PATCH', path: '/repos/octo/repo/pulls/7' }]);
  t.strictSame(JSON.parse(forge.seen[0]?.body ?? ''), { title: 'New', body: 'Text' });
});
