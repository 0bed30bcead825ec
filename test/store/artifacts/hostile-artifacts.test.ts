import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { keepCopy } from '../../../src/store/artifacts/keep-copy.ts';
import { readArtifact } from '../../../src/store/artifacts/read-artifact.ts';
import { verifyArtifacts } from '../../../src/store/artifacts/verify-artifacts.ts';
import { evidencePaths } from '../../../src/store/layout.ts';
import { NO_OTHER_USER } from '../../fixtures/other-user.ts';
import { randomHex } from '../../fixtures/store/random-hex.ts';
import { NO_SMALL_DISK, smallDisk } from '../../fixtures/store/small-disk.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

t.test('a named folder outside the roots that has become a link leads nowhere', async (t) => {
  const base = t.testdir({ repo: {}, results: { 'a.md': 'result' }, secrets: { 'a.md': 'secret' } });
  const bounds = { roots: [join(base, 'repo')], maxBytes: 1024, shows: null };
  t.equal(readArtifact(join(base, 'results/a.md'), bounds).kind, 'present');
  renameSync(join(base, 'results'), join(base, 'aside'));
  symlinkSync('secrets', join(base, 'results'));
  t.match(readArtifact(join(base, 'results/a.md'), bounds), { kind: 'malformed', problem: /leads outside/ });
});

t.test('another name of repo-root does not lead out of it through a link inside', async (t) => {
  const base = t.testdir({ real: { repo: {} }, secrets: { 'a.md': 'secret' } });
  symlinkSync('real', join(base, 'alias'));
  symlinkSync('../../secrets', join(base, 'real/repo/sub'));
  writeFileSync(join(base, 'real/repo/b.md'), 'b');
  const bounds = { roots: [join(base, 'real/repo')], maxBytes: 1024, shows: null };
  t.equal(readArtifact(join(base, 'alias/repo/b.md'), bounds).kind, 'present');
  t.match(readArtifact(join(base, 'alias/repo/sub/a.md'), bounds), { problem: /leads outside/ });
});

t.test('a copy that has a second name is made anew', async (t) => {
  const paths = evidencePaths(t.testdir(), null);
  const content = { bytes: Buffer.from('plan'), sha256: digest('plan') };
  const file = join(paths.artifacts, content.sha256);
  mkdirSync(paths.artifacts);
  writeFileSync(join(paths.outDir, 'planted'), 'plan');
  linkSync(join(paths.outDir, 'planted'), file);
  t.ok(keepCopy(paths, content, randomHex).ok);
  writeFileSync(join(paths.outDir, 'planted'), 'evil');
  t.equal(readFileSync(file, 'utf8'), 'plan');
  t.equal(statSync(file).nlink, 1);
});

t.test('a recorded artifact that has become a giant is told by its size, unread', async (t) => {
  const base = t.testdir({ a: 'plan', copy: 'plan' });
  const recorded = { path: join(base, 'a'), copy: join(base, 'copy'), sha256: digest('plan'), bytes: 4 };
  t.strictSame(verifyArtifacts([recorded], [base]), []);
  // Reading it would take hours.
  truncateSync(recorded.path, 2 ** 43);
  t.match(verifyArtifacts([recorded], [base]), [
    { problem: /^it changed: expected 4 bytes, got 8796093022208/ },
  ]);
});

t.test(
  'a read-only file of a user without privileges crosses file systems',
  { skip: NO_SMALL_DISK || NO_OTHER_USER },
  async (t) => {
    const nobody = 65_534;
    const disk = smallDisk(t, 256);
    const out = t.testdir();
    const file = join(disk, 'a.md');
    writeFileSync(file, 'old');
    chmodSync(file, 0o444);
    for (const path of [disk, file, out]) chownSync(path, nobody, nobody);
    const source = join(import.meta.dirname, '../../../src/store/artifacts/freshness.ts');
    const script = `import { setAside } from ${JSON.stringify(source)};
      const moved = setAside(${JSON.stringify(file)}, ${JSON.stringify(join(out, 'superseded'))}, ${JSON.stringify(out)});
      console.log(moved.ok ? moved.value.kept : moved.failure.message);`;
    const args = [
      '--reuid',
      `${nobody}`,
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    const said = execFileSync('env', ['-i', 'PATH=/usr/bin:/bin', 'setpriv', ...args], {
      encoding: 'utf8',
    }).trim();
    t.equal(said, join(out, 'superseded/a.md'));
    t.equal(readFileSync(said, 'utf8'), 'old');
  },
);
