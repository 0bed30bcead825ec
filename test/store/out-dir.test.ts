import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type InspectedOutDir, inspectOutDir } from '../../src/store/inspect-out-dir.ts';
import { evidencePaths } from '../../src/store/layout.ts';
import { createOutDir, ensureFolder, inspectCheckpointPath, prepareOutDir } from '../../src/store/out-dir.ts';

function repository(t: Test, tree: Readonly<Record<string, string | Record<string, string>>> = {}) {
  const root = t.testdir({ repo: { '.git': { worktrees: {} }, sub: {}, ...tree }, elsewhere: {} });
  return { root, repoRoot: join(root, 'repo'), gitDirs: [join(root, 'repo/.git')] };
}

function inspected(t: Test, outDir: string, repo: ReturnType<typeof repository>): InspectedOutDir {
  const found = inspectOutDir(outDir, repo);
  if (!found.ok) t.fail(found.failure.message);
  return found.ok ? found.value : { path: outDir, exists: false, insideRepo: false };
}

t.test('a folder that does not exist yet is fine and is not made by looking', async (t) => {
  const repo = repository(t);
  const path = join(repo.repoRoot, 'a/b/out');
  t.strictSame(inspected(t, path, repo), { path, exists: false, insideRepo: true });
  t.notOk(existsSync(join(repo.repoRoot, 'a')));
});

t.test('an existing folder is fine, inside or outside the repository', async (t) => {
  const repo = repository(t);
  t.match(inspected(t, join(repo.repoRoot, 'sub'), repo), { exists: true, insideRepo: true });
  t.match(inspected(t, join(repo.root, 'elsewhere'), repo), { exists: true, insideRepo: false });
});

t.test('a link to a folder stands for that folder, also on the way', async (t) => {
  const repo = repository(t);
  const real = join(repo.root, 'elsewhere');
  symlinkSync('../elsewhere', join(repo.repoRoot, 'link'));
  t.strictSame(inspected(t, join(repo.repoRoot, 'link'), repo), {
    path: real,
    exists: true,
    insideRepo: false,
  });
  t.match(inspected(t, join(repo.repoRoot, 'link/out'), repo), {
    path: join(real, 'out'),
    insideRepo: false,
  });
});

t.test('what cannot hold evidence is exit 2, with what is wrong', async (t) => {
  const repo = repository(t, { file: 'x' });
  symlinkSync('nowhere', join(repo.repoRoot, 'dangling'));
  symlinkSync('file', join(repo.repoRoot, 'to-file'));
  symlinkSync('.git', join(repo.repoRoot, 'to-git'));
  symlinkSync('loop', join(repo.repoRoot, 'loop'));
  execFileSync('mkfifo', [join(repo.repoRoot, 'pipe')]);
  const cases: readonly (readonly [string, RegExp])[] = [
    ['repo/file', /expected a folder, got a file/],
    ['repo/file/out', /expected a folder, got a file/],
    ['repo/file/deep/out', /expected a folder, got a file/],
    ['repo/pipe', /got a named pipe/],
    ['repo/dangling', /a symbolic link to nothing/],
    ['repo/dangling/out', /a symbolic link to nothing/],
    ['repo/to-file', /a symbolic link to a file/],
    ['repo/loop', /ELOOP/],
    ['repo/.git', /outside the repository store/],
    ['repo/.git/out', /outside the repository store/],
    ['repo/to-git/x', /outside the repository store/],
    ['repo', /a folder of its own/],
    ['.', /a folder of its own/],
    ['repo/a\0b', /zero byte/],
    [`repo/${'n'.repeat(300)}`, /ENAMETOOLONG/],
  ];
  for (const [path, message] of cases) {
    const found = inspectOutDir(path === '.' ? repo.root : `${repo.root}/${path}`, repo);
    t.match(found, { ok: false, failure: { reason: 'precondition', message } }, path);
  }
});

t.test('every git folder that is named is kept clear of, wherever it is', async (t) => {
  const repo = repository(t);
  const gitDirs = [join(repo.root, 'elsewhere')];
  t.notOk(inspectOutDir(join(repo.root, 'elsewhere/out'), { ...repo, gitDirs }).ok);
});

t.test('without a repository, the root itself may be the out_dir', async (t) => {
  const root = t.testdir();
  t.ok(inspectOutDir(root, { repoRoot: root, gitDirs: [] }).ok);
});

t.test('a folder on a read-only file system is refused', async (t) => {
  const found = inspectOutDir('/proc/self/out', { repoRoot: '/nowhere', gitDirs: [] });
  t.match(found, { ok: false, failure: { reason: 'precondition' } });
});

t.test('an out_dir is made with what is missing above it, and kept out of the repository', async (t) => {
  const repo = repository(t);
  const outDir = inspected(t, join(repo.repoRoot, 'a/b/out'), repo);
  t.ok(createOutDir(outDir).ok);
  t.ok(statSync(outDir.path).isDirectory());
  t.strictSame(readdirSync(outDir.path), [], 'nothing is in it before it is locked');
  t.ok(prepareOutDir(outDir).ok);
  t.equal(readFileSync(join(outDir.path, '.gitignore'), 'utf8'), '*\n');
  t.ok(createOutDir(outDir).ok, 'again');
});

t.test('a .gitignore that is there already, or an out_dir elsewhere, is left alone', async (t) => {
  const repo = repository(t, { out: { '.gitignore': 'logs/\n' } });
  t.ok(prepareOutDir(inspected(t, join(repo.repoRoot, 'out'), repo)).ok);
  t.equal(readFileSync(join(repo.repoRoot, 'out/.gitignore'), 'utf8'), 'logs/\n');
  t.ok(prepareOutDir(inspected(t, join(repo.root, 'elsewhere'), repo)).ok);
  t.notOk(existsSync(join(repo.root, 'elsewhere/.gitignore')));
});

t.test('a .gitignore that a crash has left without its content is finished', async (t) => {
  for (const cut of ['', '*']) {
    const repo = repository(t, { out: { '.gitignore': cut } });
    t.ok(prepareOutDir(inspected(t, join(repo.repoRoot, 'out'), repo)).ok);
    t.equal(readFileSync(join(repo.repoRoot, 'out/.gitignore'), 'utf8'), '*\n');
  }
});

t.test('an out_dir that cannot be made is exit 2', async (t) => {
  const made = createOutDir({ path: '/proc/self/nope/out', exists: false, insideRepo: false });
  t.match(made, { ok: false, failure: { reason: 'precondition', message: /cannot create/ } });
});

t.test('folders of ours are private and made with their parents', async (t) => {
  const out = t.testdir();
  t.ok(ensureFolder(join(out, 'superseded/run/label'), out).ok);
  t.equal(statSync(join(out, 'superseded')).mode & 0o777, 0o700);
  t.ok(ensureFolder(join(out, 'superseded/run/label'), out).ok, 'again');
});

t.test('a link or a file in the place of a folder of ours is refused', async (t) => {
  const root = t.testdir({ out: { artifacts: 'x' }, victim: {} });
  symlinkSync('../victim', join(root, 'out/logs'));
  const logs = ensureFolder(join(root, 'out/logs/deep'), join(root, 'out'));
  t.match(logs, { failure: { reason: 'evidence_unwritable', message: /a symbolic link is in its place/ } });
  t.strictSame(readdirSync(join(root, 'victim')), []);
  t.match(ensureFolder(join(root, 'out/artifacts'), join(root, 'out')), {
    failure: { message: /a file is in/ },
  });
});

t.test('a checkpoint path is usable, or exit 2 without touching what is there', async (t) => {
  const root = t.testdir({ out: {}, folder: {}, file: 'x' });
  const out = join(root, 'out');
  mkdirSync(join(root, 'taken'));
  symlinkSync('file', join(root, 'link.json'));
  const check = (path: string | null) => inspectCheckpointPath(evidencePaths(out, path));
  t.ok(check(null).ok);
  t.ok(check(join(out, 'checkpoint.json')).ok, 'the link means the checkpoint');
  t.ok(check(join(out, 'mine.json')).ok);
  t.ok(check(join(root, 'folder/mine.json')).ok);
  for (const path of [
    'out/audit.jsonl',
    'out/orchestrator_run_report.json',
    'out/logs',
    'no/x',
    'taken',
    'link.json',
    'file/x',
  ]) {
    t.match(check(join(root, path)), { ok: false, failure: { reason: 'precondition' } }, path);
  }
  t.ok(lstatSync(join(root, 'link.json')).isSymbolicLink());
});
