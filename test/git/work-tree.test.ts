import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  dotGitOf,
  findWorkTree,
  realpathOfNearest,
  touchesGitDir,
  type WorkTree,
} from '../../src/git/work-tree.ts';
import { rig, temporaryFolder } from './rig.ts';

function found(root: string): WorkTree {
  const tree = findWorkTree(root);
  if (!tree.ok || tree.value === null) throw new Error('no work tree');
  return tree.value;
}

t.test('a work tree is found from its top, from inside and through a link', (t) => {
  const { root, base } = rig(t, { 'pkg/deep/a': 'a\n' });
  const gitDir = join(root, '.git');
  const top = { root, topLevel: root, prefix: '', gitDir, commonDir: gitDir };
  t.strictSame(found(root), top);
  t.strictSame(found(join(root, 'pkg/deep')), { ...top, root: join(root, 'pkg/deep'), prefix: 'pkg/deep' });
  symlinkSync(root, join(base, 'alias'));
  t.strictSame(found(join(base, 'alias')), top);
  t.end();
});

t.test('a linked work tree has a git folder of its own and a common one', (t) => {
  const r = rig(t);
  r.git('worktree', 'add', '-q', '--detach', join(r.base, 'linked'));
  t.match(found(join(r.base, 'linked')), {
    topLevel: join(r.base, 'linked'),
    gitDir: join(r.root, '.git/worktrees/linked'),
    commonDir: join(r.root, '.git'),
  });
  t.end();
});

t.test('a plain folder, a bare repository and the inside of .git are no work trees', (t) => {
  const { base, root, gitIn } = rig(t);
  mkdirSync(join(base, 'bare.git'));
  gitIn(join(base, 'bare.git'), 'init', '-q', '--bare');
  for (const folder of [base, join(base, 'bare.git'), join(root, '.git'), join(root, '.git/hooks')]) {
    t.strictSame(findWorkTree(folder), { ok: true, value: null }, folder);
  }
  t.end();
});

t.test('a .git folder that is no repository is passed over, as git does', (t) => {
  const { root } = rig(t);
  const inner = join(root, 'inner');
  mkdirSync(join(inner, '.git'), { recursive: true });
  t.equal(found(inner).topLevel, root);
  writeFileSync(join(inner, '.git/HEAD'), 'nothing of git\n');
  for (const folder of ['objects', 'refs']) mkdirSync(join(inner, '.git', folder));
  t.equal(found(inner).topLevel, root);
  writeFileSync(join(inner, '.git/HEAD'), 'ref: refs/heads/main\n');
  t.equal(found(inner).topLevel, inner);
  t.end();
});

t.test('a .git file that leads nowhere, or a root that is not there, fails', (t) => {
  const base = temporaryFolder(t);
  for (const text of ['gitdir: nowhere\n', 'something else', 'gitdir: \n', '']) {
    writeFileSync(join(base, '.git'), text);
    t.match(findWorkTree(base), { ok: false, failure: { reason: 'git_failed' } }, JSON.stringify(text));
    t.equal(dotGitOf(base).kind, 'broken');
  }
  rmSync(join(base, '.git'));
  t.match(findWorkTree(join(base, 'gone')), { ok: false, failure: { message: /ENOENT/ } });
  t.end();
});

t.test('an out_dir that is, contains or lies in .git touches it, through links too', (t) => {
  const { root, base } = rig(t, { 'src/a': 'a\n' });
  const tree = found(root);
  symlinkSync(join(root, '.git'), join(base, 'alias'));
  const touching = ['.git', '.git/out', '.git/a/b/c', '.', '..'].map((path) => join(root, path));
  for (const folder of [...touching, join(base, 'alias/out')])
    t.equal(touchesGitDir(tree, folder), true, folder);
  for (const folder of ['out', '.github', 'src', '.git-out']) {
    t.equal(touchesGitDir(tree, join(root, folder)), false, folder);
  }
  t.end();
});

t.test('the real path of something that is not there is that of what is', (t) => {
  const base = temporaryFolder(t);
  mkdirSync(join(base, 'real'));
  symlinkSync('real', join(base, 'alias'));
  t.equal(realpathOfNearest(join(base, 'alias/a/b')), join(base, 'real/a/b'));
  t.end();
});
