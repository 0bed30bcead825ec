import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Failure } from '../../../src/core/failure.ts';
import { acquireLock } from '../../../src/store/lock/acquire-lock.ts';
import type { Lock } from '../../../src/store/lock/hold-lock.ts';
import { readProcessIdentity } from '../../../src/store/lock/process-identity.ts';
import { NO_OTHER_USER } from '../../fixtures/other-user.ts';
import { startLockProcess } from '../../fixtures/store/lock-process.ts';
import { randomHex } from '../../fixtures/store/random-hex.ts';

const NEEDS_ROOT = process.getuid?.() === 0 ? false : 'needs root';
const SHIFTED = ['unshare', '--time', '--boottime', '100000', '--fork', '--kill-child=KILL'];
const NO_TIME_NAMESPACE = NEEDS_ROOT || (canShiftTime() ? false : 'needs time namespaces and flock(1)');

function canShiftTime(): boolean {
  try {
    execFileSync('unshare', [...SHIFTED.slice(1), 'flock', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function acquire(
  dir: string,
  breakToken: string | null = null,
  onLost: (failure: Failure) => void = () => undefined,
) {
  return acquireLock({
    dir,
    lockFolder: join(dir, '.lock'),
    identity: readProcessIdentity({ pid: process.pid, hostname: hostname() }),
    runId: null,
    random: randomHex,
    clock: Date.now,
    breakToken,
    onLost,
  });
}

async function held(t: Test, dir: string, breakToken: string | null = null): Promise<Lock> {
  const taken = await acquire(dir, breakToken);
  if (!taken.ok) throw new Error(taken.failure.message);
  t.teardown(() => taken.value.release());
  return taken.value;
}

async function refusal(dir: string, breakToken: string | null = null): Promise<Failure> {
  const taken = await acquire(dir, breakToken);
  if (taken.ok) throw new Error('the lock was taken');
  return taken.failure;
}

t.test('a record that got the inode of a removed one is still not ours', async (t) => {
  const dir = t.testdir();
  const lock = await held(t, dir);
  const file = join(dir, '.lock/1.held');
  const record = readFileSync(file, 'utf8');
  // In place, so that the inode is certainly the same, as it may be when the folder is removed and made again.
  writeFileSync(file, record.replace(lock.token, randomHex()));
  t.match(lock.fence(), { failure: { reason: 'lock_lost', message: /has been replaced/ } });
  writeFileSync(file, record);
  t.ok(lock.fence().ok);
});

t.test('a lock folder that was removed under its holder has one holder again, the new one', async (t) => {
  const dir = t.testdir();
  const old = await held(t, dir);
  rmSync(join(dir, '.lock'), { recursive: true });
  const next = startLockProcess(t);
  t.match(await next.ask(`take ${dir}`), { won: true, generation: 1 });
  t.match(old.fence(), { ok: false });
  await old.release();
  t.match(await next.ask('fence'), { ok: true }, 'giving back the old one does nothing to it');
});

t.test('a lock that is gone before its guards have started is told, once', async (t) => {
  const dir = t.testdir();
  const losses: Failure[] = [];
  const taken = await acquire(dir, null, (failure) => losses.push(failure));
  if (!taken.ok) throw new Error(taken.failure.message);
  rmSync(join(dir, '.lock'), { recursive: true });
  await taken.value.guarded();
  t.match(losses, [{ reason: 'lock_lost', message: /before its heartbeat began/ }]);
  t.equal(losses.length, 1);
  await taken.value.release();
});

t.test('a holder killed before its guards have started is succeeded at once', async (t) => {
  const dir = t.testdir();
  for (let round = 1; round <= 3; round += 1) {
    const holder = startLockProcess(t);
    t.match(await holder.ask(`take ${dir}`), { won: true, generation: round });
    await holder.kill('SIGKILL');
  }
  t.equal((await held(t, dir)).generation, 4);
});

t.test('the highest number that can be named is refused with a way out, not for ever', async (t) => {
  const dir = t.testdir({ '.lock': { '999999999999999.held': '', '999999999999999.free': '' } });
  t.match(await refusal(dir), { reason: 'precondition', remedy: /remove .*\.lock/ });
  rmSync(join(dir, '.lock'), { recursive: true });
  t.equal((await held(t, dir)).generation, 1);
});

t.test(
  'a record that nobody can have written is garbage: held, and breakable by a harmless token',
  async (t) => {
    const good = {
      version: 1,
      pid: 1,
      hostname: 'far',
      token: 'abc',
      acquired_at: '2026-01-01T00:00:00Z',
      inode: '1',
    };
    for (const wrong of [{ pid: 99_999_999_999 }, { pid: 1.5 }, { pid: 0 }, { token: '$(touch pwned)' }]) {
      const dir = t.testdir({ '.lock': { '1.held': JSON.stringify({ ...good, ...wrong }) } });
      const failure = await refusal(dir);
      t.match(failure, { reason: 'locked', message: /no lock record/ }, JSON.stringify(wrong));
      const token = /--break-lock (\S+)/.exec(failure.message)?.[1] ?? '';
      t.match(token, /^[0-9a-f]{16}$/);
      const lock = await held(t, dir, token);
      t.equal(lock.generation, 2);
      await lock.release();
    }
  },
);

t.test('history that cannot be removed keeps nobody from the lock', { skip: NO_OTHER_USER }, async (t) => {
  const dir = t.testdir({ '.lock': { '1.held': { inside: 'x' }, '2.held': '', '2.free': '' } });
  const nobody = 65_534;
  for (const path of ['.', '.lock', '.lock/1.held']) chownSync(join(dir, path), nobody, nobody);
  chmodSync(join(dir, '.lock/1.held'), 0o000);
  const other = startLockProcess(t, [
    'env',
    '-u',
    'NODE_OPTIONS',
    'setpriv',
    '--reuid',
    `${nobody}`,
    '--clear-groups',
  ]);
  t.match(await other.ask(`take ${dir}`), { won: true, generation: 3 });
});

t.test('the lock folder does not grow with its use', async (t) => {
  const dir = t.testdir();
  for (let round = 0; round < 30; round += 1) {
    const lock = await held(t, dir);
    if (round % 10 === 0) await lock.guarded();
    await lock.release();
  }
  t.strictSame(readdirSync(join(dir, '.lock')).sort(), ['30.free', '30.held']);
});

t.test('temporary files of contenders that were killed are cleaned away', async (t) => {
  const dir = t.testdir({
    '.lock': { '.held.0123456789abcdef.tmp': '', '.kernel.0123456789abcdef.tmp': '' },
  });
  await held(t, dir);
  t.strictSame(readdirSync(join(dir, '.lock')), ['1.held']);
});

t.test('what stands in the place of the heartbeat is cleared by the winner', async (t) => {
  for (const place of ['file', 'full', 'stale'] as const) {
    const dir = t.testdir({ '.lock': {} });
    const heartbeat = join(dir, '.lock/heartbeat');
    if (place === 'file') writeFileSync(heartbeat, 'x');
    else mkdirSync(heartbeat);
    if (place === 'full') writeFileSync(join(heartbeat, 'squatter'), '');
    const losses: Failure[] = [];
    const lock = await held(t, dir);
    await lock.guarded();
    t.ok(lock.fence().ok, place);
    t.strictSame(losses, []);
    t.strictSame(readdirSync(heartbeat), [], place);
    await lock.release();
    t.notOk(readdirSync(join(dir, '.lock')).includes('heartbeat'), place);
  }
});

t.test(
  'a holder seen from another time namespace, where its start time is another, keeps its lock',
  { skip: NO_TIME_NAMESPACE },
  async (t) => {
    const dir = t.testdir();
    const holder = startLockProcess(t);
    t.match(await holder.ask(`take ${dir}`), { won: true });
    t.match(await holder.ask('guard'), { done: true });
    const other = startLockProcess(t, SHIFTED);
    t.match(await other.ask(`take ${dir}`), { won: false, reason: 'locked' });
    t.match(await holder.ask('fence'), { ok: true });
    await holder.kill('SIGKILL');
    t.match(await other.ask(`take ${dir}`), { won: true, generation: 2 }, 'and loses it when it dies');
  },
);
