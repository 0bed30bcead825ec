import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { takeContentTree } from '../../src/git/content-tree.ts';
import { pathWithGit, rig, temporaryFolder } from './rig.ts';

t.test('a tree that nobody touches has the same digest each time', async (t) => {
  const { take } = rig(t, { 'a.txt': 'a\n', 'b/c.txt': 'c\n' });
  const first = await take();
  t.strictSame(await take(), first);
  t.strictSame([...first.entries.keys()], ['a.txt', 'b/c.txt']);
  t.equal(first.files, 2);
  t.equal(first.dirty, false);
  t.equal(first.branch, 'main');
});

t.test('the digest does not depend on where the checkout is', async (t) => {
  const one = await rig(t, { 'a.txt': 'a\n' }).take();
  const other = await rig(t, { 'a.txt': 'a\n' }).take();
  t.equal(one.digest, other.digest);
});

t.test('a folder outside git is said to be none, and no process is started', async (t) => {
  const base = temporaryFolder(t);
  mkdirSync(join(base, 'plain'));
  const path = pathWithGit(base, `#!/bin/sh\ntouch ${base}/started\n`);
  const { options } = rig(t);
  const taken = await takeContentTree(
    options({ root: join(base, 'plain'), environment: { path, home: null } }),
  );
  t.strictSame(taken, { ok: true, value: { kind: 'not-a-work-tree' } });
  t.notOk(statSync(join(base, 'started'), { throwIfNoEntry: false }));
});

t.test('committing what was validated is no change, and HEAD is recorded apart', async (t) => {
  const { take, write, commit } = rig(t);
  write('new.txt', 'new\n');
  const before = await take();
  t.equal(before.dirty, true);
  commit();
  const after = await take();
  t.equal(after.digest, before.digest);
  t.not(after.head, before.head);
  t.equal(after.dirty, false);
});

t.test('every kind of change changes the digest', async (t) => {
  const changes: Record<string, (root: string) => void> = {
    'a new file': (root) => writeFileSync(join(root, 'new.txt'), ''),
    'a new link': (root) => symlinkSync('nowhere', join(root, 'new')),
    'a removed file': (root) => unlinkSync(join(root, 'a.txt')),
    'a renamed file': (root) => renameSync(join(root, 'a.txt'), join(root, 'z.txt')),
    'an execute bit': (root) => chmodSync(join(root, 'a.txt'), 0o755),
    'a file that became a link': (root) => {
      unlinkSync(join(root, 'a.txt'));
      symlinkSync('b.txt', join(root, 'a.txt'));
    },
    'a link that leads elsewhere': (root) => {
      unlinkSync(join(root, 'link'));
      symlinkSync('b.txt', join(root, 'link'));
    },
    'a file that became a folder': (root) => {
      unlinkSync(join(root, 'a.txt'));
      mkdirSync(join(root, 'a.txt'));
    },
    'a folder that became a link to a copy of itself': (root) => {
      execFileSync('cp', ['-r', join(root, 'dir'), join(root, '..', 'copy')]);
      rmSync(join(root, 'dir'), { recursive: true });
      symlinkSync('../copy', join(root, 'dir'));
    },
    'a file that became a FIFO': (root) => {
      unlinkSync(join(root, 'a.txt'));
      execFileSync('mkfifo', [join(root, 'a.txt')]);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const { take, root, commit } = rig(t, { 'a.txt': 'a\n', 'b.txt': 'a\n', 'dir/f': 'f\n' });
    symlinkSync('a.txt', join(root, 'link'));
    commit();
    const before = await take();
    change(root);
    t.not((await take()).digest, before.digest, what);
  }
});

t.test('other bytes of the same size and mtime are a change, remembered digests or not', async (t) => {
  const { take, write, root } = rig(t);
  const old = new Date('2020-01-01');
  for (const [later, remembered] of [
    [0, 0],
    [10_000, 1],
  ] as const) {
    const cache = new Map<string, string>();
    const now = () => Date.now() + later;
    write('a.txt', 'a\n');
    utimesSync(join(root, 'a.txt'), old, old);
    const before = await take({ cache, now });
    t.equal(cache.size, remembered);
    write('a.txt', 'b\n');
    utimesSync(join(root, 'a.txt'), old, old);
    t.not((await take({ cache, now })).digest, before.digest);
  }
});

t.test('a digest is remembered only for a file that has been left alone for two seconds', async (t) => {
  const { take } = rig(t);
  const cache = new Map<string, string>();
  await take({ cache });
  t.equal(cache.size, 0);
  const later = () => Date.now() + 10_000;
  const first = await take({ cache, now: later });
  t.equal(cache.size, 1);
  const [key = ''] = cache.keys();
  cache.set(key, '0'.repeat(64));
  t.not(
    (await take({ cache, now: later })).digest,
    first.digest,
    'the remembered digest is what counts then',
  );
});

t.test('a mode beyond the execute bit of the owner is no change', async (t) => {
  const { take, root } = rig(t);
  const before = await take();
  chmodSync(join(root, 'a.txt'), 0o600);
  t.equal((await take()).digest, before.digest);
});

t.test('a change to an ignored file is no change', async (t) => {
  const { take, write } = rig(t, { '.gitignore': '*.log\n', 'a.txt': 'a\n' });
  write('run.log', '1');
  const before = await take();
  write('run.log', '2');
  t.equal((await take()).digest, before.digest);
});

t.test('a change to .gitignore is a change', async (t) => {
  const { take, write } = rig(t);
  const before = await take();
  write('.gitignore', '*.log\n');
  t.strictSame([...(await take()).entries.keys()], ['.gitignore', 'a.txt']);
  t.not((await take()).digest, before.digest);
});

t.test('what is excluded does not count, by its path or through a link to repo-root', async (t) => {
  const { take, write, root, base } = rig(t);
  const before = await take();
  write('out/report.json', '{}');
  write('out.json', '{}');
  symlinkSync(root, join(base, 'alias'));
  const excludes = [join(base, 'alias/out'), join(root, 'out.json')];
  const after = await take({ excludes });
  t.equal(after.digest, before.digest);
  t.equal(after.dirty, false);
  t.equal((await take({ root: join(base, 'alias'), excludes })).digest, before.digest);
  write('output/x', '');
  t.not((await take({ excludes })).digest, before.digest, 'a name that only begins alike counts');
});

t.test('excluding repo-root itself leaves nothing out', async (t) => {
  const { take, root, base } = rig(t);
  const tree = await take({ excludes: [root, base, '/'] });
  t.strictSame([...tree.entries.keys()], ['a.txt']);
});

t.test('--tree-ignore takes a match and, for a folder, all that is in it', async (t) => {
  const { take, write } = rig(t);
  const before = await take();
  write('cache/deep/x.bin', '1');
  write('.hidden.tmp', '1');
  write('sub/y.tmp', '1');
  const ignoreGlobs = ['cache', '**/*.tmp'];
  t.equal((await take({ ignoreGlobs })).digest, before.digest);
  t.not(
    (await take({ ignoreGlobs: ['cache', '*.tmp'] })).digest,
    before.digest,
    'without ** only the top folder',
  );
});

t.test('a tracked file that is missing is an entry of its own', async (t) => {
  const { take, root } = rig(t, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  unlinkSync(join(root, 'a.txt'));
  t.equal((await take()).entries.get('a.txt'), 'absent -');
});

t.test('a FIFO or a socket in the place of a tracked file is recorded and never opened', async (t) => {
  const { take, root } = rig(t, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  unlinkSync(join(root, 'a.txt'));
  unlinkSync(join(root, 'b.txt'));
  execFileSync('mkfifo', [join(root, 'a.txt')]);
  const server = createServer().listen(join(root, 'b.txt'));
  t.teardown(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { entries } = await take();
  t.equal(entries.get('a.txt'), 'special -');
  t.equal(entries.get('b.txt'), 'special -');
});

t.test('a file larger than the buffer has the SHA-256 of its bytes', async (t) => {
  const { take, write, root } = rig(t);
  write('big.bin', Buffer.alloc(3 * 1024 * 1024 + 17, 'x'));
  const [sum] = execFileSync('sha256sum', ['big.bin'], { cwd: root, encoding: 'utf8' }).split(' ');
  t.equal((await take()).entries.get('big.bin'), `file ${sum}`);
});

t.test('the index is neither written nor touched, and nothing is left behind', async (t) => {
  const { take, root, scratch, write } = rig(t, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const old = new Date('2020-01-01');
  utimesSync(join(root, '.git/index'), old, old);
  utimesSync(join(root, 'a.txt'), old, old);
  write('b.txt', 'changed\n');
  const index = join(root, '.git/index');
  const before = { bytes: readFileSync(index), stat: statSync(index, { bigint: true }) };
  const names = readdirSync(join(root, '.git'));
  await take();
  const after = statSync(index, { bigint: true });
  t.strictSame(readFileSync(index), before.bytes);
  t.equal(after.mtimeNs, before.stat.mtimeNs);
  t.equal(after.ino, before.stat.ino);
  t.strictSame(readdirSync(join(root, '.git')), names);
  t.strictSame(readdirSync(scratch), []);
});

t.test('an operation that is stopped says so and leaves nothing behind', async (t) => {
  const { options, scratch } = rig(t);
  const controller = new AbortController();
  controller.abort();
  const taken = await takeContentTree(options({ signal: controller.signal }));
  t.match(taken, { ok: false, failure: { reason: 'interrupted' } });
  t.strictSame(readdirSync(scratch), []);
});
