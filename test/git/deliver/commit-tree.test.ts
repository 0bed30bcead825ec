import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { isRefusal } from '../../../src/core/delivery/refusal.ts';
import { type CommitTreeRequest, commitTree } from '../../../src/git/deliver/commit-tree.ts';
import { findWorkTree, type WorkTree } from '../../../src/git/work-tree.ts';
import { forgeObject } from '../forge-object.ts';
import { ENVIRONMENT, type Rig, rig } from '../rig.ts';

const WORDS = { message: 'Fix it\n\nWhole.', name: 'A B', email: 'a@example.org', dateSecs: 1_700_000_000 };

function treeOf(root: string): WorkTree {
  const found = findWorkTree(root);
  if (!found.ok || found.value === null) throw new Error('no work tree');
  return found.value;
}

async function attempt(r: Rig, more: Partial<CommitTreeRequest> = {}) {
  const { entries } = await r.take({ ignoreGlobs: more.ignoreGlobs ?? [], excludes: more.excludes ?? [] });
  const base = r.git('rev-parse', 'main').trim();
  return commitTree({
    ...{ workTree: treeOf(r.root), entries, base, parent: base, words: WORDS },
    ...{ excludes: [], ignoreGlobs: [], environment: ENVIRONMENT, scratch: r.scratch },
    ...more,
  });
}

async function commit(r: Rig, more: Partial<CommitTreeRequest> = {}): Promise<string> {
  const made = await attempt(r, more);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

async function refusal(t: Test, r: Rig): Promise<string> {
  const made = await attempt(r);
  if (made.ok) throw new Error('it was committed');
  t.ok(isRefusal(made.failure), made.failure.message);
  return made.failure.message;
}

t.test(
  'a commit holds the raw bytes and modes of the content, whatever filters and attributes say',
  async (t) => {
    const r = rig(t, {
      'a.txt': 'a\n',
      'gone.txt': 'x\n',
      '.gitattributes': '*.txt text eol=crlf filter=evil\n',
    });
    r.git('config', 'filter.evil.clean', `touch ${r.base}/ran; cat`);
    r.git('config', 'core.autocrlf', 'true');
    r.write('a.txt', 'one\r\ntwo\r\n');
    r.write('bin/tool', '#!/bin/sh\n', 0o755);
    r.write('bytes.txt', Buffer.from([0, 255, 13, 10]));
    r.write('quo"te\n\ttab.txt', 'q');
    symlinkSync('a.txt', join(r.root, 'link'));
    r.gitIn(r.root, 'rm', '-q', '--cached', 'gone.txt');
    r.gitIn(r.root, 'clean', '-fq', 'gone.txt');
    // The rig's own git has run it.
    rmSync(join(r.base, 'ran'), { force: true });
    const sha = await commit(r);
    t.equal(existsSync(join(r.base, 'ran')), false, 'no filter has run');
    t.equal(r.git('cat-file', 'blob', `${sha}:a.txt`), 'one\r\ntwo\r\n');
    t.match(r.git('ls-tree', '-r', sha), /^100755 blob .*\tbin\/tool$/m);
    t.match(r.git('ls-tree', '-r', sha), /^120000 blob .*\tlink$/m);
    t.equal(r.git('cat-file', 'blob', `${sha}:quo"te\n\ttab.txt`), 'q');
    t.notMatch(r.git('ls-tree', '-r', '--name-only', sha), /gone/);
    t.equal(r.git('fsck', '--strict', '--no-dangling').trim(), '');
  },
);

t.test('the same intent gives the same commit, with its author, date, message and parent', async (t) => {
  const r = rig(t);
  r.write('b.txt', 'b\n');
  const sha = await commit(r);
  t.equal(await commit(r), sha);
  t.equal(
    r.git('show', '-s', '--format=%an|%ae|%at|%cn|%ct|%P', sha).trim(),
    ['A B|a@example.org|1700000000|A B|1700000000', r.git('rev-parse', 'main').trim()].join('|'),
  );
  t.equal(r.git('show', '-s', '--format=%B', sha).trim(), WORDS.message);
});

t.test('HEAD, branches and index of the repository stay as they are, and so does the content', async (t) => {
  const r = rig(t);
  r.write('b.txt', 'b\n');
  r.git('add', '-N', 'b.txt');
  const before = [
    readFileSync(join(r.root, '.git/index'), 'hex'),
    r.git('for-each-ref'),
    (await r.take()).digest,
  ];
  await commit(r);
  const after = [
    readFileSync(join(r.root, '.git/index'), 'hex'),
    r.git('for-each-ref'),
    (await r.take()).digest,
  ];
  t.strictSame(after, before);
});

t.test('what is no content stays as the base has it', async (t) => {
  const r = rig(t, { 'a.txt': 'a\n', 'gen/x': '1\n', 'out/keep': 'k\n' });
  r.write('a.txt', 'new\n');
  r.write('gen/x', '2\n');
  r.write('out/keep', 'changed\n');
  const sha = await commit(r, { ignoreGlobs: ['gen'], excludes: [join(r.root, 'out')] });
  t.equal(r.git('show', `${sha}:gen/x`), '1\n');
  t.equal(r.git('show', `${sha}:out/keep`), 'k\n');
  t.equal(r.git('show', `${sha}:a.txt`), 'new\n');
});

t.test('a folder of a larger work tree is committed in its place, the rest as the base has it', async (t) => {
  const r = rig(t, { 'top.txt': 't\n', 'app/a.txt': 'a\n' });
  r.write('top.txt', 'changed\n');
  r.write('app/a.txt', 'new\n');
  const { entries } = await r.take({ root: join(r.root, 'app') });
  const sha = await commit(r, { workTree: treeOf(join(r.root, 'app')), entries });
  t.equal(r.git('show', `${sha}:app/a.txt`), 'new\n');
  t.equal(r.git('show', `${sha}:top.txt`), 't\n');
});

t.test('a folder object of the base that was written over brings nothing into a commit', async (t) => {
  const r = rig(t, { 'all/lib.txt': 't\n', 'all/app/a.txt': 'a\n' });
  const honest = r.git('rev-parse', 'main:all').trim();
  r.write('all/lib.txt', 'evil\n');
  r.git('add', 'all');
  const evil = r.git('rev-parse', `${r.git('write-tree').trim()}:all`).trim();
  r.git('reset', '-q', '--hard');
  r.write('all/app/a.txt', 'new\n');
  const app = join(r.root, 'all/app');
  const { entries } = await r.take({ root: app });
  forgeObject(join(r.root, '.git/objects'), honest, evil);
  const made = await attempt(r, { workTree: treeOf(app), entries });
  t.match(made, { ok: false, failure: { reason: 'git_failed', message: /written over/ } });
});

t.test('what an agent has committed itself is squashed: the base is the only parent', async (t) => {
  const r = rig(t);
  const base = r.git('rev-parse', 'HEAD').trim();
  r.write('secret.txt', 's\n');
  r.commit('oops');
  r.git('rm', '-q', 'secret.txt');
  r.write('b.txt', 'b\n');
  r.commit('tidy');
  const sha = await commit(r, { base, parent: base });
  t.equal(r.git('rev-list', sha, `^${base}`).trim(), sha);
});

t.test('content as the base has it is nothing to deliver', async (t) => {
  t.match(await refusal(t, rig(t)), 'nothing to deliver');
});

t.test('a repository that is no submodule is refused by name', async (t) => {
  const r = rig(t);
  r.write('vendor/x/f', 'f');
  r.gitIn(join(r.root, 'vendor/x'), 'init', '-q');
  t.match(await refusal(t, r), 'vendor/x is a repository of its own');
});

t.test('a submodule that is as the base names it stays, and one that is not is refused', async (t) => {
  const r = rig(t);
  r.write('sub/f', 'f');
  r.gitIn(join(r.root, 'sub'), 'init', '-q');
  r.gitIn(join(r.root, 'sub'), 'add', '-A');
  r.gitIn(join(r.root, 'sub'), 'commit', '-q', '-m', 's');
  r.commit('with a submodule');
  r.write('b.txt', 'b\n');
  const sha = await commit(r);
  t.match(r.git('ls-tree', sha), /^160000 commit .*\tsub$/m);
  r.write('sub/f', 'changed');
  t.match(await refusal(t, r), 'the submodule sub is not what the base commit names');
});

t.test('a file that is no longer what was validated is refused', async (t) => {
  const r = rig(t);
  r.write('b.txt', 'b\n');
  const { entries } = await r.take();
  r.write('b.txt', 'B\n');
  const made = await attempt(r, { entries });
  t.match(made, { ok: false, failure: { message: /b\.txt is not what validation judged/ } });
});

t.test('a repository of SHA-256 objects is committed to as well', async (t) => {
  const r = rig(t, { 'a.txt': 'a\n' }, ['--object-format=sha256']);
  r.write('b.txt', 'b\n');
  t.equal((await commit(r)).length, 64);
});
