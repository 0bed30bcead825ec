import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Rig, rig } from './rig.ts';

/** Takes the tree, lets something happen, and gives both digests. */
async function around(rig: Rig, change: () => void): Promise<[string, string]> {
  const before = await rig.take();
  change();
  return [before.digest, (await rig.take()).digest];
}

t.test('assume-unchanged hides no change', async (t) => {
  const r = rig(t);
  r.git('update-index', '--assume-unchanged', 'a.txt');
  const [before, after] = await around(r, () => r.write('a.txt', 'changed\n'));
  t.not(after, before);
});

t.test('skip-worktree hides no change, and no removal', async (t) => {
  const r = rig(t);
  r.git('update-index', '--skip-worktree', 'a.txt');
  const [before, after] = await around(r, () => r.write('a.txt', 'changed\n'));
  t.not(after, before);
  rmSync(join(r.root, 'a.txt'));
  t.equal((await r.take()).entries.get('a.txt'), 'absent -');
});

t.test('a .gitignore that is only in the index, skip-worktree, ignores nothing', async (t) => {
  const r = rig(t);
  r.write('.gitignore', 'new.txt\n');
  r.git('add', '.gitignore');
  r.git('update-index', '--skip-worktree', '.gitignore');
  rmSync(join(r.root, '.gitignore'));
  const [before, after] = await around(r, () => r.write('new.txt', 'new\n'));
  t.not(after, before);
});

t.test('info/exclude, core.excludesFile and a global ignore file hide no file', async (t) => {
  const r = rig(t);
  mkdirSync(join(r.base, 'home/.config/git'), { recursive: true });
  for (const file of ['repo/.git/info/exclude', 'ignored', 'home/.config/git/ignore']) {
    writeFileSync(join(r.base, file), '*\n');
  }
  r.git('config', 'core.excludesFile', join(r.base, 'ignored'));
  r.write('new.txt', 'new\n');
  const environment = { path: process.env.PATH ?? '', home: join(r.base, 'home') };
  t.equal((await r.take({ environment })).entries.has('new.txt'), true);
});

t.test('git rm --cached with an ignore rule does not take a file out of the tree', async (t) => {
  const r = rig(t, { '.gitignore': 'secret.txt\n', 'a.txt': 'a\n' });
  r.write('secret.txt', 'one\n');
  r.git('add', '-f', 'secret.txt');
  r.git('commit', '-q', '-m', 'tracked');
  const [same, still] = await around(r, () => r.git('rm', '-q', '--cached', 'secret.txt'));
  t.equal(still, same);
  const [before, after] = await around(r, () => r.write('secret.txt', 'two\n'));
  t.not(after, before);
});

t.test('a file that is only in the index counts although it is ignored', async (t) => {
  const r = rig(t, { '.gitignore': '*.bin\n' });
  r.write('x.bin', 'one');
  r.git('add', '-f', 'x.bin');
  const [before, after] = await around(r, () => r.write('x.bin', 'two'));
  t.not(after, before);
});

t.test('bytes count as they are on disk, whatever autocrlf and filters make of them', async (t) => {
  const r = rig(t, {
    '.gitattributes': '*.txt text eol=lf\n*.f filter=same\n',
    'a.txt': 'a\n',
    'a.f': 'one\n',
  });
  r.git('config', 'core.autocrlf', 'true');
  r.git('config', 'filter.same.clean', 'echo one');
  r.write('a.txt', 'a\r\n');
  r.write('a.f', 'two\n');
  r.git('add', '-A');
  t.equal(r.git('diff', '--cached', '--name-only'), '', 'git sees no difference');
  const changed = await r.take();
  r.write('a.txt', 'a\n');
  const lf = await r.take();
  r.write('a.f', 'one\n');
  t.equal(new Set([changed.digest, lf.digest, (await r.take()).digest]).size, 3);
});

t.test('a sparse checkout hides nothing that is on disk', async (t) => {
  const r = rig(t, { 'in/a': 'a\n', 'out/b': 'b\n' });
  r.git('sparse-checkout', 'set', '--sparse-index', 'in');
  const sparse = await r.take();
  t.equal(sparse.entries.get('out/b'), 'absent -');
  r.write('out/b', 'changed\n');
  r.write('out/new', 'new\n');
  const { entries } = await r.take();
  t.match(entries.get('out/b'), /^file/);
  t.match(entries.get('out/new'), /^file/);
});

t.test('a link named .gitignore ignores nothing and is an entry', async (t) => {
  const r = rig(t);
  writeFileSync(join(r.base, 'rules'), '*\n');
  symlinkSync('../rules', join(r.root, '.gitignore'));
  r.write('new.txt', 'new\n');
  t.strictSame([...(await r.take()).entries.keys()], ['.gitignore', 'a.txt', 'new.txt']);
});

t.test('a repository made over a folder hides nothing of it', async (t) => {
  const r = rig(t, { '.gitignore': '*.log\n', 'src/a': 'a\n' });
  const before = await r.take();
  r.gitIn(join(r.root, 'src'), 'init', '-q');
  const after = await r.take();
  t.not(after.digest, before.digest);
  t.equal(after.entries.get('src'), 'repo -');
  r.write('src/a', 'changed\n');
  t.not((await r.take()).digest, after.digest);
});

t.test('a .git that now leads to another repository is a change where it hides something', async (t) => {
  const r = rig(t, { '.gitignore': '*.bin\n', 'a.txt': 'a\n' });
  r.write('x.bin', 'one');
  r.git('add', '-f', 'x.bin');
  const other = rig(t);
  const [before, after] = await around(r, () => {
    renameSync(join(r.root, '.git'), join(r.base, 'moved'));
    writeFileSync(join(r.root, '.git'), `gitdir: ${other.root}/.git\n`);
  });
  t.not(after, before);
});

t.test('an untracked cache in the index that knows nothing of a file hides it not', async (t) => {
  const r = rig(t);
  r.git('config', 'core.untrackedCache', 'true');
  r.git('update-index', '--force-untracked-cache');
  r.git('status');
  const [before, after] = await around(r, () => r.write('new.txt', 'new\n'));
  t.not(after, before);
});
