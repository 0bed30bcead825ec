import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

const FLAGS = [...ALL_PASS, '--manager-bin', '/bin/true'];
const IS_ROOT = process.getuid?.() === 0;
const NEEDS_ROOT = IS_ROOT ? false : 'needs root to become another user, or to mount';
const AS_NOBODY = IS_ROOT ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

e2e('a file in the place of out_dir is exit 2 and stays as it is', async (t, rig) => {
  rig.write('out', 'mine');
  for (const out of ['./out', './out/deeper']) {
    const run = await rig.run([out, ...FLAGS]);
    t.equal(run.code, 2, run.said);
    t.match(run.said, /out/);
  }
  t.equal(rig.read('out'), 'mine');
});

e2e('an out_dir that cannot be written is exit 2', async (t, rig) => {
  mkdirSync(join(rig.work, 'closed/out'), { recursive: true });
  chmodSync(join(rig.work, 'closed/out'), 0o555);
  chmodSync(join(rig.work, 'closed'), 0o555);
  chmodSync(rig.base, 0o755);
  for (const out of ['./closed/out', './closed/new']) {
    const run = await rig.run([out, ...FLAGS], { through: AS_NOBODY });
    t.equal(run.code, 2, `${out}: ${run.said}`);
    t.match(run.said, /closed/);
    t.equal(run.said.trim().split('\n').length, 1, run.said);
  }
  t.strictSame(readdirSync(join(rig.work, 'closed')), ['out']);
  chmodSync(join(rig.work, 'closed'), 0o755);
});

e2e('an ordinary user can run', async (t, rig) => {
  chmodSync(rig.base, 0o755);
  mkdirSync(join(rig.base, 'theirs'));
  if (IS_ROOT) chownSync(join(rig.base, 'theirs'), 65534, 65534);
  const run = await rig.run(
    [join(rig.base, 'theirs/out'), ...FLAGS, '--repo-root', join(rig.base, 'theirs')],
    { through: AS_NOBODY },
  );
  t.equal(run.code, 0, run.said);
  t.strictSame(await rig.survivorsAfter(3000), []);
});

e2e(
  "an out_dir that is a link to a folder is that folder; what is planted at the documents' names is never written through",
  async (t, rig) => {
    mkdirSync(join(rig.base, 'real'));
    symlinkSync('../real', join(rig.work, 'linked'));
    const linked = await rig.run(['./linked', ...FLAGS]);
    t.ok(linked.code === 0 || linked.code === 2, `${linked.code} ${linked.said}`);
    if (linked.code === 0) t.equal(rig.report(join(rig.base, 'real')).terminal_state, 'done');
    const victim = rig.write(join(rig.base, 'victim.json'), 'precious');
    mkdirSync(rig.out);
    for (const name of [
      'orchestrator_run_report.json',
      'orchestrator_checkpoint.json',
      'checkpoint.json',
      'audit.jsonl',
    ]) {
      symlinkSync(victim, join(rig.out, name));
    }
    symlinkSync(rig.base, join(rig.out, 'logs'));
    const planted = await rig.run(['./out', ...FLAGS]);
    t.equal(rig.read(victim), 'precious');
    t.notOk(existsSync(join(rig.base, 'planning.1.stdout.log')), 'logs are not written through a link');
    if (planted.code === 0)
      t.notOk(lstatSync(join(rig.out, 'orchestrator_checkpoint.json')).isSymbolicLink());
    else t.ok([1, 2].includes(planted.code ?? -1), `${planted.code} ${planted.said}`);
  },
);

/** A file system of this size at `work/<name>`; unmounted at the end. */
function smallDisk(t: Test, rig: Rig, name: string, size: string): void {
  const folder = join(rig.work, name);
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  t.teardown(() => execFileSync('umount', ['-l', folder]));
}

e2e(
  'a disk that gets full ends the run as failed with the last good checkpoint; with room again it resumes',
  async (t, rig) => {
    smallDisk(t, rig, 'small', '600k');
    const filler = rig.agent(
      'filler',
      `[ -e '${rig.base}/go' ] || head -c 2000000 /dev/zero > small/fill 2>/dev/null; true`,
    );
    const run = await rig.run([
      './small/out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('manager'),
      '--executor-bin',
      filler,
    ]);
    t.equal(run.code, 1, run.said);
    t.notMatch(run.said, /\n {4}at /);
    t.match(run.said, /ENOSPC|no space|full/i);
    const out = join(rig.work, 'small/out');
    t.equal(rig.checkpoint(out).run.run_id.length > 0, true, 'the checkpoint parses');
    t.not(rig.report(out).terminal_state, 'done');
    t.strictSame(
      readdirSync(out).filter((name) => name.endsWith('.tmp')),
      [],
    );
    rig.write(`${rig.base}/go`, '');
    execFileSync('rm', ['-f', join(rig.work, 'small/fill')]);
    const resumed = await rig.run(['./small/out', '--resume']);
    t.equal(resumed.code, 0, resumed.said);
    t.equal(rig.ledger().filter((line) => line.endsWith('manager') && line.startsWith('start')).length, 1);
  },
  { skip: NEEDS_ROOT },
);

e2e(
  'however little room there is, no run on a full disk ends done with half a document',
  async (t, rig) => {
    for (const size of ['4k', '16k', '32k', '48k']) {
      smallDisk(t, rig, size, size);
      const run = await rig.run([`./${size}/out`, ...FLAGS, '--executor-bin', '/bin/true']);
      t.ok([0, 1, 2].includes(run.code ?? -1), `${size}: ${run.code} ${run.said}`);
      t.notMatch(run.said, /\n {4}at /);
      if (run.code === 0) t.equal((await rig.run(['verify', `./${size}/out`])).code, 0, size);
    }
  },
  { skip: NEEDS_ROOT },
);
