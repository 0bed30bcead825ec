import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createCancellation } from '../../src/process/cancellation.ts';
import type { CommandOutcome, CommandSpec } from '../../src/process/command.ts';
import { type Reaper, startReaper } from '../../src/process/reaper.ts';
import { runCommand } from '../../src/process/run-command.ts';
import { agentPath, commandSpec } from '../fixtures/processes/command-spec.ts';
import { pidsMarked, sleepMarker } from '../fixtures/processes/process-table.ts';

const AGENTS = [
  'leaves-background-child',
  'leaves-session-child',
  'double-forks',
  'ignores-sigterm',
  'drops-environment',
  'forks-200',
  'holds-output',
  'freezes-its-child',
];

type Ending = 'exit' | 'timeout' | 'cancel';
const ENDINGS: readonly Ending[] = ['exit', 'timeout', 'cancel'];
const COOKIE = `cookie-${process.pid}-${Date.now()}`;

if (!existsSync('/proc/self/stat')) {
  t.pass('no /proc here: trees are found by other means', { skip: true });
} else {
  const folder = t.testdir();
  for (const piped of [true, false]) {
    const reaper = piped ? await openReaper() : null;
    for (const agent of AGENTS) {
      for (const ending of ENDINGS) {
        // Gone before anybody can look, it has nothing left but the mark, which a reaper sets where it can.
        if (agent === 'drops-environment' && reaper?.marked !== true) continue;
        t.test(
          `nothing of ${agent} is left after ${ending}, ${piped ? 'with' : 'without'} a reaper`,
          async (t) => {
            const marker = sleepMarker();
            const outcome = await run({ folder, agent, ending, marker, reaper });
            t.strictSame(pidsMarked(marker), [], 'survivors');
            t.match(outcome.end, EXPECTED[ending]);
            t.match(outcome.tree, { survivors: 0, clean_sweeps: 2, method: 'proc' });
            t.ok(outcome.tree.killed >= 1, 'what had to be killed is counted');
          },
        );
      }
    }
    await reaper?.close();
  }
}

const EXPECTED = {
  exit: { kind: 'exited', code: 0 },
  timeout: { kind: 'timed-out' },
  cancel: { kind: 'cancelled', cause: { kind: 'signal', signal: 'SIGTERM' } },
};

async function openReaper(): Promise<Reaper> {
  const started = await startReaper({
    cookie: COOKIE,
    path: process.env.PATH ?? '',
    self: { file: '/nonexistent', args: [] },
  });
  if (!started.ok) throw new Error(started.failure);
  return started.value;
}

interface Case {
  readonly folder: string;
  readonly agent: string;
  readonly ending: Ending;
  readonly marker: string;
  readonly reaper: Reaper | null;
}

/** Timeouts and cancellations strike once the agent has said that its tree is up. */
function run(one: Case): Promise<CommandOutcome> {
  const folder = join(one.folder, `${one.agent}-${one.ending}-${one.reaper === null}`);
  mkdirSync(folder);
  const cancellation = createCancellation();
  const stays: Partial<CommandSpec> = {
    cancellation,
    timeoutMs: one.ending === 'timeout' ? 700 : 60_000,
    onLine: () => {
      if (one.ending === 'cancel') cancellation.cancel({ kind: 'signal', signal: 'SIGTERM' });
    },
  };
  return runCommand(
    commandSpec(folder, {
      ...stays,
      file: agentPath(one.agent),
      args: [one.ending === 'exit' ? 'exit' : 'stay', one.marker],
      graceMs: 150,
      cookie: COOKIE,
      env: { PATH: process.env.PATH ?? '', ORCHESTRATOR_TREES: COOKIE },
      reaper: one.reaper,
    }),
  );
}
