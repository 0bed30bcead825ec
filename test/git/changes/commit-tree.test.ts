/** Objects are proved by their names, and folders are what git writes. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readCommitTree } from '../../../src/git/changes/commit-tree.ts';
import { askRepository } from '../../../src/git/repository-question.ts';
import { findWorkTree } from '../../../src/git/work-tree.ts';
import { ENVIRONMENT, type Rig, rig } from '../rig.ts';
import { changeRig } from './rig.ts';

async function treeOf(repository: Rig, commit = 'HEAD'): Promise<Readonly<Record<string, string>> | string> {
  const tree = findWorkTree(repository.root);
  if (!tree.ok || tree.value === null) throw new Error('no work tree');
  const id = repository.git('rev-parse', commit).trim();
  const options = { environment: ENVIRONMENT, scratch: repository.scratch };
  const read = await askRepository(tree.value, options, (open) => readCommitTree(open, id));
  if (!read.ok) return read.failure.message;
  return Object.fromEntries([...read.value].map(([key, { mode }]) => [key, mode]));
}

/** Writes the bytes of one object over those of another. */
function forge(repository: Rig, name: string, other: string): void {
  const file = (id: string) => join(repository.root, '.git/objects', id.slice(0, 2), id.slice(2));
  const [to, from] = [name, other].map((one) => file(repository.git('rev-parse', one).trim()));
  chmodSync(to ?? '', 0o644);
  copyFileSync(from ?? '', to ?? '');
}

/** A commit of a folder with these bytes, which no git would write. */
function commitBytes(repository: Rig, tree: Buffer): void {
  const run = (input: Buffer | string, ...args: string[]) =>
    execFileSync('git', args, { cwd: repository.root, input, encoding: 'utf8' }).trim();
  const id = run(tree, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin');
  const commit = `tree ${id}\nauthor A <a@b> 0 +0000\ncommitter A <a@b> 0 +0000\n\nm\n`;
  repository.git(
    'update-ref',
    'refs/heads/main',
    run(commit, 'hash-object', '-t', 'commit', '-w', '--stdin'),
  );
}

for (const format of ['sha1', 'sha256']) {
  t.test(`every path of a commit is told with its mode (${format})`, async (t) => {
    const repository = rig(t, { 'a.txt': 'a\n', 'b/c/d': 'd\n', 'b/c/e': 'd\n', 'same/c/d': 'd\n' }, [
      `--object-format=${format}`,
    ]);
    t.strictSame(await treeOf(repository), {
      ...{ 'a.txt': 'file', 'b/c/d': 'file', 'b/c/e': 'file', 'same/c/d': 'file' },
    });
  });
}

t.test('a folder whose object was written over is not believed', async (t) => {
  const repository = rig(t, { 'a/x': '1\n', 'b/x': '2\n' });
  forge(repository, 'HEAD:a', 'HEAD:b');
  t.match(await treeOf(repository), /is not what its name says: it was written over/);
});

t.test('a file whose object was written over is not counted', async (t) => {
  const repository = changeRig(t, { a: '1\n', b: '2\n' });
  repository.write('a', '3\n');
  forge(repository, 'HEAD:a', 'HEAD:b');
  await t.rejects(repository.content(), /is not what its name says/);
});

t.test('a folder with two entries of one name is none', async (t) => {
  const repository = rig(t);
  const id = Buffer.from(repository.git('rev-parse', 'HEAD:a.txt').trim(), 'hex');
  const entry = (name: string) => Buffer.concat([Buffer.from(`100644 ${name}\0`), id]);
  commitBytes(repository, Buffer.concat([entry('a'), entry('a')]));
  t.match(await treeOf(repository), /has two entries of the name a/);
  commitBytes(repository, entry('a/b'));
  t.match(await treeOf(repository), /an entry of a folder is not one: a\/b|ended with exit code/);
  commitBytes(repository, Buffer.concat([Buffer.from('100600 a\0'), id]));
  t.strictSame(await treeOf(repository), { a: 'file' });
});

t.test('folders in folders without end are refused and not followed', async (t) => {
  const repository = rig(t);
  let id = repository.git('rev-parse', 'HEAD^{tree}').trim();
  // Ten entries of one folder, and again, eight times: 10^8 paths from nine objects.
  for (let level = 0; level < 8; level += 1) {
    const entries = Array.from({ length: 10 }, (_, at) => `040000 tree ${id}\t${at}\n`).join('');
    id = execFileSync('git', ['mktree'], { cwd: repository.root, input: entries, encoding: 'utf8' }).trim();
  }
  repository.git('update-ref', 'refs/heads/main', repository.git('commit-tree', id, '-m', 'm').trim());
  t.match(await treeOf(repository), /more than 2000000 paths/);
});
