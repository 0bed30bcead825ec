import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readPinnedFolder, readPolicyFolder } from '../../src/store/pinned-folder.ts';

function codeOf(found: ReturnType<typeof readPolicyFolder>): string {
  return found.ok ? 'read' : found.failure.code;
}

t.test('a folder with the digest that was pinned is read, and any change of it refused', async (t) => {
  const dir = t.testdir({ 'b.rego': 'b', 'a.rego': 'a', sub: { 'c.json': '{}' } });
  const found = readPolicyFolder(dir);
  const digest = found.ok ? found.value.digest : '';
  t.equal(codeOf(readPinnedFolder(dir, digest)), 'read');
  t.equal(codeOf(readPinnedFolder(dir, '0'.repeat(64))), 'policy_moved');
  writeFileSync(join(dir, 'sub/c.json'), '[]');
  t.equal(codeOf(readPinnedFolder(dir, digest)), 'policy_moved');
  writeFileSync(join(dir, 'sub/c.json'), '{}');
  writeFileSync(join(dir, 'd.rego'), '');
  t.equal(codeOf(readPinnedFolder(dir, digest)), 'policy_moved');
});

t.test('the digest is what sha256sum makes of the folder', async (t) => {
  const dir = t.testdir({ 'b.rego': 'b', 'a.rego': 'a', Z: 'z' });
  const command = 'sha256sum * | LC_ALL=C sort -k2 | sha256sum | cut -d" " -f1';
  const said = execFileSync('sh', ['-c', command], { cwd: dir, encoding: 'utf8' }).trim();
  t.equal(codeOf(readPinnedFolder(dir, said)), 'read');
});

t.test('what is no plain folder of regular files is refused', async (t) => {
  const dir = t.testdir({
    empty: {},
    file: 'x',
    link: { a: 'x' },
    odd: { 'a b': 'x' },
    fifo: {},
    big: { a: 'x'.repeat(3_000_000), b: 'x'.repeat(3_000_000) },
    many: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, 'x'])),
  });
  symlinkSync('a', join(dir, 'link/b'));
  symlinkSync('link', join(dir, 'linked'));
  execFileSync('mkfifo', [join(dir, 'fifo/p')]);
  mkdirSync(join(dir, 'deep', ...Array(9).fill('d')), { recursive: true });
  const rows: [string, string][] = [
    ['empty', 'policy_missing'],
    ['none', 'policy_missing'],
    ['file', 'policy_unsafe'],
    ['link', 'policy_unsafe'],
    ['linked', 'policy_unsafe'],
    ['odd', 'policy_unsafe'],
    ['fifo', 'policy_unsafe'],
    ['big', 'policy_too_big'],
    ['many', 'policy_too_big'],
    ['deep', 'policy_too_big'],
  ];
  for (const [name, code] of rows) t.equal(codeOf(readPolicyFolder(join(dir, name))), code, name);
});
