import { execFileSync } from 'node:child_process';
import t, { type Test } from 'tap';
import { ask, forgeOf, send } from './asking.ts';

/** A bare repository with one commit on branch `topic`; gives its path and the commit. */
function bareRepository(t: Test): { readonly path: string; readonly sha: string } {
  const path = t.testdir();
  const git = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', path, ...args], { encoding: 'utf8', input: '' }).trim();
  git('init', '--quiet', '--bare');
  const tree = git('mktree');
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  const sha = git(...who, 'commit-tree', tree, '-m', 'one');
  git('update-ref', 'refs/heads/topic', sha);
  return { path, sha };
}

const PULLS = '/repos/acme/shop/pulls';
const MERGES = '/projects/acme%2Fshop/merge_requests';

t.test('a pull request gets a number and shows what was pushed; a second one is refused', async (t) => {
  const { path, sha } = bareRepository(t);
  const forge = await forgeOf(t, { repository: path, github: { checkRuns: [{ name: 'build' }] } });
  const wanted = { head: 'topic', base: 'main', title: 'A topic', draft: true };
  const opened = await send('POST', forge.github + PULLS, wanted);
  t.equal(opened.status, 201);
  t.match(opened.body, { number: 8, head: { sha }, draft: true });
  const again = await send('POST', forge.github + PULLS, wanted);
  t.equal(again.status, 422);
  t.match(again.text, /A pull request already exists for acme:topic\./);
  const found = await ask(`${forge.github}${PULLS}?head=acme:topic&base=main&state=open`);
  t.match(found.body, [{ number: 8 }]);
  const runs = await ask(`${forge.github}/repos/acme/shop/commits/${sha}/check-runs`);
  t.match(runs.body, { total_count: 1 }, 'what is reported of the pushed commit is of this one');
});

t.test('a pull request of a branch that was not pushed is refused', async (t) => {
  const forge = await forgeOf(t, { repository: bareRepository(t).path });
  const got = await send('POST', forge.github + PULLS, { head: 'other', base: 'main', title: 'x' });
  t.equal(got.status, 422);
});

t.test('a pull request can be changed and closed, and opened again with another number', async (t) => {
  const forge = await forgeOf(t, { repository: bareRepository(t).path });
  const wanted = { head: 'topic', base: 'main', title: 'A topic' };
  await send('POST', forge.github + PULLS, wanted);
  t.match((await send('PATCH', `${forge.github}${PULLS}/8`, { title: 'B', body: 'text' })).body, {
    title: 'B',
    body: 'text',
  });
  t.match((await send('PATCH', `${forge.github}${PULLS}/8`, { state: 'closed' })).body, { state: 'closed' });
  t.match((await send('POST', forge.github + PULLS, wanted)).body, { number: 9 });
});

t.test('a merge request gets a number; a second one of the same branches is refused with 409', async (t) => {
  const { path, sha } = bareRepository(t);
  const forge = await forgeOf(t, { repository: path });
  const wanted = { source_branch: 'topic', target_branch: 'main', title: 'Draft: A topic' };
  t.match((await send('POST', forge.gitlab + MERGES, wanted)).body, { iid: 8, sha, draft: true });
  t.equal((await send('POST', forge.gitlab + MERGES, wanted)).status, 409);
  t.match((await send('PUT', `${forge.gitlab}${MERGES}/8`, { title: 'C' })).body, { title: 'C' });
  const found = await ask(`${forge.gitlab}${MERGES}?source_branch=topic&target_branch=main&state=opened`);
  t.match(found.body, [{ iid: 8 }]);
});
