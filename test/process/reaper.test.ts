import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startReaper } from '../../src/process/reaper.ts';
import { agentPath } from '../fixtures/processes/command-spec.ts';
import { isRunning, pidsMarked, sleepMarker, until } from '../fixtures/processes/process-table.ts';

const DRIVER = join(import.meta.dirname, '../fixtures/processes/run-agent.ts');
const AGENTS = [
  'leaves-session-child',
  'double-forks',
  'ignores-sigterm',
  'drops-environment',
  'forks-200',
  'holds-output',
];

interface Driver {
  readonly child: ChildProcess;
  readonly marker: string;
  /** Resolves with the reaper's pid when the driver has printed `line`. */
  readonly sees: (line: string) => Promise<number>;
}

function drive(folder: string, shell: string, agent: string): Driver {
  const marker = sleepMarker();
  mkdirSync(folder);
  const args = [DRIVER, folder, shell, agentPath(agent), 'stay', marker];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const sees = (wanted: string) =>
    new Promise<number>((resolve, reject) => {
      let reaper = 0;
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        if (line.startsWith('reaper ')) reaper = Number(line.slice(7));
        if (line === wanted) resolve(reaper);
      });
      lines.on('close', () => reject(new Error(`the driver never said ${wanted}`)));
    });
  return { child, marker, sees };
}

/** What is left once the reaper has done what it can and is gone. */
async function leftAfterKill(driver: Driver, reaper: number): Promise<number[]> {
  driver.child.kill('SIGKILL');
  if (!(await until(() => !isRunning(reaper)))) throw new Error('the reaper does not end');
  // The driver's own command line has the marker too, until it has been waited for.
  await until(() => driver.child.signalCode !== null);
  return pidsMarked(driver.marker);
}

if (!existsSync('/proc/self/stat')) {
  t.pass('no /proc here: survivors cannot be counted', { skip: true });
} else {
  const shells = ['/bin/sh', '/bin/bash', 'self'].filter((shell) => shell === 'self' || existsSync(shell));
  const folder = t.testdir();
  let cases = 0;
  const newFolder = () => join(folder, `case-${cases++}`);
  for (const shell of shells) {
    const agents = shell === '/bin/sh' ? AGENTS : ['drops-environment', 'holds-output'];
    for (const agent of agents) {
      t.test(`kill -9 of the orchestrator leaves nothing of ${agent} (reaper: ${shell})`, async (t) => {
        const driver = drive(newFolder(), shell, agent);
        const reaper = await driver.sees('up');
        t.ok(pidsMarked(driver.marker).length > 1, 'the tree was there');
        t.strictSame(await leftAfterKill(driver, reaper), []);
      });
    }
  }
  for (const delay of [0, 1, 3, 6, 10, 20]) {
    t.test(`kill -9 ${delay} ms after a spawn begins leaves nothing`, async (t) => {
      const driver = drive(newFolder(), '/bin/sh', 'drops-environment');
      const reaper = await driver.sees('spawning');
      await sleep(delay);
      t.strictSame(await leftAfterKill(driver, reaper), []);
    });
  }
}

const OPTIONS = { cookie: 'c'.repeat(32), path: process.env.PATH ?? '' };
const NOWHERE = { file: '/nonexistent/self', args: [] };

t.test('a dismissed reaper is gone when close resolves, and does not count as lost', async (t) => {
  const started = await startReaper({ ...OPTIONS, self: NOWHERE });
  if (!started.ok) throw new Error(started.failure);
  t.equal(isRunning(started.value.pid), true);
  await started.value.close(10_000);
  t.equal(isRunning(started.value.pid), false);
  t.equal(started.value.lost(), false);
  await started.value.close();
});

t.test('a reaper that somebody kills is lost, and gives no pipes', async (t) => {
  const started = await startReaper({ ...OPTIONS, self: NOWHERE });
  if (!started.ok) throw new Error(started.failure);
  process.kill(started.value.pid, 'SIGKILL');
  t.ok(await until(() => started.value.lost()));
  t.equal(started.value.takePipes(), null);
});

t.test('SIGTERM, SIGINT and SIGHUP do not end a reaper', async (t) => {
  const started = await startReaper({ ...OPTIONS, self: NOWHERE });
  if (!started.ok) throw new Error(started.failure);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(started.value.pid, signal);
  const pipes = started.value.takePipes();
  t.not(pipes, null, 'it still holds its pipes');
  t.equal(started.value.takePipes(), null, 'one stage at a time');
  t.equal(started.value.lost(), false);
  await started.value.close(10_000);
});

t.test('without a shell and without itself there is no reaper, in words', async (t) => {
  const started = await startReaper({ ...OPTIONS, shell: '/nonexistent/sh', self: NOWHERE });
  t.match(started, { ok: false, failure: /nonexistent\/self.*ENOENT/ });
});

t.test('the cookie is in neither the environment nor the arguments of the reaper', async (t) => {
  const { readFileSync } = await import('node:fs');
  const started = await startReaper({ ...OPTIONS, self: NOWHERE });
  if (!started.ok) throw new Error(started.failure);
  for (const file of ['environ', 'cmdline']) {
    t.notMatch(readFileSync(`/proc/${started.value.pid}/${file}`, 'latin1'), OPTIONS.cookie);
  }
  await started.value.close(10_000);
});
