import t from 'tap';
import {
  displayPath,
  isInside,
  loadPath,
  loadRepoRoot,
  type StoredRoots,
  storePath,
  storeRepoRoot,
} from '../../src/formats/stored-path.ts';

const INSIDE: StoredRoots = { repoRoot: '/repo', outDir: '/repo/out' };
const BESIDE: StoredRoots = { repoRoot: '/repo', outDir: '/evidence' };

t.test('a path is stored relative to out_dir, else to repo-root, else as it is', async (t) => {
  const table: readonly (readonly [StoredRoots, string, string])[] = [
    [INSIDE, '/repo/out/a/b.json', 'out:a/b.json'],
    [INSIDE, '/repo/out', 'out:'],
    [INSIDE, '/repo/src/a.ts', 'repo:src/a.ts'],
    [INSIDE, '/repo', 'repo:'],
    [INSIDE, '/repo/outside.json', 'repo:outside.json'],
    [INSIDE, '/repository/a', '/repository/a'],
    [INSIDE, '/bin/sh', '/bin/sh'],
    [INSIDE, '/', '/'],
    [INSIDE, '/repo/..a', 'repo:..a'],
    [INSIDE, '/repo/out/...', 'out:...'],
    [BESIDE, '/evidence/a', 'out:a'],
    [BESIDE, '/repo/out/a', 'repo:out/a'],
  ];
  for (const [roots, path, stored] of table) {
    t.equal(storePath(path, roots), stored, path);
    t.equal(loadPath(stored, roots), path, `${stored} read back`);
  }
});

t.test('every character that a file name can have comes back', async (t) => {
  const names = ['a\\b', '..\\a', '\\', 'out:x', 'repo:', 'a b', 'a\nb', '-', '~', 'ä\u{1f600}', '%2e', '*?'];
  for (const root of ['/repo', '/repo/out', '/else']) {
    for (const name of names) {
      const path = `${root}/${name}`;
      t.equal(loadPath(storePath(path, INSIDE), INSIDE), path, JSON.stringify(path));
    }
  }
});

t.test('stored paths of both roots follow them to where the evidence is now', async (t) => {
  const moved: StoredRoots = { repoRoot: '/builds/7', outDir: '/builds/7/out' };
  t.equal(loadPath(storePath('/repo/out/a.json', INSIDE), moved), '/builds/7/out/a.json');
  t.equal(loadPath(storePath('/repo/bin/agent', INSIDE), moved), '/builds/7/bin/agent');
  t.equal(loadPath(storePath('/bin/sh', INSIDE), moved), '/bin/sh');
});

t.test('repo-root is found again from an out_dir inside it, wherever the checkout went', async (t) => {
  for (const outDir of ['/repo/out', '/repo/a/b/out']) {
    const stored = storeRepoRoot({ repoRoot: '/repo', outDir });
    t.equal(loadRepoRoot(stored, outDir), '/repo');
    t.equal(loadRepoRoot(stored, outDir.replace('/repo', '/home/ci/checkout')), '/home/ci/checkout');
  }
  t.equal(storeRepoRoot(INSIDE), 'out:..');
});

t.test('repo-root of an out_dir elsewhere stays absolute', async (t) => {
  t.equal(storeRepoRoot(BESIDE), '/repo');
  t.equal(loadRepoRoot('/repo', '/anywhere/out'), '/repo');
});

t.test('a folder contains itself and what is below it, not what only begins like it', async (t) => {
  t.equal(isInside('/a', '/a'), true);
  t.equal(isInside('/a', '/a/b'), true);
  t.equal(isInside('/a', '/a/..b'), true);
  t.equal(isInside('/a', '/ab'), false);
  t.equal(isInside('/a/b', '/a'), false);
  t.equal(isInside('/', '/a'), true);
});

t.test('a stored path reads as one does who stands in the repository', async (t) => {
  t.equal(displayPath('repo:src/a.ts'), 'src/a.ts');
  t.equal(displayPath('repo:'), '.');
  t.equal(displayPath('out:plan.json'), '<out>/plan.json');
  t.equal(displayPath('/bin/sh'), '/bin/sh');
});
