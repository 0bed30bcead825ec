import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

const NEEDS_ROOT = process.getuid?.() === 0 ? false : 'needs root to make namespaces';

/** A program that works until `go` is there. */
function patient(rig: Rig): readonly string[] {
  return [
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('patient', `until [ -e '${rig.base}/go' ]; do sleep 0.02; done`),
  ];
}

e2e('a holder that is stopped is alive and keeps its lock', async (t, rig) => {
  const holder = rig.start(patient(rig));
  await until('the holder works', () => rig.ledger().length > 0);
  holder.signal('SIGSTOP');
  const other = await rig.run(['./out', '--resume']);
  holder.signal('SIGCONT');
  t.equal(other.code, 75, other.said);
  rig.write(`${rig.base}/go`, '');
  t.equal((await holder.finished).code, 0);
});

e2e("the record of a lock in a copy of the out_dir is nobody's", async (t, rig) => {
  const holder = rig.start(patient(rig));
  await until('the holder works', () => rig.ledger().length > 0);
  cpSync(rig.out, `${rig.work}/copy`, { recursive: true, verbatimSymlinks: true });
  rig.write(`${rig.base}/go`, '');
  const copy = await rig.run(['./copy', '--resume', '--kill-grace-ms', '200']);
  t.not(copy.code, 75, copy.said);
  t.equal((await holder.finished).code, 0);
});

e2e(
  'a holder in another pid namespace keeps the lock while it lives and loses it when it dies',
  async (t, rig) => {
    const holder = rig.start(patient(rig), {
      through: ['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'],
    });
    await until('the holder works', () => rig.ledger().length > 0);
    // The kernel lock is taken a moment after the run has begun; a holder that dies before is an unknown one.
    const hasKernelLock = (): boolean =>
      readdirSync(`${rig.out}/.lock`).some((name) => name.endsWith('.kernel'));
    await until('the kernel lock is taken', hasKernelLock);
    const other = await rig.run(['./out', '--resume']);
    t.equal(other.code, 75, other.said);
    const child = execFileSync('ps', ['-o', 'pid=', '--ppid', String(holder.pid)], {
      encoding: 'utf8',
    }).trim();
    process.kill(Number(child), 'SIGKILL');
    await holder.exited;
    rig.write(`${rig.base}/go`, '');
    const next = await rig.run(['./out', '--resume', '--kill-grace-ms', '200']);
    t.equal(next.code, 0, next.said);
  },
  { skip: NEEDS_ROOT },
);

e2e(
  'a holder on another host keeps the lock until its token is given',
  async (t, rig) => {
    rig.write(
      `${rig.base}/boot`,
      `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replace(/^./, (c) => (c === '0' ? '1' : '0'))}`,
    );
    const script = `mount --bind '${rig.base}/boot' /proc/sys/kernel/random/boot_id && hostname elsewhere && exec "$@"`;
    const holder = rig.start(patient(rig), {
      through: ['unshare', '--mount', '--uts', 'sh', '-c', script, 'sh'],
    });
    await until('the holder works', () => rig.ledger().length > 0);
    holder.signal('SIGKILL');
    await holder.exited;
    rig.write(`${rig.base}/go`, '');
    const refused = await rig.run(['./out', '--resume']);
    t.equal(refused.code, 75, refused.said);
    t.match(refused.said, /elsewhere/, 'the host is named');
    const token = /--break-lock[ =]'?([^\s'`,;)]+)/.exec(refused.said)?.[1] ?? '';
    t.ok(token, `the token is in the message: ${refused.said}`);
    t.equal((await rig.run(['./out', '--resume', '--break-lock', `${token}x`])).code, 75, 'another token');
    const broken = await rig.run(['./out', '--resume', '--break-lock', token, '--kill-grace-ms', '200']);
    t.equal(broken.code, 0, broken.said);
  },
  { skip: NEEDS_ROOT },
);
