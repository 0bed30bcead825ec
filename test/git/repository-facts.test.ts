import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { repositoryFacts } from '../../src/git/repository-facts.ts';
import { holdsTrackedFiles, trackedPaths } from '../../src/git/tracked-paths.ts';
import { pathWithGit, type Rig, rig, temporaryFolder } from './rig.ts';

async function tracked(r: Rig, ...paths: string[]): Promise<string[]> {
  const found = await trackedPaths({ ...r.options(), paths: paths.map((path) => join(r.root, path)) });
  if (!found.ok) throw new Error(found.failure.message);
  return [...found.value].map((path) => path.slice(r.root.length + 1)).sort();
}

async function holds(r: Rig, folder: string): Promise<boolean> {
  const found = await holdsTrackedFiles(folder, r.options());
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

t.test('the facts name head, branch and whether anything is uncommitted', async (t) => {
  const r = rig(t);
  const head = r.git('rev-parse', 'HEAD').trim();
  const clean = { isGit: true, head, branch: 'main', dirty: false };
  t.strictSame(await repositoryFacts(r.options()), { ok: true, value: clean });
  r.write('out/deep/x', 'x');
  const excludes = [join(r.root, 'out/deep')];
  t.strictSame(await repositoryFacts(r.options({ excludes })), { ok: true, value: clean });
  t.match(await repositoryFacts(r.options()), { value: { dirty: true } });
  t.match(await repositoryFacts(r.options({ ignoreGlobs: ['out'] })), { value: { dirty: false } });
  r.write('a.txt', 'changed\n');
  t.match(await repositoryFacts(r.options({ excludes })), { value: { dirty: true } });
});

t.test('outside git the facts are null and no process is started', async (t) => {
  const r = rig(t);
  const root = temporaryFolder(t);
  const environment = { path: pathWithGit(r.base, `#!/bin/sh\ntouch ${r.base}/started\n`), home: null };
  const none = { isGit: false, head: null, branch: null, dirty: null };
  t.strictSame(await repositoryFacts(r.options({ root, environment })), { ok: true, value: none });
  t.strictSame(await holdsTrackedFiles(join(root, 'out'), r.options({ environment })), {
    ok: true,
    value: false,
  });
  t.notOk(statSync(join(r.base, 'started'), { throwIfNoEntry: false }));
});

t.test('a file is tracked when index or HEAD has it, ignored, removed or odd as it may be', async (t) => {
  const odd = [':(top)a', '*', '-x', 'sp ace', 'ü'];
  const r = rig(t, { 'a.txt': 'a\n', 'dir/b': 'b\n', ...Object.fromEntries(odd.map((name) => [name, 'x'])) });
  symlinkSync('a.txt', join(r.root, 'link'));
  r.write('staged', '');
  r.git('add', 'staged', 'link');
  r.git('rm', '-q', '--cached', 'a.txt');
  rmSync(join(r.root, 'dir'), { recursive: true });
  r.write('loose', '');
  const all = ['a.txt', 'dir', 'dir/b', 'link', 'staged', ...odd];
  t.strictSame(await tracked(r, ...all, 'loose', 'gone', 'dir/none', 'di'), all.sort());
});

t.test('a path is looked for in the innermost repository and in those around it', async (t) => {
  const library = rig(t, { 'code.c': '' });
  const r = rig(t, { 'own/a': 'a\n' });
  r.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
  r.gitIn(join(r.root, 'own'), 'init', '-q');
  t.strictSame(await tracked(r, 'lib', 'lib/code.c', 'lib/other', 'own/a', 'own/b'), [
    'lib',
    'lib/code.c',
    'own/a',
  ]);
});

t.test('more paths than one command line takes are all answered', async (t) => {
  const r = rig(t, { 'n/0': '', 'n/599': '' });
  const paths = Array.from({ length: 600 }, (_, n) => `n/${n}`);
  t.strictSame(await tracked(r, ...paths), ['n/0', 'n/599']);
});

t.test('an out_dir holds tracked files when it, or what it leads to, does', async (t) => {
  const r = rig(t, { 'src/deep/a': 'a\n', 'out-of/b': 'b\n' });
  mkdirSync(join(r.root, 'out'));
  symlinkSync('src', join(r.root, 'alias'));
  t.equal(await holds(r, join(r.root, 'src')), true);
  t.equal(await holds(r, r.root), true);
  t.equal(await holds(r, join(r.root, 'alias')), true);
  t.equal(await holds(r, join(r.root, 'alias/deep')), true);
  t.equal(await holds(r, join(r.root, 'out')), false);
  t.equal(await holds(r, join(r.root, 'new/out')), false);
  t.equal(await holds(r, join(r.base, 'elsewhere')), false);
  rmSync(join(r.root, 'src'), { recursive: true });
  t.equal(await holds(r, join(r.root, 'src')), true, 'a removed file is still tracked');
});

t.test('the questions leave the index and the scratch folder as they were', async (t) => {
  const r = rig(t);
  const before = execFileSync('sha256sum', [join(r.root, '.git/index')], { encoding: 'utf8' });
  await repositoryFacts(r.options());
  await tracked(r, 'a.txt');
  t.equal(execFileSync('sha256sum', [join(r.root, '.git/index')], { encoding: 'utf8' }), before);
  t.equal(execFileSync('ls', ['-A', r.scratch], { encoding: 'utf8' }), '');
});
