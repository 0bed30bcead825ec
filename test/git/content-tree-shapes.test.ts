import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { takeContentTree } from '../../src/git/content-tree.ts';
import { keyOf } from '../../src/git/path-bytes.ts';
import { parseTree, serialiseTree } from '../../src/git/tree-listing.ts';
import { NO_OTHER_USER } from '../fixtures/other-user.ts';
import { ENVIRONMENT, rig } from './rig.ts';

t.test('a repository without a commit has a content tree and no head', async (t) => {
  const r = rig(t, {});
  r.write('staged.txt', 'x');
  r.git('add', '-A');
  r.write('loose.txt', 'y');
  const tree = await r.take();
  t.equal(tree.head, null);
  t.equal(tree.branch, 'main');
  t.strictSame([...tree.entries.keys()], ['loose.txt', 'staged.txt']);
});

t.test('an empty repository has an empty content tree', async (t) => {
  const tree = await rig(t, {}).take();
  t.equal(tree.files, 0);
  t.equal(tree.dirty, false);
});

t.test('a detached HEAD is recorded without a branch and changes nothing', async (t) => {
  const r = rig(t);
  const before = await r.take();
  r.git('checkout', '-q', '--detach');
  const after = await r.take();
  t.equal(after.digest, before.digest);
  t.strictSame([after.head, after.branch], [before.head, null]);
});

t.test('packed refs and loose refs name the same head', async (t) => {
  const r = rig(t);
  const before = await r.take();
  r.git('pack-refs', '--all');
  t.equal((await r.take()).head, before.head);
});

t.test('a linked work tree has its own index and HEAD', async (t) => {
  const r = rig(t);
  const before = await r.take();
  const linked = join(r.base, 'linked');
  r.git('worktree', 'add', '-q', '-b', 'side', linked);
  const tree = await r.take({ root: linked });
  t.equal(tree.digest, before.digest);
  t.equal(tree.branch, 'side');
  writeFileSync(join(linked, 'new'), '');
  t.not((await r.take({ root: linked })).digest, before.digest);
  t.equal((await r.take()).digest, before.digest);
});

t.test('SHA-256 repositories, split indexes and shallow clones are read', async (t) => {
  const long = rig(t, { 'a.txt': 'a\n' }, ['--object-format=sha256']);
  const tree = await long.take();
  t.equal(tree.head?.length, 64);
  const unborn = rig(t, {}, ['--object-format=sha256']);
  unborn.write('x', '');
  unborn.git('add', 'x');
  t.equal((await unborn.take()).files, 1);
  const split = rig(t, { 'a.txt': 'a\n' });
  split.git('update-index', '--split-index');
  split.write('b.txt', 'b\n');
  split.git('add', 'b.txt');
  t.strictSame([...(await split.take()).entries.keys()], ['a.txt', 'b.txt']);
  split.commit();
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${split.root}`, join(split.base, 'shallow')]);
  t.equal((await split.take({ root: join(split.base, 'shallow') })).files, 2);
});

t.test('objects that are borrowed from another repository are found', async (t) => {
  const r = rig(t);
  execFileSync('git', ['clone', '-q', '--shared', r.root, join(r.base, 'shared')]);
  t.equal((await r.take({ root: join(r.base, 'shared') })).digest, (await r.take()).digest);
});

t.test('of a larger work tree only repo-root counts, and the .gitignore files above it', async (t) => {
  const r = rig(t, {
    'top.txt': 't\n',
    'pkg/a.txt': 'a\n',
    'pkg/deep/b.txt': 'b\n',
    '.gitignore': '*.log\n',
  });
  const root = join(r.root, 'pkg');
  const before = await r.take({ root });
  t.strictSame([...before.entries.keys()], ['../.gitignore', 'a.txt', 'deep/b.txt']);
  r.write('top.txt', 'changed\n');
  const after = await r.take({ root });
  t.equal(after.digest, before.digest);
  t.equal(after.dirty, false);
  r.write('pkg/run.log', '');
  t.equal((await r.take({ root })).digest, before.digest);
  r.write('out/pkg', '');
  r.write('.gitignore', '*.log\nnew.txt\n');
  t.not((await r.take({ root })).digest, before.digest);
});

t.test('excludes and dirt in a part of a work tree are told by their place in it', async (t) => {
  const r = rig(t, { 'pkg/a.txt': 'a\n', 'pkg/out/x': 'x\n' });
  const root = join(r.root, 'pkg');
  r.write('pkg/out/x', 'changed\n');
  t.equal((await r.take({ root })).dirty, true);
  t.equal((await r.take({ root, excludes: [join(root, 'out')] })).dirty, false);
});

t.test(
  'nested repositories are entered: their tracked and untracked files count, their ignored ones do not',
  async (t) => {
    const r = rig(t, { '.gitignore': 'ignored/\n', 'a.txt': 'a\n' });
    const nested = join(r.root, 'vendor/nested');
    mkdirSync(nested, { recursive: true });
    r.gitIn(nested, 'init', '-q');
    for (const path of ['t.txt', '.gitignore', 'inner.log']) writeFileSync(join(nested, path), '*.log\n');
    r.gitIn(nested, 'add', '-A');
    r.gitIn(nested, 'commit', '-q', '-m', 'nested');
    const before = await r.take();
    const names = ['vendor/nested', 'vendor/nested/.gitignore', 'vendor/nested/t.txt'];
    t.strictSame([...before.entries.keys()], ['.gitignore', 'a.txt', ...names]);
    t.equal(before.dirty, true);
    writeFileSync(join(nested, 'inner.log'), 'changed');
    t.equal((await r.take()).digest, before.digest);
    writeFileSync(join(nested, 't.txt'), 'changed');
    const changed = await r.take();
    t.not(changed.digest, before.digest);
    r.gitIn(nested, 'commit', '-q', '-am', 'committed');
    t.equal((await r.take()).digest, changed.digest, 'a commit in it is no change');
  },
);

t.test('an empty folder with a .git counts, and so do repositories in repositories', async (t) => {
  const r = rig(t);
  mkdirSync(join(r.root, 'one/two'), { recursive: true });
  r.gitIn(join(r.root, 'one'), 'init', '-q');
  t.strictSame([...(await r.take()).entries.keys()], ['a.txt', 'one']);
  r.gitIn(join(r.root, 'one/two'), 'init', '-q');
  r.write('one/two/x', 'x');
  t.strictSame([...(await r.take()).entries.keys()], ['a.txt', 'one', 'one/two', 'one/two/x']);
  t.strictSame([...(await r.take({ ignoreGlobs: ['one/two'] })).entries.keys()], ['a.txt', 'one']);
});

t.test('repositories nested deeper than the bound are refused, not left out', async (t) => {
  const r = rig(t);
  let folder = r.root;
  for (let depth = 0; depth < 17; depth++) {
    folder = join(folder, 'n');
    mkdirSync(folder);
    r.gitIn(folder, 'init', '-q');
  }
  t.match(await takeContentTree(r.options()), {
    ok: false,
    failure: { reason: 'git_failed', message: /deep/ },
  });
});

t.test('a submodule is entered when it is checked out, and an entry when it is not', async (t) => {
  const library = rig(t, { 'code.c': 'int x;\n' });
  const r = rig(t);
  r.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
  r.commit('submodule');
  const before = await r.take();
  t.strictSame([...before.entries.keys()], ['.gitmodules', 'a.txt', 'lib', 'lib/code.c']);
  t.equal(before.dirty, false);
  r.write('lib/code.c', 'int y;\n');
  t.not((await r.take()).digest, before.digest);
  const clone = join(r.base, 'clone');
  execFileSync('git', ['clone', '-q', r.root, clone]);
  t.equal((await r.take({ root: clone })).entries.get('lib'), 'folder -');
});

t.test('names that are not text, or look like syntax, neither collide nor get lost', async (t) => {
  const r = rig(t);
  const names = [
    'new\nline',
    'quo"te',
    'back\\slash',
    'tab\t',
    '-dash',
    ' space ',
    'é',
    ':(top)x',
    '*',
    '\x7f',
  ];
  for (const name of names) r.write(name, 'x');
  const raw = [Buffer.from([0x80]), Buffer.from([0x81]), Buffer.from([0xc3, 0xa9, 0xff])];
  for (const name of raw) writeFileSync(Buffer.concat([Buffer.from(`${r.root}/`), name]), 'x');
  const tree = await r.take();
  const expected = ['a.txt', ...names.map(keyOf), ...raw.map((name) => name.toString('latin1'))];
  t.strictSame([...tree.entries.keys()], expected.sort());
  r.commit();
  t.equal((await r.take()).digest, tree.digest);
  const parsed = parseTree(serialiseTree(tree));
  t.strictSame(parsed, { ok: true, value: { digest: tree.digest, entries: tree.entries } });
});

t.test('a repository whose own path has unusual letters is read', async (t) => {
  const r = rig(t);
  const root = join(r.base, 'wéird "na\nme"');
  execFileSync('git', ['clone', '-q', r.root, root]);
  t.equal((await r.take({ root })).digest, (await r.take()).digest);
});

t.test('a folder or file that cannot be read fails, by name', { skip: NO_OTHER_USER }, async (t) => {
  const r = rig(t, { 'a.txt': 'a\n' });
  const module = join(import.meta.dirname, '../../src/git/content-tree.ts');
  const script = `const { takeContentTree } = await import(${JSON.stringify(module)});
    const taken = await takeContentTree({ ...${JSON.stringify(r.options())}, now: Date.now });
    console.log(JSON.stringify(taken.ok ? 'taken' : taken.failure.message));`;
  const ask = () => {
    const args = ['--input-type=module', '-e', script];
    return spawnSync(process.execPath, args, { uid: 65534, gid: 65534, encoding: 'utf8', cwd: '/' }).stdout;
  };
  for (const folder of [r.base, r.scratch]) chmodSync(folder, 0o777);
  t.match(ask(), /taken/, 'a checkout that another user owns is read');
  r.write('dir/x', 'x');
  chmodSync(join(r.root, 'dir'), 0o700);
  t.match(ask(), /dir.* cannot be read/);
  chmodSync(join(r.root, 'dir'), 0o755);
  chmodSync(join(r.root, 'a.txt'), 0o600);
  t.match(ask(), /a\.txt .*cannot be read: EACCES/);
});

t.test('a tracked path behind a link is gone, even where the link leads to the same bytes', async (t) => {
  const r = rig(t, { 'dir/f': 'f\n' });
  execFileSync('cp', ['-r', join(r.root, 'dir'), join(r.base, 'dir')]);
  execFileSync('rm', ['-r', join(r.root, 'dir')]);
  symlinkSync('../dir', join(r.root, 'dir'));
  const { entries } = await r.take();
  t.equal(entries.get('dir/f'), 'absent -');
  t.match(entries.get('dir'), /^link/);
});

t.test('tens of thousands of paths are listed without loss', async (t) => {
  const r = rig(t, {});
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
    cwd: r.root,
    input: '',
    encoding: 'utf8',
  }).trim();
  const lines: string[] = [];
  for (let n = 0; n < 60_000; n++)
    lines.push(`100644 ${blob}\tfolder-${n % 50}/a-rather-long-file-name-${n}`);
  execFileSync('git', ['update-index', '--index-info'], { cwd: r.root, input: `${lines.join('\n')}\n` });
  const tree = await r.take();
  t.equal(tree.files, 60_000);
  t.equal(tree.entries.get('folder-49/a-rather-long-file-name-59999'), 'absent -');
});

t.test('a damaged index or a HEAD without its commit fails, and says what to do', async (t) => {
  const r = rig(t);
  const index = readFileSync(join(r.root, '.git/index'));
  writeFileSync(join(r.root, '.git/index'), index.subarray(0, 20));
  t.match(await takeContentTree(r.options({ environment: ENVIRONMENT })), {
    ok: false,
    failure: { reason: 'git_failed', remedy: /fsck/ },
  });
  writeFileSync(join(r.root, '.git/index'), index);
  writeFileSync(join(r.root, '.git/HEAD'), `${'1'.repeat(40)}\n`);
  t.match(await takeContentTree(r.options()), { ok: false, failure: { reason: 'git_failed' } });
});
