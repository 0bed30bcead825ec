import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { acquireLock } from '../../../src/store/lock/acquire-lock.ts';
import { readProcessIdentity } from '../../../src/store/lock/process-identity.ts';
import { randomHex } from '../../../src/system/ids.ts';

function acquire(dir: string, unguarded: boolean) {
  return acquireLock({
    ...{ dir, lockFolder: join(dir, '.lock'), runId: null, breakToken: null, unguarded },
    identity: readProcessIdentity({ pid: process.pid, hostname: hostname() }),
    random: () => randomHex(8),
    clock: Date.now,
    onLost: () => {},
  });
}

t.test('a lock without guards leaves nothing at the old path of a folder that was moved away', async (t) => {
  for (const unguarded of [true, false]) {
    const out = join(t.testdir({ out: {} }), 'out');
    const held = await acquire(out, unguarded);
    if (!held.ok) throw new Error(held.failure.message);
    renameSync(out, `${out}.aside`);
    mkdirSync(join(out, '.lock'), { recursive: true });
    await held.value.guarded();
    t.strictSame(readdirSync(join(out, '.lock')).length === 0, unguarded, `unguarded: ${unguarded}`);
    await held.value.release();
  }
});

t.test('a lock without guards is held like any other, and given back', async (t) => {
  const out = t.testdir();
  const held = await acquire(out, true);
  if (!held.ok) throw new Error(held.failure.message);
  t.match(await acquire(out, true), { ok: false, failure: { reason: 'locked' } });
  await held.value.release();
  t.ok((await acquire(out, true)).ok);
});
