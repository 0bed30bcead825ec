import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Failure } from '../../../src/core/failure.ts';
import { acquireLock } from '../../../src/store/lock/acquire-lock.ts';
import type { Lock } from '../../../src/store/lock/hold-lock.ts';
import { type ProcessIdentity, readProcessIdentity } from '../../../src/store/lock/process-identity.ts';
import { startLockProcess } from '../../fixtures/store/lock-process.ts';
import { randomHex } from '../../fixtures/store/random-hex.ts';

const NEEDS_ROOT = process.getuid?.() === 0 ? false : 'needs root to make namespaces';
const self = readProcessIdentity({ pid: process.pid, hostname: hostname() });

interface Attempt {
  readonly identity?: Partial<ProcessIdentity>;
  readonly breakToken?: string;
  readonly onLost?: (failure: Failure) => void;
}

function acquire(dir: string, attempt: Attempt = {}) {
  return acquireLock({
    dir,
    lockFolder: join(dir, '.lock'),
    identity: { ...self, ...attempt.identity },
    runId: 'run-1',
    random: randomHex,
    clock: Date.now,
    breakToken: attempt.breakToken ?? null,
    onLost: attempt.onLost ?? (() => undefined),
  });
}

async function held(t: Test, dir: string, attempt: Attempt = {}): Promise<Lock> {
  const taken = await acquire(dir, attempt);
  if (!taken.ok) throw new Error(taken.failure.message);
  t.teardown(() => taken.value.release());
  return taken.value;
}

async function refusal(dir: string, attempt: Attempt = {}): Promise<Failure> {
  const taken = await acquire(dir, attempt);
  if (taken.ok) throw new Error('the lock was taken');
  return taken.failure;
}

const locksOf = (dir: string) => readdirSync(join(dir, '.lock')).sort();

t.test('a free lock is taken in a private folder, and given back', async (t) => {
  const dir = t.testdir();
  const lock = await held(t, dir);
  t.match(lock, { generation: 1, from: null });
  t.ok(lock.fence().ok);
  t.equal(statSync(join(dir, '.lock')).mode & 0o777, 0o700);
  t.strictSame(readdirSync(dir), ['.lock'], 'nothing else is written');
  t.strictSame(locksOf(dir), ['1.held']);
  await lock.release();
  t.match(lock.fence(), { failure: { reason: 'lock_lost' } });
  t.strictSame(locksOf(dir), ['1.free', '1.held']);
  const next = await held(t, dir);
  t.match(next, { generation: 2, from: null });
  t.strictSame(locksOf(dir), ['2.held'], 'what is history is cleaned away');
  await lock.release();
  t.ok(next.fence().ok, "a second release does nothing to a new owner's");
});

t.test('a living holder keeps it: who, where, since when and which run is told', async (t) => {
  const dir = t.testdir();
  const holder = startLockProcess(t);
  t.match(await holder.ask(`take ${dir}`), { won: true });
  const failure = await refusal(dir);
  t.equal(failure.reason, 'locked');
  t.match(failure.message, `process ${holder.pid} on ${hostname()} since 20`);
  t.match(failure.message, `run run-of-${holder.pid}: its process is running`);
  t.notMatch(failure.message, /break-lock/, 'a living one is not to be broken');
  const { token } = JSON.parse(readFileSync(join(dir, '.lock/1.held'), 'utf8'));
  t.equal((await refusal(dir, { breakToken: token })).reason, 'locked', 'not even by its token');
});

t.test('a holder that was killed is succeeded at once', async (t) => {
  const dir = t.testdir();
  const holder = startLockProcess(t);
  t.match(await holder.ask(`take ${dir}`), { won: true });
  t.match(await holder.ask('guard'), { done: true });
  t.ok(existsSync(join(dir, '.lock/heartbeat')), 'its heartbeat is fresh');
  await holder.kill('SIGKILL');
  const before = performance.now();
  const lock = await held(t, dir);
  t.match(lock.from, { pid: holder.pid, why: 'its process has ended', broken: false });
  t.equal(lock.generation, 2);
  await lock.guarded();
  t.ok(lock.fence().ok);
  // Waiting for a heartbeat to be stale would take proper-lockfile's ten seconds.
  t.ok(performance.now() - before < 8_000);
});

t.test('a stopped holder is alive, and still holds when it goes on', async (t) => {
  const dir = t.testdir();
  const holder = startLockProcess(t);
  t.match(await holder.ask(`take ${dir}`), { won: true });
  await holder.kill('SIGSTOP');
  t.equal((await refusal(dir)).reason, 'locked');
  await holder.kill('SIGCONT');
  t.match(await holder.ask('fence'), { ok: true });
});

t.test('of twenty processes on one stale lock exactly one wins, each time', async (t) => {
  const base = t.testdir();
  const rounds = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => join(base, name));
  const former = startLockProcess(t);
  for (const dir of rounds) t.match(await former.ask(`take ${dir}`), { won: true });
  await former.kill('SIGKILL');
  const contenders = Array.from({ length: 20 }, () => startLockProcess(t));
  for (const dir of rounds) {
    const answers = await Promise.all(contenders.map((one) => one.ask(`take ${dir}`)));
    t.equal(answers.filter(({ won }) => won === true).length, 1, 'one winner');
    t.equal(answers.filter(({ reason }) => reason === 'locked').length, 19, 'nineteen are told so');
    const records = locksOf(dir).filter((name) => /\.(held|free)$/.test(name));
    t.strictSame(records, ['2.held'], 'nothing is left of the losers');
  }
  // Who holds a lock writes to its folder, which is about to be removed.
  await Promise.all(contenders.map((one) => one.kill('SIGKILL')));
});

t.test('processes that take turns, some of them killed while they hold, never overlap', async (t) => {
  const dir = t.testdir();
  const workers = Array.from({ length: 5 }, () => startLockProcess(t));
  const victims = [startLockProcess(t), startLockProcess(t)];
  const cycles = workers.map((one) => one.ask(`cycle ${dir} 40`));
  const deaths = victims.map(async (one) => {
    while ((await one.ask(`take ${dir}`)).won !== true);
    await one.kill('SIGKILL');
  });
  await Promise.all(deaths);
  for (const answer of await Promise.all(cycles)) t.match(answer, { won: 40, overlaps: 0 });
  await Promise.all(workers.map((one) => one.kill('SIGKILL')));
});

t.test("a record in a copied folder is nobody's, the original stays held", async (t) => {
  const base = t.testdir({ out: {} });
  const lock = await held(t, join(base, 'out'));
  cpSync(join(base, 'out'), join(base, 'copy'), { recursive: true });
  const other = await held(t, join(base, 'copy'));
  t.match(other.from, { why: 'its record is a copy' });
  t.ok(lock.fence().ok);
});

t.test('a process number that was used again does not keep a lock', async (t) => {
  const dir = t.testdir();
  // As if this process's number had belonged to a holder that started earlier.
  await await acquire(dir, { identity: { startTime: '1' } });
  const lock = await held(t, dir);
  t.match(lock.from, { why: 'its process number belongs to a later process' });
});

t.test('after a restart of the host no holder of before is left', async (t) => {
  const dir = t.testdir();
  await acquire(dir, { identity: { bootId: 'another boot' } });
  t.match((await held(t, dir)).from, { why: 'the host has been restarted since' });
});

t.test('a holder on another host is asked to be broken by its token, and by no other', async (t) => {
  const dir = t.testdir();
  const far = await held(t, dir, { identity: { bootId: 'another boot', hostname: 'far' } });
  const failure = await refusal(dir);
  t.equal(failure.reason, 'locked');
  t.match(failure.message, /on far since .*: it is on another host; --break-lock [0-9a-f]{16} takes it/);
  t.match(failure.remedy, `--break-lock ${far.token}`);
  const wrong = await refusal(dir, { breakToken: 'nonsense' });
  t.match(wrong.message, `--break-lock expected ${far.token}, got nonsense`);
  const lock = await held(t, dir, { breakToken: far.token });
  t.match(lock.from, { broken: true, hostname: 'far' });
  t.match(far.fence(), { failure: { reason: 'lock_lost', message: /generation 2 has been taken/ } });
});

t.test('a host of the same name that is another machine is another host', async (t) => {
  const dir = t.testdir();
  await acquire(dir, { identity: { bootId: 'another boot', machineId: 'another machine' } });
  t.match((await refusal(dir)).message, /it is on another host/);
});

t.test('a record that cannot be read is held, and broken by a token of its bytes', async (t) => {
  for (const place of ['garbage', '', '{"version":1}', 'folder', 'link', 'large'] as const) {
    await t.test(place, async (t) => {
      const dir = t.testdir({ '.lock': {} });
      const file = join(dir, '.lock/7.held');
      if (place === 'folder') mkdirSync(file);
      else if (place === 'link') symlinkSync('/etc/passwd', file);
      else writeFileSync(file, place === 'large' ? Buffer.alloc(100_000) : place);
      const failure = await refusal(dir);
      t.equal(failure.reason, 'locked');
      const token = /--break-lock ([0-9a-f]{16})/.exec(failure.message)?.[1] ?? '';
      t.equal((await held(t, dir, { breakToken: token })).generation, 8);
      t.strictSame(locksOf(dir), ['8.held']);
    });
  }
});

t.test('numbers that cannot be counted on are ignored', async (t) => {
  const dir = t.testdir({
    '.lock': { '99999999999999999999.held': '', '0.held': '', '1.held.bak': '', x: '' },
  });
  t.equal((await held(t, dir)).generation, 1);
});

t.test('something else in the place of the lock folder is exit 2 and stays', async (t) => {
  const base = t.testdir({ file: { '.lock': 'mine' }, link: {}, victim: {} });
  symlinkSync('../victim', join(base, 'link/.lock'));
  for (const name of ['file', 'link']) {
    const failure = await refusal(join(base, name));
    t.match(failure, {
      reason: 'precondition',
      message: /expected the lock folder at .*, got a (file|symbolic link)/,
    });
  }
  t.strictSame(readdirSync(join(base, 'victim')), []);
  t.equal(readFileSync(join(base, 'file/.lock'), 'utf8'), 'mine');
});

t.test('the fence sees every way in which a lock can go', async (t) => {
  const ways: Readonly<Record<string, (folder: string) => void>> = {
    'a higher generation': (folder) => writeFileSync(join(folder, '2.held'), ''),
    'a free mark': (folder) => writeFileSync(join(folder, '1.free'), ''),
    'the record removed': (folder) => rmSync(join(folder, '1.held')),
    'the record copied over': (folder) => {
      const record = readFileSync(join(folder, '1.held'));
      renameSync(join(folder, '1.held'), join(folder, 'kept'));
      writeFileSync(join(folder, '1.held'), record);
    },
    'the folder removed': (folder) => rmSync(folder, { recursive: true }),
    'the folder replaced by a copy': (folder) => {
      renameSync(folder, `${folder}.old`);
      cpSync(`${folder}.old`, folder, { recursive: true });
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    await t.test(name, async (t) => {
      const dir = t.testdir();
      const lock = await held(t, dir);
      t.ok(lock.fence().ok);
      way(join(dir, '.lock'));
      t.match(lock.fence(), { ok: false, failure: { reason: 'lock_lost' } });
    });
  }
});

t.test('a slow contender that wins a number of history steps back', async (t) => {
  const { takeGeneration } = await import('../../../src/store/lock/take-generation.ts');
  const dir = t.testdir({ '.lock': { '9.held': 'x' } });
  const folder = join(dir, '.lock');
  const record = { ...JSON.parse('{"version":1,"pid":1,"hostname":"h","token":"t","acquired_at":"x"}') };
  t.equal(takeGeneration({ folder, generation: 3, record, random: randomHex }), null);
  t.strictSame(locksOf(dir), ['9.held']);
  t.equal(
    takeGeneration({ folder, generation: 9, record, random: randomHex }),
    null,
    'nor is one taken twice',
  );
});

t.test('heartbeat and kernel lock appear for others to see, and go with the lock', async (t) => {
  const dir = t.testdir();
  const lock = await held(t, dir);
  await lock.guarded();
  t.ok(lstatSync(join(dir, '.lock/heartbeat')).isDirectory());
  if (existsSync('/usr/bin/flock')) {
    t.ok(existsSync(join(dir, '.lock/1.kernel')));
    t.equal(spawnSync('flock', ['-n', '-s', join(dir, '.lock/1.kernel'), 'true']).status, 1, 'it is locked');
  }
  await lock.release();
  t.strictSame(locksOf(dir), ['1.free', '1.held']);
});

t.test(
  'a child process does not inherit the kernel lock',
  { skip: !existsSync('/usr/bin/flock') && 'no flock(1)' },
  async (t) => {
    const dir = t.testdir();
    const lock = await held(t, dir);
    await lock.guarded();
    const open = execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
    t.notMatch(open, '1.kernel');
  },
);

t.test('a heartbeat that another program takes or removes ends the holding, told once', async (t) => {
  const dir = t.testdir();
  const losses: Failure[] = [];
  const lock = await held(t, dir, { onLost: (failure) => losses.push(failure) });
  await lock.guarded();
  rmSync(join(dir, '.lock/heartbeat'), { recursive: true });
  const deadline = performance.now() + 60_000;
  while (losses.length === 0 && performance.now() < deadline) await setTimeout(20);
  await lock.release();
  t.match(losses, [{ reason: 'lock_lost' }]);
  t.equal(losses.length, 1);
});

t.test("giving back a lock that was broken leaves the new owner's heartbeat", async (t) => {
  const dir = t.testdir();
  const old = await held(t, dir, { identity: { bootId: 'another boot', hostname: 'far' } });
  await old.guarded();
  const holder = startLockProcess(t);
  t.match(await holder.ask(`take ${dir} ${old.token}`), { won: true, generation: 2 });
  t.match(await holder.ask('guard'), { done: true });
  await old.release();
  t.ok(existsSync(join(dir, '.lock/heartbeat')));
  t.match(await holder.ask('fence'), { ok: true });
  t.equal((await refusal(dir)).reason, 'locked');
});

t.test('in another pid namespace the kernel lock decides', { skip: NEEDS_ROOT }, async (t) => {
  const dir = t.testdir();
  const holder = startLockProcess(t, ['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc']);
  t.match(await holder.ask(`take ${dir}`), { won: true });
  t.match(
    (await refusal(dir)).message,
    /kernel lock|break-lock/,
    'held, whether its kernel lock is there yet or not',
  );
  t.match(await holder.ask('guard'), { done: true });
  t.match((await refusal(dir)).message, /its kernel lock is held/);
  await holder.kill('SIGKILL');
  // unshare takes its child along, but not before it has been told of its own death.
  const isLocked = () => spawnSync('flock', ['-n', '-s', join(dir, '.lock/1.kernel'), 'true']).status === 1;
  const deadline = performance.now() + 20_000;
  while (isLocked() && performance.now() < deadline);
  t.match((await held(t, dir)).from, { why: 'its kernel lock is free' });
});

t.test('in another pid namespace, without a kernel lock, a holder is unknown', async (t) => {
  const dir = t.testdir();
  await acquire(dir, { identity: { pidNamespace: 'pid:[1]' } });
  t.match((await refusal(dir)).message, /another pid namespace.*--break-lock/);
});
