import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { digestOfFile, putBack, type SetAside, setAside } from '../../../src/store/artifacts/freshness.ts';
import { verifyArtifacts } from '../../../src/store/artifacts/verify-artifacts.ts';
import { NO_SMALL_DISK, smallDisk } from '../../fixtures/store/small-disk.ts';

function places(t: Test) {
  const base = t.testdir({ out: {}, work: { 'plan.json': 'old' } });
  const out = join(base, 'out');
  return { base, out, folder: join(out, 'superseded/run-1/planning.1'), path: join(base, 'work/plan.json') };
}

function aside(t: Test, path: string, folder: string, out: string): SetAside {
  const moved = setAside(path, folder, out);
  if (!moved.ok || moved.value === null) throw new Error(`${path} was not set aside`);
  t.equal(moved.value.path, path);
  return moved.value;
}

t.test('what was there is set aside, and put back when the attempt leaves nothing', async (t) => {
  const { out, folder, path } = places(t);
  const moved = aside(t, path, folder, out);
  t.throws(() => lstatSync(path));
  t.equal(readFileSync(moved.kept, 'utf8'), 'old');
  t.ok(putBack(moved).ok);
  t.equal(readFileSync(path, 'utf8'), 'old');
});

t.test('what the attempt has made is not overwritten by what was there', async (t) => {
  const { out, folder, path } = places(t);
  const moved = aside(t, path, folder, out);
  writeFileSync(path, 'new');
  t.ok(putBack(moved).ok);
  t.equal(readFileSync(path, 'utf8'), 'new');
  t.equal(readFileSync(moved.kept, 'utf8'), 'old');
});

t.test('nothing, nothing below a file, and a folder are not set aside', async (t) => {
  const { base, out, folder, path } = places(t);
  t.strictSame(setAside(join(base, 'work/none'), folder, out), { ok: true, value: null });
  t.strictSame(setAside(join(path, 'below'), folder, out), { ok: true, value: null });
  t.strictSame(setAside(join(base, 'work'), folder, out), { ok: true, value: null });
  t.strictSame(readdirSync(out), []);
});

t.test('two of one name are both kept', async (t) => {
  const { base, out, folder, path } = places(t);
  mkdirSync(join(base, 'other'));
  writeFileSync(join(base, 'other/plan.json'), 'second');
  const first = aside(t, path, folder, out);
  const second = aside(t, join(base, 'other/plan.json'), folder, out);
  t.equal(readFileSync(first.kept, 'utf8'), 'old');
  t.equal(readFileSync(second.kept, 'utf8'), 'second');
});

t.test('a link is moved itself, its target stays; a pipe is moved without being opened', async (t) => {
  const { base, out, folder, path } = places(t);
  symlinkSync('plan.json', join(base, 'work/link'));
  execFileSync('mkfifo', [join(base, 'work/pipe')]);
  const link = aside(t, join(base, 'work/link'), folder, out);
  t.equal(readlinkSync(link.kept), 'plan.json');
  t.equal(readFileSync(path, 'utf8'), 'old');
  const pipe = aside(t, join(base, 'work/pipe'), folder, out);
  t.ok(lstatSync(pipe.kept).isFIFO());
});

t.test('a link in the place of superseded/ is refused and nothing moves', async (t) => {
  const { base, out, folder, path } = places(t);
  symlinkSync('../work', join(out, 'superseded'));
  t.match(setAside(path, folder, out), { failure: { reason: 'evidence_unwritable' } });
  t.strictSame(readdirSync(join(base, 'work')), ['plan.json']);
});

t.test('a folder that is gone with the attempt does not fail the putting back', async (t) => {
  const { base, out, folder, path } = places(t);
  const moved = aside(t, path, folder, out);
  rmSync(join(base, 'work'), { recursive: true });
  t.ok(putBack(moved).ok);
  t.equal(readFileSync(moved.kept, 'utf8'), 'old');
});

t.test('files and links cross file systems, there and back', { skip: NO_SMALL_DISK }, async (t) => {
  const { out, folder } = places(t);
  const disk = smallDisk(t, 256);
  writeFileSync(join(disk, 'plan.json'), 'far');
  symlinkSync('plan.json', join(disk, 'link'));
  const link = aside(t, join(disk, 'link'), folder, out);
  const file = aside(t, join(disk, 'plan.json'), folder, out);
  t.strictSame(readdirSync(disk), []);
  t.equal(readFileSync(file.kept, 'utf8'), 'far');
  t.equal(readlinkSync(link.kept), 'plan.json');
  t.ok(putBack(file).ok);
  t.equal(readFileSync(join(disk, 'plan.json'), 'utf8'), 'far');
  execFileSync('mkfifo', [join(disk, 'pipe')]);
  t.match(setAside(join(disk, 'pipe'), folder, out), { failure: { message: /EXDEV/ } }, 'a pipe cannot');
});

t.test('a digest is of the content, whatever its size; what is no regular file has none', async (t) => {
  const { base, path } = places(t);
  const large = Buffer.alloc(3 * 1024 * 1024 + 17, 'abc');
  writeFileSync(path, large);
  t.equal(digestOfFile(path), createHash('sha256').update(large).digest('hex'));
  execFileSync('mkfifo', [join(base, 'work/pipe')]);
  symlinkSync('plan.json', join(base, 'work/link'));
  for (const name of ['none', 'pipe', 'link', '.'])
    t.equal(digestOfFile(join(base, 'work', name)), null, name);
});

t.test('a recorded artifact and its copy must both be what was recorded', async (t) => {
  const { base, path } = places(t);
  const sha256 = createHash('sha256').update('old').digest('hex');
  const copy = join(base, 'copy');
  writeFileSync(copy, 'old');
  const roots = [join(base, 'work')];
  const problems = () => verifyArtifacts([{ path, copy, sha256 }], roots).map(({ problem }) => problem);
  t.strictSame(problems(), []);
  writeFileSync(copy, 'forged');
  t.match(problems(), [/^its copy changed/]);
  writeFileSync(path, 'forged');
  t.match(problems(), [/^it changed: expected SHA-256 [0-9a-f]{12}, got/, /^its copy changed/]);
  rmSync(path);
  rmSync(copy);
  t.match(problems(), [/^it is missing/, /^its copy is missing/]);
});

t.test('a recorded artifact reached by a link counts inside the roots only', async (t) => {
  const { base, path } = places(t);
  const sha256 = createHash('sha256').update('old').digest('hex');
  const link = join(base, 'work/link');
  symlinkSync('plan.json', link);
  t.strictSame(verifyArtifacts([{ path: link, copy: path, sha256 }], [join(base, 'work')]), []);
  t.equal(verifyArtifacts([{ path: link, copy: path, sha256 }], [join(base, 'out')]).length, 1);
});
