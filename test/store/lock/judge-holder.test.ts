import { spawn } from 'node:child_process';
import t from 'tap';
import { type HolderProbes, judgeHolder } from '../../../src/store/lock/judge-holder.ts';
import type { LockRecord } from '../../../src/store/lock/lock-record.ts';
import {
  type ProcessState,
  probeProcess,
  readProcessIdentity,
} from '../../../src/store/lock/process-identity.ts';

const record: LockRecord = {
  version: 1,
  pid: 42,
  start_time: '1000',
  boot_id: 'boot',
  pid_namespace: 'pid:[1]',
  hostname: 'here',
  machine_id: 'machine',
  token: 'token',
  run_id: null,
  acquired_at: '2026-01-01T00:00:00.000Z',
  inode: '7',
};

const self = {
  pid: 1,
  startTime: '2000',
  bootId: 'boot',
  pidNamespace: 'pid:[1]',
  hostname: 'here',
  machineId: 'machine',
};

interface Case {
  readonly record?: Partial<LockRecord>;
  readonly self?: Partial<HolderProbes['self']>;
  readonly inode?: string;
  readonly process?: ProcessState;
  readonly kernel?: 'held' | 'free' | 'none';
}

function verdict(one: Case): string {
  const found = { kind: 'record' as const, record: { ...record, ...one.record }, inode: one.inode ?? '7' };
  return judgeHolder(found, {
    self: { ...self, ...one.self },
    probeProcess: () => one.process ?? { startTime: '1000' },
    probeKernelLock: () => one.kernel ?? 'none',
  }).verdict;
}

t.test('only what is certainly dead is dead; what cannot be known is unknown', async (t) => {
  const otherNamespace = { pid_namespace: 'pid:[2]' };
  const otherBoot = { boot_id: 'earlier' };
  const noBoot = { record: { boot_id: null }, self: { bootId: null } };
  const cases: readonly (readonly [string, Case, 'dead' | 'alive' | 'unknown'])[] = [
    ['running', {}, 'alive'],
    ['ended', { process: 'gone' }, 'dead'],
    ['a zombie', { process: 'zombie' }, 'dead'],
    ['a later process of the same number', { process: { startTime: '1001' } }, 'dead'],
    ['start time not shown', { process: { startTime: null } }, 'alive'],
    ['start time not recorded', { record: { start_time: null } }, 'alive'],
    ['a copied record, although its process runs', { inode: '8' }, 'dead'],
    ['other boot, same host', { record: otherBoot }, 'dead'],
    ['other boot, other host', { record: { ...otherBoot, hostname: 'there' } }, 'unknown'],
    ['other boot, same name, other machine', { record: { ...otherBoot, machine_id: 'other' } }, 'unknown'],
    ['other boot, machine unknown on one side', { record: { ...otherBoot, machine_id: null } }, 'unknown'],
    ['same boot, other host name: a container', { record: { hostname: 'there' } }, 'alive'],
    [
      'other namespace, kernel lock held',
      { record: otherNamespace, kernel: 'held', process: 'gone' },
      'alive',
    ],
    ['other namespace, kernel lock free', { record: otherNamespace, kernel: 'free' }, 'dead'],
    ['other namespace, no kernel lock', { record: otherNamespace, process: 'gone' }, 'unknown'],
    ['namespace not recorded', { record: { pid_namespace: null }, process: 'gone' }, 'unknown'],
    [
      'namespace unknown on both sides',
      { record: { pid_namespace: null }, self: { pidNamespace: null } },
      'unknown',
    ],
    ['no boot ids, running', noBoot, 'alive'],
    ['no boot ids, ended', { ...noBoot, process: 'gone' }, 'dead'],
    [
      'no boot ids, other host',
      { ...noBoot, record: { boot_id: null, hostname: 'there' }, process: 'gone' },
      'unknown',
    ],
    ['boot id on one side only', { self: { bootId: null }, process: 'gone' }, 'unknown'],
  ];
  for (const [name, one, expected] of cases) t.equal(verdict(one), expected, name);
});

t.test('garbage is unknown', async (t) => {
  const found = { kind: 'garbage' as const, problem: 'it is empty', token: 'x' };
  const probes = { self, probeProcess: () => 'gone' as const, probeKernelLock: () => 'free' as const };
  t.strictSame(judgeHolder(found, probes), { verdict: 'unknown', why: 'it is empty' });
});

t.test(
  'a process is seen running, as a zombie, and gone',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  async (t) => {
    const me = readProcessIdentity({ pid: process.pid, hostname: 'here' });
    t.match(me, { startTime: /^\d+$/, bootId: /^[0-9a-f-]{36}$/, pidNamespace: /^pid:\[\d+\]$/ });
    t.strictSame(probeProcess(process.pid), { letter: 'R', startTime: me.startTime });
    // When the shell's child ends, the shell has become a sleep that does not ask for it.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    t.teardown(() => shell.kill('SIGKILL'));
    const zombie = Number(await new Promise((resolve) => shell.stdout.once('data', resolve)));
    const deadline = performance.now() + 10_000;
    while (probeProcess(zombie) !== 'zombie' && performance.now() < deadline);
    t.equal(probeProcess(zombie), 'zombie');
    shell.kill('SIGKILL');
    await new Promise((resolve) => shell.once('exit', resolve));
    t.equal(probeProcess(shell.pid ?? 0), 'gone');
  },
);
