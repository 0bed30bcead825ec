import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { isRefusal } from '../../../src/core/delivery/refusal.ts';
import { lookUpBranch, type PushRequest, pushCommit } from '../../../src/git/deliver/remote-branch.ts';
import { remoteUrl } from '../../../src/git/deliver/remote-url.ts';
import { transportOf } from '../../../src/git/transport.ts';
import { findWorkTree } from '../../../src/git/work-tree.ts';
import { forgeObject } from '../forge-object.ts';
import { ENVIRONMENT, type Rig, rig } from '../rig.ts';

interface Remote extends Rig {
  readonly url: string;
  request(sha: string, more?: Partial<PushRequest>): PushRequest;
  /** Every update of a ref that the remote has accepted. */
  updates(): readonly string[];
}

function remote(t: Test): Remote {
  const r = rig(t);
  const url = join(r.base, 'remote.git');
  r.gitIn(r.base, 'init', '-q', '--bare', '-b', 'main', url);
  r.git('push', '-q', url, 'main');
  const log = join(r.base, 'updates');
  writeFileSync(log, '');
  writeFileSync(join(url, 'hooks/post-receive'), `#!/bin/sh\ncat >> '${log}'\n`, { mode: 0o755 });
  return {
    ...r,
    url,
    updates: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    request: (sha, more = {}) => ({
      ...{ url, sha, branch: 'agent/fix', transport: transportOf({ HOME: r.base }) },
      ...{ workTree: treeOf(r), environment: { ...ENVIRONMENT, home: r.base }, scratch: r.scratch, ...more },
    }),
  };
}

function treeOf(r: Rig) {
  const found = findWorkTree(r.root);
  if (!found.ok || found.value === null) throw new Error('no work tree');
  return found.value;
}

function newCommit(r: Rig, text: string): string {
  r.git('checkout', '-q', '--detach', 'main');
  r.write('a.txt', text);
  r.commit(text);
  return r.git('rev-parse', 'HEAD').trim();
}

t.test('a commit is pushed once, however often it is asked for', async (t) => {
  const r = remote(t);
  const sha = newCommit(r, 'one\n');
  t.strictSame(await pushCommit(r.request(sha)), { ok: true, value: 'pushed' });
  t.strictSame(await pushCommit(r.request(sha)), { ok: true, value: 'was-there' });
  t.equal(r.updates().length, 1);
  t.match(await lookUpBranch(r.request(sha)), { ok: true, value: { sha, defaultBranch: 'main' } });
});

t.test('a branch that has gone another way is refused and stays as it is', async (t) => {
  const r = remote(t);
  const theirs = newCommit(r, 'theirs\n');
  await pushCommit(r.request(theirs));
  const ours = newCommit(r, 'ours\n');
  const pushed = await pushCommit(r.request(ours));
  t.match(pushed, { ok: false, failure: { message: /not before the commit/ } });
  t.ok(!pushed.ok && isRefusal(pushed.failure));
  t.match(await lookUpBranch(r.request(ours)), { value: { sha: theirs } });
});

t.test(
  'a parent that was written into an old commit does not make a branch one that goes forward',
  async (t) => {
    const r = remote(t);
    const zero = r.git('rev-parse', 'main').trim();
    const theirs = newCommit(r, 'theirs\n');
    await pushCommit(r.request(theirs));
    r.git('checkout', '-q', 'main');
    r.write('b.txt', 'one\n');
    r.commit('one');
    const ours = newCommit(r, 'ours\n');
    const forged = r.git('commit-tree', '-p', theirs, `${zero}^{tree}`, '-m', 'x').trim();
    forgeObject(join(r.root, '.git/objects'), zero, forged);
    t.match(await pushCommit(r.request(ours)), { ok: false });
    t.equal(r.gitIn(r.url, 'rev-parse', 'agent/fix').trim(), theirs);
  },
);

t.test('a branch that is some commits behind goes forward', async (t) => {
  const r = remote(t);
  r.git('push', '-q', r.url, 'main:agent/fix');
  r.git('checkout', '-q', 'main');
  for (const text of ['1', '2', '3']) {
    r.write('b.txt', text);
    r.commit(text);
  }
  t.match(await pushCommit(r.request(newCommit(r, 'ours\n'))), { ok: true, value: 'pushed' });
});

t.test('a commit of somebody else that is not known here is refused', async (t) => {
  const r = remote(t);
  const other = join(r.base, 'other');
  r.gitIn(r.base, 'clone', '-q', r.url, other);
  r.gitIn(other, 'commit', '-q', '--allow-empty', '-m', 'theirs');
  r.gitIn(other, 'push', '-q', 'origin', 'HEAD:refs/heads/agent/fix');
  const pushed = await pushCommit(r.request(newCommit(r, 'ours\n')));
  t.ok(!pushed.ok && isRefusal(pushed.failure));
});

t.test('a push that a hook of the remote turns down is refused, with its words', async (t) => {
  const r = remote(t);
  writeFileSync(join(r.url, 'hooks/pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const pushed = await pushCommit(r.request(newCommit(r, 'ours\n')));
  t.match(pushed, { ok: false, failure: { message: /turned down.*pre-receive hook declined/ } });
  t.ok(!pushed.ok && isRefusal(pushed.failure));
});

t.test('a remote that is not there is trouble that a resume may mend', async (t) => {
  const r = remote(t);
  const pushed = await pushCommit(r.request(newCommit(r, 'x\n'), { url: join(r.base, 'nowhere.git') }));
  t.match(pushed, { ok: false, failure: { reason: 'delivery_failed', retryable: true } });
});

t.test('neither hooks nor settings of the repository have a part in a push', async (t) => {
  const r = remote(t);
  const ran = join(r.base, 'ran');
  const sha = newCommit(r, 'ours\n');
  writeFileSync(join(r.root, '.git/hooks/pre-push'), `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
  r.git('config', 'core.sshCommand', `touch '${ran}'`);
  r.git('config', `url.ext::sh -c touch% ${ran}.pushInsteadOf`, r.url);
  r.git('config', 'protocol.ext.allow', 'always');
  t.match(await pushCommit(r.request(sha)), { ok: true });
  t.throws(() => readFileSync(ran), { code: 'ENOENT' });
});

t.test("an operator's own global configuration counts, and programs as addresses never do", async (t) => {
  const r = remote(t);
  const sha = newCommit(r, 'ours\n');
  writeFileSync(join(r.base, '.gitconfig'), `[url "${r.url}"]\n\tinsteadOf = https://forge.example/x\n`);
  t.match(await pushCommit(r.request(sha, { url: 'https://forge.example/x' })), { ok: true });
  const ext = await lookUpBranch(r.request(sha, { url: 'ext::sh -c true' }));
  t.match(ext, { ok: false });
});

t.test(
  'an address is taken from the repository as it is, and refused where it is none to go to',
  async (t) => {
    const r = remote(t);
    const ask = (name: string) => remoteUrl(treeOf(r), name, { environment: ENVIRONMENT });
    r.git('remote', 'add', 'origin', 'https://forge.example/o/r.git');
    r.git('remote', 'add', 'secret', 'https://u:p@forge.example/o/r.git');
    r.git('remote', 'add', 'program', 'ext::sh -c true');
    mkdirSync(join(r.root, 'inside.git'));
    t.strictSame(await ask('origin'), { ok: true, value: 'https://forge.example/o/r.git' });
    t.strictSame(await ask(r.url), { ok: true, value: r.url });
    t.strictSame(await ask('git@forge.example:o/r.git'), { ok: true, value: 'git@forge.example:o/r.git' });
    t.match(await ask('nowhere'), { failure: { message: /is the name of no remote/ } });
    t.match(await ask('secret'), { failure: { message: /password in its address/ } });
    const typed = await ask('https://x:sesame@forge.example/o/r.git');
    t.match(typed, { failure: { message: /\/\/\*\*\*@forge.example.* password in its address/ } });
    t.match(await ask('https://ghp_token@forge.example/o/r.git'), {
      failure: { message: /user or password/ },
    });
    t.match(await ask('ssh://git@forge.example/o/r.git'), { ok: true });
    t.match(await ask('file:///tmp/%zz'), { failure: { message: /is no address/ } });
    t.match(await ask('program'), { failure: { reason: 'precondition' } });
    t.match(await ask('http://forge.example/x'), { failure: { message: /is reached by http/ } });
    t.match(await ask('./inside.git'), { failure: { message: /lies in the repository itself/ } });
  },
);
