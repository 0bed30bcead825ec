import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { keepCopy } from '../../../src/store/artifacts/keep-copy.ts';
import { type ArtifactReading, readArtifact } from '../../../src/store/artifacts/read-artifact.ts';
import { evidencePaths } from '../../../src/store/layout.ts';
import { randomHex } from '../../fixtures/store/random-hex.ts';

function places(t: Test) {
  const base = t.testdir({ repo: { sub: {} }, out: {}, outside: { secret: 'secret' } });
  const roots = [join(base, 'out'), join(base, 'repo')];
  const read = (path: string, maxBytes = 1024): ArtifactReading =>
    readArtifact(path.startsWith('/') ? path : join(base, path), { roots, maxBytes, shows: null });
  return { base, read };
}

function refused(t: Test, reading: ArtifactReading, problem: RegExp, name = String(problem)): void {
  t.match(reading, { kind: 'malformed', problem }, name);
}

t.test('a regular file is present with its bytes and their digest', async (t) => {
  const { base, read } = places(t);
  writeFileSync(join(base, 'repo/plan.md'), 'é');
  const sha256 = createHash('sha256').update('é').digest('hex');
  t.strictSame(read('repo/plan.md'), { kind: 'present', bytes: Buffer.from('é'), sha256 });
});

t.test('nothing, nothing below a file, and a link to nothing', async (t) => {
  const { base, read } = places(t);
  t.strictSame(read('repo/no'), { kind: 'missing' });
  t.strictSame(read('repo/no/where'), { kind: 'missing' });
  t.strictSame(read('outside/secret/x'), { kind: 'missing' });
  symlinkSync('nothing', join(base, 'repo/dangling'));
  t.not(read('repo/dangling').kind, 'present');
});

t.test('a symbolic link counts only where it leads into a root', async (t) => {
  const { base, read } = places(t);
  writeFileSync(join(base, 'repo/real.md'), 'real');
  symlinkSync('real.md', join(base, 'repo/inside'));
  symlinkSync('../repo/real.md', join(base, 'out/across'));
  symlinkSync('../outside/secret', join(base, 'repo/leaves'));
  symlinkSync('../outside', join(base, 'repo/folder'));
  symlinkSync('loop', join(base, 'repo/loop'));
  t.equal(read('repo/inside').kind, 'present');
  t.equal(read('out/across').kind, 'present');
  refused(t, read('repo/leaves'), /outside out_dir and repo-root/);
  refused(t, read('repo/folder/secret'), /outside out_dir and repo-root/, 'a link on the way');
  refused(t, read('repo/loop'), /ELOOP/);
  symlinkSync('../repo/leaves', join(base, 'out/twice'));
  refused(t, read('out/twice'), /outside/, 'through a second link');
});

t.test('a path outside the roots is read where the operator named it, but not through a link', async (t) => {
  const { base, read } = places(t);
  t.equal(read('outside/secret').kind, 'present');
  symlinkSync('secret', join(base, 'outside/link'));
  refused(t, read('outside/link'), /outside out_dir and repo-root/);
});

t.test('a folder, a named pipe, a socket or a device is refused without waiting', async (t) => {
  const { base, read } = places(t);
  execFileSync('mkfifo', [join(base, 'repo/pipe')]);
  symlinkSync('pipe', join(base, 'repo/to-pipe'));
  symlinkSync('/dev/zero', join(base, 'repo/zero'));
  // A socket's path has to be short.
  const cwd = process.cwd();
  process.chdir(join(base, 'repo'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen('socket', resolve));
  process.chdir(cwd);
  t.teardown(() => server.close());
  refused(t, read('repo/sub'), /a folder/);
  refused(t, read('repo/pipe'), /a named pipe/);
  refused(t, read('repo/to-pipe'), /leads to a named pipe/);
  refused(t, read('repo/zero'), /a device/);
  refused(t, read('repo/socket'), /a socket/);
});

t.test('a file with a second name is refused', async (t) => {
  const { base, read } = places(t);
  linkSync(join(base, 'outside/secret'), join(base, 'repo/hard'));
  refused(t, read('repo/hard'), /hard link/);
});

t.test('the size bound holds, a sparse giant is refused by its size alone', async (t) => {
  const { base, read } = places(t);
  writeFileSync(join(base, 'repo/exact'), 'x'.repeat(1024));
  writeFileSync(join(base, 'repo/over'), 'x'.repeat(1025));
  t.equal(read('repo/exact').kind, 'present');
  refused(t, read('repo/over'), /larger than 1024 bytes/);
  const sparse = openSync(join(base, 'repo/sparse'), 'w');
  ftruncateSync(sparse, 2 ** 30);
  closeSync(sparse);
  const before = process.memoryUsage().rss;
  refused(t, read('repo/sparse', 2 ** 24), /larger than/);
  t.ok(process.memoryUsage().rss - before < 2 ** 28, 'it was not read');
});

t.test('a file that grows while it is read is bounded all the same', async (t) => {
  const { read } = places(t);
  // Their size says 0, their content does not: the same as a file that grows after it was looked at.
  refused(t, read(`/proc/${process.pid}/maps`, 16), /larger than 16 bytes/);
});

t.test('a .json, in any case, must be strict JSON', async (t) => {
  const { base, read } = places(t);
  const cases: readonly (readonly [string, string | Buffer, RegExp | null])[] = [
    ['good.json', '{"passed":true}', null],
    ['good.JSON', '[]', null],
    ['text.md', '{"a":1,"a":2}', null],
    ['json', 'not json', null],
    ['twice.json', '{"passed":false,"passed":true}', /duplicate key/],
    ['twice.Json', '{"passed":false,"passed":true}', /duplicate key/],
    ['empty.json', '', /ends too early/],
    ['cut.json', '{"passed":tr', /not strict JSON/],
    ['mark.json', '\ufeff{}', /byte order mark/],
    ['bytes.json', Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ['proto.json', '{"__proto__":{"passed":true}}', /__proto__/],
    ['infinite.json', '{"score":1e400}', /not finite/],
    ['deep.json', '['.repeat(1000), /deeper than 64/],
  ];
  for (const [name, content, problem] of cases) {
    writeFileSync(join(base, 'repo', name), content);
    const reading = read(`repo/${name}`);
    if (problem === null) t.equal(reading.kind, 'present', name);
    else refused(t, reading, problem, name);
  }
});

t.test('folders that are swapped for links while reading give nothing away', async (t) => {
  const { base, read } = places(t);
  writeFileSync(join(base, 'repo/sub/secret'), 'public');
  const attacker = spawn(
    process.execPath,
    [
      '-e',
      `const fs = require('fs'); process.chdir(${JSON.stringify(join(base, 'repo'))});
       fs.symlinkSync('../outside', 'evil'); console.log('ready');
       for (;;) { fs.renameSync('sub', 'x'); fs.renameSync('evil', 'sub'); fs.renameSync('sub', 'evil'); fs.renameSync('x', 'sub'); }`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise((resolve) => attacker.once('exit', resolve));
  await new Promise((resolve) => attacker.stdout.once('data', resolve));
  const seen = { present: 0, missing: 0, malformed: 0 };
  let leaks = 0;
  const deadline = performance.now() + 60_000;
  const isEnough = () => seen.present > 500 && seen.malformed + seen.missing > 500;
  while (!isEnough() && performance.now() < deadline) {
    const reading = read('repo/sub/secret');
    seen[reading.kind] += 1;
    if (reading.kind === 'present' && reading.bytes.toString() !== 'public') leaks += 1;
  }
  // Before the test's folder is removed, or it would go on making things in there.
  attacker.kill('SIGKILL');
  await ended;
  t.equal(leaks, 0, JSON.stringify(seen));
  t.ok(isEnough(), `the attack took place: ${JSON.stringify(seen)}`);
});

t.test('a copy is kept under its digest, private, once', async (t) => {
  const paths = evidencePaths(t.testdir(), null);
  const content = { bytes: Buffer.from('plan'), sha256: createHash('sha256').update('plan').digest('hex') };
  t.strictSame(keepCopy(paths, content, randomHex), { ok: true, value: `artifacts/${content.sha256}` });
  const file = join(paths.artifacts, content.sha256);
  t.equal(statSync(file).mode & 0o777, 0o600);
  const { ino } = statSync(file);
  t.ok(keepCopy(paths, content, randomHex).ok);
  t.equal(statSync(file).ino, ino, 'what is right stays');
  writeFileSync(file, 'forged');
  t.ok(keepCopy(paths, content, randomHex).ok);
  t.equal(readFileSync(file, 'utf8'), 'plan', 'what is wrong is replaced');
  t.strictSame(readdirSync(paths.artifacts), [content.sha256]);
});

t.test('a copy is not written through a link', async (t) => {
  const base = t.testdir({ out: {}, victim: {}, file: 'precious' });
  const paths = evidencePaths(join(base, 'out'), null);
  const content = { bytes: Buffer.from('plan'), sha256: 'a'.repeat(64) };
  symlinkSync('../victim', paths.artifacts);
  t.match(keepCopy(paths, content, randomHex), { failure: { reason: 'evidence_unwritable' } });
  t.strictSame(readdirSync(join(base, 'victim')), []);
  renameSync(paths.artifacts, join(base, 'moved'));
  mkdirSync(paths.artifacts);
  symlinkSync(join(base, 'file'), join(paths.artifacts, content.sha256));
  t.match(keepCopy(paths, content, randomHex), { failure: { reason: 'evidence_unwritable' } });
  t.equal(readFileSync(join(base, 'file'), 'utf8'), 'precious');
});

t.test('an empty artifact is present and kept', async (t) => {
  const { base, read } = places(t);
  writeFileSync(join(base, 'repo/empty.md'), '');
  const reading = read('repo/empty.md');
  t.equal(reading.kind, 'present');
  if (reading.kind !== 'present') return;
  const paths = evidencePaths(join(base, 'out'), null);
  t.ok(keepCopy(paths, reading, randomHex).ok);
  t.strictSame(readdirSync(paths.artifacts), [reading.sha256]);
});
