/** What changed, on real repositories: once as the content of the work tree, once as a commit. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readContentChanges } from '../../../src/git/changes/read-content-changes.ts';
import { ENVIRONMENT, temporaryFolder } from '../rig.ts';
import { breachesOf, type ChangeRig, changeRig, scopePlan, told } from './rig.ts';

/** Both readings say the same of one change. */
async function both(rig: ChangeRig): Promise<readonly string[]> {
  const content = await rig.content();
  rig.commit();
  const committed = await rig.committed();
  t.strictSame(committed.changes, content.changes, 'the commit and the content are one change');
  return told(content);
}

t.test('nothing changed is no change', async (t) => {
  const rig = changeRig(t);
  t.strictSame((await rig.content()).changes, []);
  t.strictSame((await rig.committed()).changes, []);
});

t.test('what is added, deleted and modified is told in the order of the paths', async (t) => {
  const rig = changeRig(t, { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c/d.txt': 'd\n' });
  rig.write('b.txt', 'b\nb\n');
  rig.write('new.txt', 'new\n');
  rmSync(join(rig.root, 'a.txt'));
  t.strictSame(await both(rig), ['deleted a.txt', 'modified b.txt', 'added new.txt']);
});

t.test('a file that moved is told with its source, and its lines do not count', async (t) => {
  const rig = changeRig(t, { 'old.txt': 'one\ntwo\n', 'b.txt': 'b\n' });
  renameSync(join(rig.root, 'old.txt'), join(rig.root, 'new.txt'));
  const [change] = (await rig.content()).changes;
  t.match(change, {
    kind: 'renamed',
    path: 'new.txt',
    from: { path: 'old.txt' },
    lines: { added: 0, deleted: 0 },
  });
  t.strictSame(await both(rig), ['renamed old.txt → new.txt']);
});

t.test('a file that moved and was edited is one that went and one that came', async (t) => {
  const rig = changeRig(t, { 'old.txt': 'one\ntwo\n' });
  rig.write('new.txt', 'one\ntwo\nthree\n');
  rmSync(join(rig.root, 'old.txt'));
  t.strictSame(await both(rig), ['added new.txt', 'deleted old.txt']);
});

t.test('a mode alone is a change, and a link in the place of a file', async (t) => {
  const rig = changeRig(t, { 'run.sh': 'x\n', 'b.txt': 'b\n' });
  rig.write('run.sh', 'x\n', 0o755);
  rmSync(join(rig.root, 'b.txt'));
  symlinkSync('run.sh', join(rig.root, 'b.txt'));
  t.match((await rig.content()).changes, [
    {
      kind: 'type-changed',
      oldMode: 'file',
      newMode: 'symlink',
      link: { text: 'run.sh', to: { path: 'run.sh' } },
    },
    { kind: 'mode-changed', oldMode: 'file', newMode: 'executable' },
  ]);
  t.strictSame(await both(rig), ['type-changed b.txt', 'mode-changed run.sh']);
});

t.test('a folder that a link replaces is files that are gone and a link', async (t) => {
  const rig = changeRig(t, { 'dir/a': 'a\n', 'dir/b': 'b\n', 'other/a': 'x\n' });
  rmSync(join(rig.root, 'dir'), { recursive: true });
  symlinkSync('other', join(rig.root, 'dir'));
  t.strictSame(await both(rig), ['added dir', 'deleted dir/a', 'deleted dir/b']);
});

t.test('a name that is not UTF-8 keeps its bytes', async (t) => {
  const rig = changeRig(t);
  rig.git('update-index', '--add', '--cacheinfo', `100644,${rig.git('rev-parse', 'HEAD:a.txt').trim()},b`);
  const key = Buffer.from([0x66, 0xff, 0x67]);
  const { writeFileSync } = await import('node:fs');
  writeFileSync(Buffer.concat([Buffer.from(`${rig.root}/`), key]), 'x\n');
  const change = (await rig.content()).changes.find(({ isText }) => !isText);
  t.match(change, { kind: 'added', path: 'f\\xffg', name: 'f\ufffdg' });
});

t.test('a file that was force-added, and one that the index says not to look at, are told', async (t) => {
  const rig = changeRig(t, { '.gitignore': '*.log\n', 'a.txt': 'a\n', 'b.txt': 'b\n' });
  rig.write('x.log', 'x\n');
  rig.git('add', '-f', 'x.log');
  rig.git('update-index', '--assume-unchanged', 'a.txt');
  rig.git('update-index', '--skip-worktree', 'b.txt');
  rig.write('a.txt', 'A\n');
  rig.write('b.txt', 'B\n');
  t.strictSame(told(await rig.content()), ['modified a.txt', 'modified b.txt', 'added x.log']);
});

t.test(
  'a file that only a new ignore rule hides is told as hidden; one that the base ignores is not told',
  async (t) => {
    const rig = changeRig(t, { '.gitignore': 'old/\n', 'a.txt': 'a\n' });
    rig.write('old/x', 'x\n');
    t.strictSame(told(await rig.content()), []);
    rig.write('.gitignore', 'old/\nnew/\n');
    rig.write('new/y', 'y\n');
    const { changes } = await rig.content();
    t.match(changes, [
      { path: '.gitignore', hidden: false },
      { path: 'new/y', hidden: true, kind: 'added' },
    ]);
  },
);

t.test('a folder with an ignore file that ignores itself hides nothing', async (t) => {
  const rig = changeRig(t);
  rig.write('cache/.gitignore', '*\n');
  rig.write('cache/x', 'x\n');
  t.strictSame(told(await rig.content()), ['added cache/.gitignore', 'added cache/x']);
  t.strictSame(told(await rig.content({ ignoreGlobs: ['cache'] })), [], '--tree-ignore leaves it out');
});

t.test('in a folder of a larger work tree the rest of it is looked at, and says so', async (t) => {
  const rig = changeRig(t, { 'pkg/a': 'a\n', 'pkg/x/b': 'b\n', 'other/c': 'c\n' });
  rig.write('pkg/a', 'A\n');
  rig.write('other/c', 'C\n');
  rig.write('top', 'new\n');
  const { changes } = await rig.content({ root: join(rig.root, 'pkg') });
  t.match(changes, [
    { path: '../other/c', outsideRoot: true, kind: 'modified' },
    { path: 'a', outsideRoot: false, kind: 'modified' },
    { path: '../top', outsideRoot: true, kind: 'added' },
  ]);
});

t.test('two paths that fold to one are told, a folder on the way too', async (t) => {
  const rig = changeRig(t, { README: 'r\n', 'src/a': 'a\n' });
  rig.write('readme', 'x\n');
  rig.write('SRC/b', 'b\n');
  const { changes } = await rig.content();
  t.match(changes, [
    { path: 'SRC/b', collidesWith: 'src' },
    { path: 'readme', collidesWith: 'README' },
  ]);
});

t.test('a submodule at its recorded commit is no change; any byte in it is', async (t) => {
  const rig = changeRig(t, { 'a.txt': 'a\n' });
  const inner = changeRig(t, { 'i.txt': 'i\n' });
  rig.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
  rig.commit('with a submodule');
  const base = rig.git('rev-parse', 'HEAD').trim();
  const content = async () => {
    const { entries } = await rig.take();
    const common = { scratch: rig.scratch, environment: ENVIRONMENT, now: Date.now };
    const read = await readContentChanges({
      ...common,
      ...{ root: rig.root, base, entries, excludes: [], ignoreGlobs: [] },
    });
    return read.ok && read.value !== null ? told(read.value) : read;
  };
  t.strictSame(await content(), []);
  rig.write('sub/i.txt', 'changed\n');
  t.strictSame(await content(), ['modified sub']);
  rig.write('sub/i.txt', 'i\n');
  t.strictSame(await content(), []);
  rig.write('sub/new.txt', 'i\n');
  t.strictSame(await content(), ['modified sub']);
  rmSync(join(rig.root, 'sub/new.txt'));
  rig.gitIn(join(rig.root, 'sub'), 'commit', '-q', '--allow-empty', '-m', 'same content, other commit');
  t.strictSame(await content(), ['modified sub']);
});

t.test('a file that is not what was validated is a failure, not a change', async (t) => {
  const rig = changeRig(t);
  rig.write('a.txt', 'judged\n');
  const { entries } = await rig.take();
  rig.write('a.txt', 'swapped\n');
  const read = await readContentChanges({
    ...{ root: rig.root, base: rig.baseCommit, entries, excludes: [], ignoreGlobs: [], now: Date.now },
    ...{ scratch: rig.scratch, environment: ENVIRONMENT },
  });
  t.match(read, {
    ok: false,
    failure: { reason: 'git_failed', message: /it has changed, expected what was/ },
  });
});

t.test('without a base everything is new, and outside of git there is nothing to compare', async (t) => {
  const rig = changeRig(t);
  const { entries } = await rig.take();
  const common = { excludes: [], ignoreGlobs: [], now: Date.now, environment: ENVIRONMENT, entries };
  const read = await readContentChanges({ ...common, root: rig.root, base: null, scratch: rig.scratch });
  t.match(read, { ok: true, value: { changes: [{ kind: 'added', path: 'a.txt' }] } });
  const bare = temporaryFolder(t);
  mkdirSync(join(bare, 'x'));
  t.strictSame(await readContentChanges({ ...common, root: join(bare, 'x'), base: null, scratch: bare }), {
    ok: true,
    value: null,
  });
});

t.test('a folder .. in a forged tree is no other folder of the repository', async (t) => {
  const rig = changeRig(t, { 'pkg/a': 'a\n' });
  const id = rig.git('rev-parse', 'HEAD:pkg').trim();
  const run = (input: string, ...args: string[]) =>
    execFileSync('git', args, { cwd: rig.root, input, encoding: 'utf8' }).trim();
  const tree = run(`${rig.git('ls-tree', 'HEAD')}040000 tree ${id}\t..\n`, 'mktree');
  rig.git('update-ref', 'refs/heads/main', rig.git('commit-tree', tree, '-m', 'm').trim());
  const changes = await rig.committed({ root: join(rig.root, 'pkg') });
  t.match(changes.changes, [{ path: '../a', outsideRoot: false }]);
  t.match(await breachesOf(changes, null), [{ code: 'path_outside_repository' }], 'without a scope, too');
});

t.test('a hidden link and a hidden repository are told as what they are', async (t) => {
  const rig = changeRig(t);
  rig.write('.gitignore', 'x\n');
  mkdirSync(join(rig.root, 'x'));
  symlinkSync('/etc/passwd', join(rig.root, 'x/link'));
  rig.git('clone', '-q', rig.root, join(rig.root, 'x/clone'));
  t.match((await rig.content()).changes, [
    { path: '.gitignore', hidden: false },
    { path: 'x/clone', hidden: true, newMode: 'repository' },
    { path: 'x/link', hidden: true, link: { place: 'outside' } },
  ]);
});

t.test('a change of very many paths is read and judged whole', async (t) => {
  const rig = changeRig(t);
  for (let at = 0; at < 2_000; at += 1) rig.write(`d${at % 20}/same-${at}`, 'same\n');
  const changes = await rig.content();
  t.equal(changes.changes.length, 2_000);
  const [breach, ...others] = await breachesOf(changes, scopePlan({ maxFiles: 8 }));
  t.match(breach, { code: 'too_many_files', message: '2000 files, expected at most 8' });
  t.strictSame(others, []);
});
