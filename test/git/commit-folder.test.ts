import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import t from 'tap';
import { folderDigest } from '../../src/formats/folder-listing.ts';
import { readCommitFolder } from '../../src/git/commit-folder.ts';
import { parseTreeObject } from '../../src/git/tree-object.ts';
import { ENVIRONMENT, type Rig, rig } from './rig.ts';

const POLICY = { 'policy/main.cedar': 'permit(principal, action, resource);\n', 'policy/sub/a.json': '{}' };

function read(repository: Rig, dir = 'policy', commit = repository.git('rev-parse', 'HEAD').trim()) {
  const { root, scratch } = repository;
  return readCommitFolder({ root, scratch, environment: ENVIRONMENT, dir, commit });
}

async function codeOf(asked: ReturnType<typeof read>): Promise<string> {
  const found = await asked;
  return found.ok ? 'read' : found.failure.code;
}

t.test(
  'a policy is what the base commit says, whatever lies in the work tree or was committed since',
  async (t) => {
    const repository = rig(t, POLICY);
    const base = repository.git('rev-parse', 'HEAD').trim();
    repository.write('policy/main.cedar', 'mine');
    repository.write('policy/new.cedar', 'mine');
    repository.commit();
    rmSync(join(repository.root, 'policy'), { recursive: true });
    const found = await read(repository, 'policy', base);
    t.ok(found.ok);
    if (!found.ok) return;
    t.strictSame([...found.value.files.keys()].sort(), ['main.cedar', 'sub/a.json']);
    t.equal(Buffer.from(found.value.files.get('main.cedar') ?? []).toString(), POLICY['policy/main.cedar']);
    t.equal(found.value.digest, folderDigest(found.value.files));
  },
);

t.test('a folder of a repo-root below the top of its repository is read from there', async (t) => {
  const repository = rig(t, { 'app/policy/p.cedar': 'inner', 'policy/p.cedar': 'outer' });
  const { scratch, root } = repository;
  const commit = repository.git('rev-parse', 'HEAD').trim();
  const request = { root: join(root, 'app'), scratch, environment: ENVIRONMENT, dir: 'policy', commit };
  const found = await readCommitFolder(request);
  t.equal(found.ok && Buffer.from(found.value.files.get('p.cedar') ?? []).toString(), 'inner');
});

t.test('replace refs and grafts have no say in what a commit holds', async (t) => {
  const repository = rig(t, POLICY);
  const blob = repository.git('rev-parse', 'HEAD:policy/main.cedar').trim();
  repository.write('other', 'mine');
  const mine = repository.git('hash-object', '-w', 'other').trim();
  repository.git('replace', blob, mine);
  const found = await read(repository);
  t.equal(
    found.ok && Buffer.from(found.value.files.get('main.cedar') ?? []).toString(),
    POLICY['policy/main.cedar'],
  );
});

t.test('an object with another content than its name says is refused', async (t) => {
  for (const [what, spec] of [
    ['blob', 'HEAD:policy/main.cedar'],
    ['tree', 'HEAD:policy'],
    ['commit', 'HEAD'],
  ] as const) {
    const repository = rig(t, POLICY);
    const commit = repository.git('rev-parse', 'HEAD').trim();
    const id = repository.git('rev-parse', spec).trim();
    const file = join(repository.root, '.git/objects', id.slice(0, 2), id.slice(2));
    const forged = forgeryOf(what, repository);
    rmSync(file);
    writeFileSync(file, deflateSync(forged));
    t.equal(await codeOf(read(repository, 'policy', commit)), 'policy_unreadable', what);
  }
});

/** Well-formed, but another one: of a tree the same with another mode, of a commit with another message. */
function forgeryOf(what: 'blob' | 'tree' | 'commit', repository: Rig): Buffer {
  const spec = what === 'tree' ? 'HEAD:' : 'HEAD';
  const content =
    what === 'blob'
      ? Buffer.from('mine')
      : what === 'tree'
        ? treeBytes(repository)
        : Buffer.from(`${repository.git('cat-file', 'commit', spec)}mine\n`);
  return Buffer.concat([Buffer.from(`${what} ${content.length}\0`), content]);
}

function treeBytes(repository: Rig): Buffer {
  const id = repository.git('rev-parse', 'HEAD:policy/main.cedar').trim();
  return Buffer.concat([Buffer.from('100755 main.cedar\0'), Buffer.from(id, 'hex')]);
}

t.test('what is no plain folder of regular files is refused', async (t) => {
  const link = rig(t, POLICY);
  symlinkSync('main.cedar', join(link.root, 'policy/link.cedar'));
  link.commit();
  const linkedFolder = rig(t, POLICY);
  symlinkSync('policy', join(linkedFolder.root, 'other'));
  linkedFolder.commit();
  const submodule = rig(t, POLICY);
  submodule.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},policy/sub2`);
  submodule.git('commit', '--quiet', '-m', 'x');
  const odd = rig(t, { ...POLICY, 'policy/a b.cedar': 'x' });
  const many = rig(
    t,
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`policy/${index}`, 'x'])),
  );
  const big = rig(t, { 'policy/a': 'x'.repeat(3_000_000), 'policy/b': 'x'.repeat(3_000_000) });
  const deep = rig(t, { [`policy/${'a/'.repeat(9)}x`]: 'x' });
  const none = rig(t, { a: 'x' });
  const rows: [string, ReturnType<typeof read>, string][] = [
    ['a link in it', read(link), 'policy_unsafe'],
    ['a link in its place', read(linkedFolder, 'other'), 'policy_unsafe'],
    ['a file in its place', read(none, 'a'), 'policy_unsafe'],
    ['a submodule in it', read(submodule), 'policy_unsafe'],
    ['a name that tools read in different ways', read(odd), 'policy_unsafe'],
    ['a folder outside repo-root', read(none, '../policy'), 'policy_unsafe'],
    ['no such folder', read(none), 'policy_missing'],
    ['too many files', read(many), 'policy_too_big'],
    ['too many bytes', read(big), 'policy_too_big'],
    ['too deep', read(deep), 'policy_too_big'],
    ['no such commit', read(none, 'policy', 'f'.repeat(40)), 'policy_unreadable'],
    ['no commit at all', read(none, 'policy', '--help'), 'policy_unreadable'],
  ];
  for (const [name, asked, code] of rows) t.equal(await codeOf(asked), code, name);
});

t.test('a tree object is read whole or not at all', async (t) => {
  const id = Buffer.alloc(20, 7);
  const entry = Buffer.concat([Buffer.from('100644 a\0'), id]);
  t.strictSame(parseTreeObject(entry, 20), [{ mode: '100644', name: 'a', id: id.toString('hex') }]);
  t.strictSame(parseTreeObject(Buffer.alloc(0), 20), []);
  for (const bytes of [
    entry.subarray(0, -1),
    Buffer.from('100644 a'),
    Buffer.concat([Buffer.from('x a\0'), id]),
  ]) {
    t.equal(parseTreeObject(bytes, 20), null);
  }
});

t.test('nothing is left in the scratch folder', async (t) => {
  const repository = rig(t, POLICY);
  await read(repository);
  t.strictSame(readdirSync(repository.scratch), []);
});
