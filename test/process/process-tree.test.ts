import { spawn } from 'node:child_process';
import t from 'tap';
import { parseStat } from '../../src/process/process-stat.ts';
import { findProcesses, sweepCookies } from '../../src/process/process-tree.ts';
import { parsePsTable } from '../../src/process/ps-processes.ts';
import { pidsMarked, sleepMarker, until } from '../fixtures/processes/process-table.ts';

const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const cookie = `cookie-${process.pid}-${Date.now()}`;

t.test('a process may call itself what it likes', async (t) => {
  const text = '7 (a) S 1 1 (\n) Z 3 4 5 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0\n';
  t.strictSame(parseStat(7, text), { pid: 7, start: 99, ppid: 3, group: 4, session: 5, dead: true });
  t.equal(parseStat(7, ''), null);
});

t.test('the table of ps is read, rubbish is not', async (t) => {
  const text = '  7   3   4 Ss   Sat Nov 21 05:07:01 2026\n  8 7 4 Z Sat Nov  1 05:07:01 2026\nnoise\n\n';
  t.match(parsePsTable(text), [
    { pid: 7, ppid: 3, group: 4, dead: false, start: Date.UTC(2026, 10, 21, 5, 7, 1) / 1000 },
    { pid: 8, dead: true },
  ]);
  t.equal(parsePsTable(text).length, 2);
});

t.test('a process whose number was given to another one is never signalled', async (t) => {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  const finder = findProcesses(clock);
  if (finder.method !== 'proc') {
    t.pass('no /proc here', { skip: true });
    return;
  }
  const identity = finder.identify(child.pid ?? 0);
  if (identity === null) throw new Error('no identity');
  t.equal(finder.signal({ ...identity, start: identity.start - 1 }, 'SIGKILL'), false);
  t.equal(finder.signal(identity, 'SIGKILL'), true);
  await until(() => child.signalCode !== null);
  t.equal(finder.signal(identity, 'SIGKILL'), false);
});

t.test('what carries a cookie of an earlier invocation is ended, and nothing else', async (t) => {
  const marker = sleepMarker();
  const start = (env: Record<string, string>) =>
    spawn('sh', ['-c', 'trap "" TERM; sleep "$0"', marker], {
      stdio: 'ignore',
      detached: true,
      env: { PATH: process.env.PATH ?? '', ...env },
    });
  const bystander = start({ ORCHESTRATOR_TREES: 'somebody-else' });
  t.teardown(() => process.kill(-(bystander.pid ?? 0), 'SIGKILL'));
  const left = start({ ORCHESTRATOR_TREES: `outer:${cookie}` });
  await until(() => pidsMarked(marker).length === 4);
  const swept = await sweepCookies([cookie], { clock, graceMs: 50, reaperPid: null });
  t.match(swept, { killed: 2, survivors: 0, clean_sweeps: 2 });
  await until(() => left.signalCode !== null);
  t.equal(pidsMarked(marker).length, 2);
  t.match(await sweepCookies([], { clock, graceMs: 50, reaperPid: null }), { killed: 0 });
});
