import t, { type Test } from 'tap';
import type { Finding, Severity } from '../../../src/core/doctor/finding.ts';
import { judgeClock, judgeFileTimes } from '../../../src/core/doctor/judge-clock.ts';
import { type FolderFacts, judgeFolder } from '../../../src/core/doctor/judge-folder.ts';
import { hidepidOf, judgeProcesses } from '../../../src/core/doctor/judge-processes.ts';
import { judgeSandboxTool } from '../../../src/core/doctor/judge-sandbox.ts';
import { ciOf, judgeSurroundings, type Surroundings } from '../../../src/core/doctor/judge-surroundings.ts';
import { judgeFileLock, judgeGit, judgeReaper } from '../../../src/core/doctor/judge-tools.ts';
import { fail, ok } from '../../../src/core/result.ts';

const MIB = 1024 * 1024;
const NOON = Date.UTC(2026, 5, 1, 12);

/** One row: what was found, how much it matters, and a word that is said. */
type Row = readonly [name: string, finding: Finding, severity: Severity, word: RegExp];

function hold(t: Test, rows: readonly Row[]): void {
  for (const [name, finding, severity, word] of rows) {
    t.equal(finding.severity, severity, name);
    t.match(Object.values(finding).join('\n'), word, name);
    t.equal(finding.fix === null, severity === 'ok', `${name}: a fix exactly where one is needed`);
  }
}

function only(findings: readonly Finding[], check: Finding['check']): Finding {
  const found = findings.filter((one) => one.check === check);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} findings on ${check}`);
  return found[0];
}

t.test('git is needed in a work tree only, and a reaper always', async (t) => {
  const git = ok({ file: '/usr/bin/git', version: 'git version 2.39.5' });
  const none = fail('git was not found on PATH');
  hold(t, [
    ['there', judgeGit({ found: git, inWorkTree: true }), 'ok', /2\.39\.5.*\/usr\/bin\/git/],
    ['missing', judgeGit({ found: none, inWorkTree: true }), 'problem', /apt-get install git/],
    ['not needed', judgeGit({ found: none, inWorkTree: false }), 'warning', /not found/],
    ['reaper', judgeReaper(ok({ marked: true })), 'ok', /outlives/],
    ['no prlimit', judgeReaper(ok({ marked: false })), 'warning', /util-linux/],
    ['no reaper', judgeReaper(fail('it did not start')), 'problem', /ulimit/],
    ['flock', judgeFileLock('locks'), 'ok', /dead holder/],
    ['no flock', judgeFileLock('no-flock'), 'warning', /util-linux/],
    ['a share that does not lock', judgeFileLock('refused'), 'warning', /local file system/],
  ]);
});

t.test('a missing sandbox is a problem exactly where one is required', async (t) => {
  const made = fail('bubblewrap (bwrap) was not found on PATH');
  const there = ok({ file: '/usr/bin/bwrap', version: 'bubblewrap 0.8.0' });
  hold(t, [
    ['required', judgeSandboxTool({ mode: 'required', made }), 'problem', /exit 2/],
    ['auto', judgeSandboxTool({ mode: 'auto', made }), 'warning', /without one/],
    ['off', judgeSandboxTool({ mode: 'off', made }), 'warning', /as your user/],
    ['there', judgeSandboxTool({ mode: 'required', made: there }), 'ok', /0\.8\.0/],
  ]);
});

t.test('processes that cannot be seen are a warning', async (t) => {
  const proc = { platform: 'linux', method: 'proc', mountinfo: mounted('rw'), pidNamespace: null };
  hold(t, [
    ['all of them', judgeProcesses(proc), 'ok', /proc/],
    ['container', judgeProcesses({ ...proc, pidNamespace: 'pid:[4026532222]' }), 'ok', /container/],
    ['the first', judgeProcesses({ ...proc, pidNamespace: 'pid:[4026531836]' }), 'ok', /^(?!.*container)/s],
    ['hidepid', judgeProcesses({ ...proc, mountinfo: mounted('rw,hidepid=2') }), 'warning', /hidepid=2/],
    ['no /proc', judgeProcesses({ ...proc, method: 'none' }), 'warning', /mount -t proc/],
  ]);
});

t.test('hidepid is read from the mount of /proc that stands on top, and from no other', async (t) => {
  const other = '30 1 0:5 / /proc/sys rw - proc proc rw,hidepid=2\n';
  t.equal(hidepidOf(mounted('rw,hidepid=invisible,gid=5')), 'invisible');
  t.equal(hidepidOf(mounted('rw,hidepid=0')), null);
  t.equal(hidepidOf(mounted('rw,hidepid=2') + mounted('rw')), null);
  t.equal(hidepidOf(other), null);
  t.equal(hidepidOf(''), null);
});

function mounted(options: string): string {
  return `22 1 0:21 / /proc rw,nosuid - proc proc ${options}\n`;
}

const FOLDER: FolderFacts = {
  folder: '/o',
  written: ok(undefined),
  linked: ok(undefined),
  space: { freeBytes: 1024 * MIB, freeInodes: 100_000 },
};
const BOUNDS = { maxLogBytes: 64 * MIB, maxArtifactBytes: 16 * MIB };

t.test('out_dir has to be written and linked in, and to have room', async (t) => {
  const judged = (facts: Partial<FolderFacts>) => judgeFolder({ ...FOLDER, ...facts }, BOUNDS);
  const bytes = (freeBytes: number) => only(judged({ space: { freeBytes, freeInodes: null } }), 'disk');
  const inodes = (freeInodes: number | null) =>
    only(judged({ space: { freeBytes: 1, freeInodes } }), 'inodes');
  const readOnly = judged({ written: fail('the file system is read-only (EROFS)'), linked: null });
  hold(t, [
    ['written', only(judged({}), 'out-dir'), 'ok', /\/o/],
    ['read-only', only(readOnly, 'out-dir'), 'problem', /EROFS/],
    ['linked', only(judged({}), 'hard-links'), 'ok', /locked/],
    ['no links', only(judged({ linked: fail('EPERM') }), 'hard-links'), 'problem', /EPERM/],
    ['room', bytes(400 * MIB), 'ok', /400 MiB/],
    ['little room', bytes(400 * MIB - 1), 'warning', /--max-log-bytes/],
    ['no room', bytes(4 * MIB - 1), 'problem', /4\.0 MiB free/],
    ['inodes', inodes(1_000), 'ok', /1000/],
    ['few inodes', inodes(999), 'warning', /999/],
    ['no inodes', inodes(49), 'problem', /49/],
    ['inodes that are not counted', inodes(null), 'ok', /not count/],
  ]);
  t.notOk(
    readOnly.some((one) => one.check === 'hard-links'),
    'what was not tried is not judged',
  );
  t.notOk(judged({ space: null }).some((one) => one.check === 'disk'));
});

t.test('a clock is judged by its date, by its steps, and by the dates it gives files', async (t) => {
  const look = (wall: number, monotonic: number) => ({ wall, monotonic });
  const clock = (wall: number, later: number, passed: number) =>
    judgeClock({ before: look(wall, 500), after: look(later, 500 + passed) });
  const dated = (off: number) => judgeFileTimes({ before: NOON, after: NOON + 50, dated: NOON + off });
  hold(t, [
    ['right', clock(NOON, NOON + 300, 300), 'ok', /2026-06-01/],
    ['slow work', clock(NOON, NOON + 90_000, 90_000), 'ok', /2026/],
    ['set back', clock(NOON, NOON - 60_000, 200), 'warning', /-60200 ms/],
    ['set on', clock(NOON, NOON + 60_000, 200), 'warning', /59800 ms/],
    ['1970', clock(0, 1, 1), 'problem', /timedatectl/],
    ['2100', clock(Date.UTC(2100, 0, 1), Date.UTC(2100, 0, 1), 0), 'problem', /wrong/],
    ['no date at all', clock(Number.NaN, Number.NaN, 0), 'problem', /NaN/],
    ['dated now', dated(20), 'ok', /same clock/],
    ['dated by whole seconds', dated(-1_000), 'ok', /same clock/],
    ['dated earlier', dated(-3_001), 'warning', /3001 ms earlier/],
    ['dated later', dated(10_050), 'warning', /10000 ms later/],
  ]);
});

t.test('what output looks like is never a problem', async (t) => {
  const here: Surroundings = {
    ...{ locale: 'C.UTF-8', isUnicode: true, isTty: true, columns: 80 },
    ...{ color: true, ci: null },
  };
  const at = (facts: Partial<Surroundings>) => judgeSurroundings({ ...here, ...facts });
  hold(t, [
    ['UTF-8', only(at({}), 'locale'), 'ok', /C\.UTF-8/],
    ['LANG=C', only(at({ locale: 'C', isUnicode: false }), 'locale'), 'warning', /LC_ALL=C\.UTF-8/],
    ['wide', only(at({}), 'terminal'), 'ok', /80 columns/],
    ['narrow', only(at({ columns: 20 }), 'terminal'), 'warning', /20 columns/],
    ['a pipe', only(at({ isTty: false, columns: null }), 'terminal'), 'ok', /no terminal/],
    ['CI', only(at({ ci: 'GitHub Actions' }), 'ci'), 'ok', /GitHub Actions/],
  ]);
  t.match(ciOf({ CI: 'true', GITLAB_CI: 'true' }), /GitLab CI/);
  t.match(ciOf({ CI: '1' }), /a CI \(CI is set\)/);
  t.equal(ciOf({ CI: '', PATH: '/bin' }), null);
});
