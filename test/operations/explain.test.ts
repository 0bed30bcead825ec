import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { RunDocument } from '../../src/core/run-document.ts';
import { explain } from '../../src/operations/explain.ts';
import { acquireLock } from '../../src/store/lock/acquire-lock.ts';
import { readProcessIdentity } from '../../src/store/lock/process-identity.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { type SampleRun, sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

const SOURCE = new URL('../../src', import.meta.url).pathname;

interface Explained {
  readonly code: number;
  readonly text: string;
  readonly lines: readonly string[];
  readonly errors: string;
}

async function explained(outDir: string, sample: SampleRun | null): Promise<Explained> {
  if (sample !== null) writeEvidence(outDir, sampleRun(sample));
  const io = recordedIo(outDir);
  const code = await exitCode(explain({ outDir, checkpointPath: null, json: false }, io), io);
  return { code, text: io.written(), lines: io.written().trimEnd().split('\n'), errors: io.errors() };
}

/** Takes the lock of the out_dir in its first argument, says so, and lives on. */
const HOLDER = `
  import { acquireLock } from '${SOURCE}/store/lock/acquire-lock.ts';
  import { readProcessIdentity } from '${SOURCE}/store/lock/process-identity.ts';
  const [dir] = process.argv.slice(1);
  const identity = readProcessIdentity({ pid: process.pid, hostname: '${hostname()}' });
  await acquireLock({
    dir, lockFolder: dir + '/.lock', identity, runId: null, random: () => '0123456789abcdef',
    clock: Date.now, breakToken: null, onLost: () => {},
  });
  setInterval(() => {}, 1000);
  console.log('held');
`;

function takeLock(outDir: string, pid: number, runId: string | null) {
  return acquireLock({
    dir: outDir,
    lockFolder: join(outDir, '.lock'),
    identity: readProcessIdentity({ pid, hostname: hostname() }),
    runId,
    random: () => '0123456789abcdef',
    clock: Date.now,
    breakToken: null,
    onLost: () => {},
  });
}

const failedRun = (log: string | null): SampleRun => ({
  status: 'failed',
  change: (one: RunDocument) => ({
    ...one,
    stage_executions: [
      ...one.stage_executions.filter((record) => record.stage !== 'execution'),
      sampleExecution(one.run_id, {
        status: 'failed',
        exit_code: 7,
        error: 'exited with 7',
        env_withheld: 12,
        stderr: log === null ? null : { log, bytes: 1, kept_bytes: 1, truncated: false },
      }),
    ],
  }),
});

t.test('a blocked run: each closed gate, its code, and what to type', async (t) => {
  const { code, lines } = await explained(t.testdir(), {
    status: 'blocked',
    gates: { ci: 'pending', review: 'missing' },
  });
  t.equal(code, 0);
  t.strictSame(lines, [
    'blocked: GATE_CI_NOT_SUCCESS, GATE_REVIEW_NOT_APPROVED (unauthenticated)',
    '  gate ci is closed: GATE_CI_NOT_SUCCESS, pending, source operator',
    '  gate review is closed: GATE_REVIEW_NOT_APPROVED, missing, source operator',
    'next: orchestrator . --resume --ci-status success --review-status approved',
    '      only when ci really is success and review really is approved',
    'docs: docs/reason-codes.md#gate_ci_not_success, docs/reason-codes.md#gate_review_not_approved; orchestrator help gate_ci_not_success',
  ]);
});

t.test('a changed work tree is named with its paths', async (t) => {
  const { text } = await explained(t.testdir(), { status: 'blocked', alsoBlockedBy: 'worktree' });
  t.match(text, 'the work tree changed since validation: changed src/main.ts');
  t.match(text, 'next: orchestrator . --resume --rerun-from validation');
});

t.test('a changed git setting is named, with the careful way first', async (t) => {
  const { text } = await explained(t.testdir(), { status: 'blocked', alsoBlockedBy: 'git' });
  t.match(text, 'a stage changed what git runs in this repository: added hooks/post-commit');
  t.match(text, 'next: orchestrator . --resume');
});

t.test('a simulated block is called one', async (t) => {
  const { text } = await explained(t.testdir(), { status: 'blocked', alsoBlockedBy: 'simulated' });
  t.match(text, 'asked for with --simulate-blocked');
});

t.test('a failed stage: its record, the end of its log, and what to type, in ten lines', async (t) => {
  const outDir = t.testdir({ logs: {} });
  const log = Array.from({ length: 50 }, (_, index) => `line ${index} \x1b[31m::error::\n`).join('');
  writeFileSync(join(outDir, 'logs', 'execution.1.stderr.log'), `${log}\n\n`);
  const { code, lines, text } = await explained(outDir, failedRun('out:logs/execution.1.stderr.log'));
  t.equal(code, 0);
  t.ok(lines.length <= 10, `${lines.length} lines`);
  t.match(lines[0], 'failed: stage_failed: the executor exited with 7');
  t.match(lines[1], 'execution (executor), attempt 1: failed, exit 7, exited with 7');
  t.strictSame(
    lines.filter((line) => line.startsWith('[execution] ')),
    [45, 46, 47, 48, 49].map((index) => `[execution] line ${index} \\x1b[31m::error::`),
  );
  t.match(text, 'next: orchestrator . --resume\n');
});

t.test('a log outside out_dir is not shown, nor one behind a link, nor one that is gone', async (t) => {
  const outDir = t.testdir({ logs: {} });
  symlinkSync('/etc/passwd', join(outDir, 'logs', 'link'));
  mkdirSync(join(outDir, 'logs', 'folder'));
  for (const log of [
    '/etc/passwd',
    'out:../../../../../../../../etc/passwd',
    'out:logs/link',
    'out:logs/folder',
    'logs/none',
  ]) {
    const { code, text } = await explained(outDir, failedRun(log));
    t.equal(code, 0);
    t.notMatch(text, '[execution]', log);
  }
});

t.test('a run that is interrupted says that it can go on', async (t) => {
  const { text } = await explained(t.testdir(), { status: 'interrupted' });
  t.match(text, /^not finished: /);
  t.match(text, 'next: orchestrator . --resume');
});

const WORKING: SampleRun = {
  status: 'working',
  change: (one) => ({
    ...one,
    intent: {
      stage: 'execution',
      step: 'executor',
      attempt: 2,
      cycle: 0,
      command: 'repo:bin/executor',
      started_at_unix_ms: Date.UTC(2026, 1, 8, 10, 15, 30),
    },
  }),
};

t.test('a run that is being worked on says by whom', async (t) => {
  const outDir = t.testdir();
  const lock = await takeLock(outDir, process.pid, 'r-1');
  if (!lock.ok) throw new Error(lock.failure.message);
  const { code, text } = await explained(outDir, WORKING);
  await lock.value.release();
  t.equal(code, 0);
  t.match(text, /^being worked on: execution, attempt 2, for 30\.0s \(bin\/executor\) \(unauthenticated\)\n/);
  t.match(text, `is held by process ${process.pid} on`);
  t.match(text, 'next: orchestrator explain .\n      wait until it has ended');
});

t.test('a run whose orchestrator was killed says so, and goes on with --resume', async (t) => {
  const outDir = t.testdir();
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, outDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  await once(holder.stdout, 'data');
  t.match((await explained(outDir, WORKING)).text, `is held by process ${holder.pid} on`);
  holder.kill('SIGKILL');
  await gone;
  const { code, text } = await explained(outDir, WORKING);
  t.equal(code, 0);
  t.match(text, 'not finished: it stopped in execution, attempt 2 under way');
  t.match(text, 'its process');
  t.match(text, 'next: orchestrator . --resume');
  const free = await explained(t.testdir(), WORKING);
  t.match(free.text, 'no orchestrator holds the out_dir');
});

t.test('a holder on another host may be gone: the token is named, and when it may be used', async (t) => {
  const outDir = t.testdir();
  const lock = await takeLock(outDir, process.pid, null);
  if (!lock.ok) throw new Error(lock.failure.message);
  const held = join(outDir, '.lock', '1.held');
  const record = readFileSync(held, 'utf8');
  const elsewhere = { boot_id: 'another', hostname: 'another', machine_id: 'another' };
  writeFileSync(held, JSON.stringify({ ...JSON.parse(record), ...elsewhere }));
  const { text } = await explained(outDir, WORKING);
  t.match(text, /^perhaps being worked on/);
  t.match(
    text,
    'next: orchestrator . --resume --break-lock 0123456789abcdef\n      only when no orchestrator works there',
  );
  await lock.value.release();
});

t.test('a done run has nothing left to do, and says how to check it again', async (t) => {
  const { code, lines } = await explained(t.testdir(), {});
  t.equal(code, 0);
  t.equal(lines[0], 'done: closure-ready when it was committed (unauthenticated)');
  t.equal(lines[1], 'next: orchestrator verify .');
  t.match(lines[2], 'nothing is left to do');
});

t.test('evidence that does not hold is exit 1, and no resume is offered', async (t) => {
  const outDir = t.testdir();
  writeEvidence(outDir, sampleRun());
  rmSync(join(outDir, 'audit.jsonl'));
  rmSync(join(outDir, 'orchestrator_run_report.json'));
  const { code, text } = await explained(outDir, null);
  t.equal(code, 1);
  t.match(text, /^not to be trusted: the evidence says done/);
  t.match(text, 'and 1 more: orchestrator verify .');
  t.notMatch(text, /next: .*--resume/);
});

t.test('a checkpoint that cannot be read is exit 1, no run at all exit 2', async (t) => {
  const outDir = t.testdir();
  const none = await explained(outDir, null);
  t.equal(none.code, 2);
  t.match(none.errors, 'expected a checkpoint, found none');
  writeEvidence(outDir, sampleRun());
  truncateSync(join(outDir, 'orchestrator_checkpoint.json'), 5);
  const cut = await explained(outDir, null);
  t.equal(cut.code, 1);
  t.match(cut.text, /^the checkpoint cannot be read: /);
});

t.test('it says the same in JSON', async (t) => {
  const outDir = t.testdir();
  writeEvidence(outDir, sampleRun({ status: 'blocked', gates: { ci: 'pending' } }));
  const io = recordedIo(outDir);
  t.equal(await exitCode(explain({ outDir, checkpointPath: null, json: true }, io), io), 0);
  t.match(JSON.parse(io.written()), {
    verdict: 'blocked: GATE_CI_NOT_SUCCESS',
    log: null,
    next: { command: 'orchestrator . --resume --ci-status success' },
  });
});
