import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { failure } from '../../src/core/failure.ts';
import { createCancellation } from '../../src/process/cancellation.ts';
import type { CommandSpec } from '../../src/process/command.ts';
import { truncationMark } from '../../src/process/log-file.ts';
import { createMask } from '../../src/process/mask.ts';
import { startReaper } from '../../src/process/reaper.ts';
import { runCommand } from '../../src/process/run-command.ts';
import { OUTPUT_ENDS_HERE } from '../../src/process/stream-capture.ts';
import { agentPath, commandSpec } from '../fixtures/processes/command-spec.ts';
import { until } from '../fixtures/processes/process-table.ts';

const shell = (script: string): Pick<CommandSpec, 'file' | 'args'> => ({
  file: '/bin/sh',
  args: ['-c', script],
});

t.test('an exit code is an exit, a signal is a signal', async (t) => {
  const exited = await runCommand(commandSpec(t.testdir(), shell('exit 7')));
  t.match(exited.end, { kind: 'exited', code: 7 });
  t.equal(exited.logFailure, null);
  const killed = await runCommand(commandSpec(t.testdir(), shell('kill -KILL $$')));
  t.match(killed.end, { kind: 'signalled', signal: 'SIGKILL' });
});

t.test('nothing but the given environment reaches the child, and its stdin is closed', async (t) => {
  const folder = t.testdir();
  const spec = commandSpec(folder, { file: '/usr/bin/env', args: ['sh', '-c', 'cat; env'] });
  await runCommand({ ...spec, env: { PATH: process.env.PATH ?? '', ONLY: 'this' } });
  const names = readFileSync(join(folder, 'stdout.log'), 'utf8').match(/^[A-Z]\w+(?==)/gm);
  // The test runner adds NODE_OPTIONS to whatever a test starts.
  t.strictSame(names?.filter((name) => name !== 'NODE_OPTIONS').sort(), ['ONLY', 'PATH', 'PWD']);
});

t.test('arguments arrive exactly as given', async (t) => {
  const folder = t.testdir();
  const args = ['-c', 'printf "<%s>" "$@"', 'sh', '', '-x', 'a b', '$HOME', '007', 'ü"\'\n'];
  await runCommand(commandSpec(folder, { args }));
  t.equal(readFileSync(join(folder, 'stdout.log'), 'utf8'), '<><-x><a b><$HOME><007><ü"\'\n>');
});

t.test('both outputs go to their logs, mode 0600, and arrive as lines', async (t) => {
  const folder = t.testdir();
  const lines: string[] = [];
  const onLine = (stream: string, line: string) => void lines.push(`${stream}: ${line}`);
  const outcome = await runCommand(commandSpec(folder, { ...shell('echo one; printf two >&2'), onLine }));
  t.strictSame(lines.sort(), ['stderr: two', 'stdout: one']);
  t.match(outcome.stdout, { bytes: 4, keptBytes: 4, truncated: false });
  t.equal(readFileSync(join(folder, 'stderr.log'), 'utf8'), 'two');
  t.equal(statSync(join(folder, 'stdout.log')).mode & 0o777, 0o600);
});

t.test('a log is bounded, ends with its mark, and the rest is drained', async (t) => {
  const folder = t.testdir();
  const lines: string[] = [];
  const spec = commandSpec(folder, { ...shell('yes | head -c 300000; exit 3'), maxLogBytes: 5000 });
  const outcome = await runCommand({ ...spec, onLine: (_stream, line) => void lines.push(line) });
  t.match(outcome.end, { code: 3 });
  t.match(outcome.stdout, { bytes: 300_000, keptBytes: 5000, truncated: true });
  const log = readFileSync(join(folder, 'stdout.log'), 'utf8');
  t.equal(log.length, 5000);
  t.ok(log.endsWith(truncationMark(5000)));
  t.equal(lines.at(-1), OUTPUT_ENDS_HERE);
  t.ok(lines.length < 300_000 / 2);
});

t.test('a secret is masked in the log and in lines, also when it comes in two writes', async (t) => {
  const folder = t.testdir();
  const lines: string[] = [];
  const mask = createMask([{ name: 'TOKEN', value: 'tok-123456' }]);
  const spec = commandSpec(folder, { ...shell('printf "a tok-1"; sleep 0.05; echo "23456 b"'), mask });
  await runCommand({ ...spec, onLine: (_stream, line) => void lines.push(line) });
  t.strictSame(lines, ['a *** b']);
  t.equal(readFileSync(join(folder, 'stdout.log'), 'utf8'), 'a *** b\n');
});

t.test('a timeout stays a timeout when the child then exits 0', async (t) => {
  const script = 'trap "exit 0" TERM; while :; do sleep 0.02; done';
  const outcome = await runCommand(
    commandSpec(t.testdir(), { ...shell(script), timeoutMs: 200, graceMs: 20_000 }),
  );
  t.match(outcome.end, { kind: 'timed-out', code: 0, signal: null });
  t.ok(outcome.durationMs < 15_000, 'the grace period ends with the process');
});

t.test('a second signal ends the grace period at once', async (t) => {
  const cancellation = createCancellation();
  const spec = commandSpec(t.testdir(), {
    file: agentPath('ignores-sigterm'),
    args: ['stay', '300'],
    cancellation,
  });
  let cancelled = false;
  const onLine = () => {
    if (cancelled) return;
    cancelled = true;
    cancellation.cancel({ kind: 'signal', signal: 'SIGINT' });
    setTimeout(() => cancellation.cancel({ kind: 'signal', signal: 'SIGTERM' }), 50);
  };
  const outcome = await runCommand({ ...spec, graceMs: 600_000, onLine });
  t.match(outcome.end, { kind: 'cancelled', cause: { signal: 'SIGINT' }, signal: 'SIGKILL' });
});

t.test('a lost lock leaves no grace', async (t) => {
  const cancellation = createCancellation();
  const spec = commandSpec(t.testdir(), {
    file: agentPath('ignores-sigterm'),
    args: ['stay', '300'],
    cancellation,
  });
  const onLine = () => cancellation.cancel({ kind: 'lock-lost', failure: failure('lock_lost', 'gone') });
  const outcome = await runCommand({ ...spec, graceMs: 600_000, onLine });
  t.match(outcome.end, { kind: 'cancelled', cause: { kind: 'lock-lost' }, signal: 'SIGKILL' });
});

t.test('what was cancelled before it started is stopped', async (t) => {
  const cancellation = createCancellation();
  cancellation.cancel({ kind: 'run-timeout', limitMs: 1 });
  const outcome = await runCommand(commandSpec(t.testdir(), { ...shell('sleep 300'), cancellation }));
  t.match(outcome.end, { kind: 'cancelled', cause: { kind: 'run-timeout' }, signal: 'SIGTERM' });
});

t.test('a log that exists is refused, and nothing is started', async (t) => {
  const folder = t.testdir({ 'stderr.log': 'evidence' });
  const outcome = await runCommand(commandSpec(folder, shell('touch started')));
  t.match(outcome.end, { kind: 'spawn-failed', errno: 'ELOG' });
  t.match(outcome.logFailure, /stderr\.log.*EEXIST/);
  t.equal(readFileSync(join(folder, 'stderr.log'), 'utf8'), 'evidence');
  t.equal(statSync(join(folder, 'started'), { throwIfNoEntry: false }), undefined);
});

t.test('a full disk is remembered, and the child still runs to its end', async (t) => {
  const folder = t.testdir();
  const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]).status === 0;
  t.teardown(() => {
    if (mounted) spawnSync('umount', [disk]);
    rmdirSync(disk);
  });
  if (!mounted) {
    t.pass('mounting is not allowed here', { skip: true });
    return;
  }
  const spec = commandSpec(folder, {
    ...shell('yes | head -c 1000000; exit 5'),
    stdoutLog: join(disk, 'log'),
  });
  const outcome = await runCommand(spec);
  t.match(outcome.logFailure, /ENOSPC/);
  t.match(outcome.end, { kind: 'exited', code: 5 });
  t.equal(outcome.stdout.bytes, 1_000_000);
});

t.test('what cannot be started says why', async (t) => {
  const folder = t.testdir({ folder: {}, plain: '#!/bin/sh\n', lost: '#!/nonexistent/interpreter\n' });
  chmodSync(join(folder, 'plain'), 0o644);
  chmodSync(join(folder, 'lost'), 0o755);
  const cases: [Partial<CommandSpec>, string, RegExp][] = [
    [{ file: join(folder, 'missing') }, 'ENOENT', /missing.*ENOENT/],
    [{ file: join(folder, 'folder') }, 'EACCES', /folder.*EACCES/],
    [{ file: join(folder, 'plain') }, 'EACCES', /plain.*EACCES/],
    [{ file: join(folder, 'lost') }, 'ENOENT', /lost exists, but the interpreter/],
    [{ cwd: join(folder, 'nowhere') }, 'ENOENT', /working directory .*nowhere does not exist/],
    [{ args: ['a\0b'] }, 'ERR_INVALID_ARG_VALUE', /null bytes/],
    [{ args: ['x'.repeat(4_000_000)] }, 'E2BIG', /E2BIG/],
  ];
  for (const [at, [more, errno, message]] of cases.entries()) {
    const logs = join(folder, `logs${at}`);
    mkdirSync(logs);
    const outcome = await runCommand({ ...commandSpec(logs), ...more });
    t.match(outcome.end, { kind: 'spawn-failed', errno, message }, errno);
    t.match(outcome.tree, { killed: 0, survivors: 0 });
  }
});

t.test('with a reaper a stage has real pipes', { skip: process.platform !== 'linux' }, async (t) => {
  const folder = t.testdir({ one: {}, two: {} });
  const cookie = 'a'.repeat(32);
  const self = { file: '/nonexistent', args: [] };
  const reaper = await startReaper({ cookie, path: process.env.PATH ?? '', self });
  if (!reaper.ok) throw new Error(reaper.failure);
  const one = join(folder, 'one');
  const first = await runCommand(
    commandSpec(one, { ...shell('echo out >/dev/stdout; echo err >/dev/stderr'), reaper: reaper.value }),
  );
  t.match(first.end, { code: 0 }, 'an output can be opened again by its name');
  t.equal(readFileSync(join(one, 'stderr.log'), 'utf8'), 'err\n');
  const two = join(folder, 'two');
  const second = await runCommand(commandSpec(two, { ...shell('echo two'), reaper: reaper.value }));
  t.match(second.end, { code: 0 });
  t.equal(readFileSync(join(two, 'stdout.log'), 'utf8'), 'two\n', 'nothing of the first stage');
  const failed = await runCommand(
    commandSpec(t.testdir({}), { file: '/nonexistent/x', reaper: reaper.value }),
  );
  t.match(failed.end, { kind: 'spawn-failed' });
  t.not(reaper.value.takePipes(), null, 'the pipes are free again');
  await reaper.value.close();
});

t.test('memory stays flat when a child prints 1 GB without a newline', async (t) => {
  const folder = t.testdir();
  const driver = join(import.meta.dirname, '../fixtures/processes/run-agent.ts');
  const args = [driver, folder, '/bin/sh', agentPath('prints-a-gigabyte')];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'latin1', maxBuffer: 1e9 });
  const peak = Number(/^peak (\d+)$/m.exec(stdout)?.[1]);
  t.ok(peak > 0 && peak < 150_000, `peak of ${peak} kB`);
});

t.test('a descendant that gave up its environment while the stage ran is still one of its own', async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, 'wait'), '');
  const script = '(env -i setsid sleep 300.1 </dev/null >/dev/null 2>&1 & sleep 0.2)';
  const outcome = await runCommand(commandSpec(folder, shell(script)));
  t.equal(outcome.tree.killed, 1);
  t.ok(await until(() => spawnSync('pgrep', ['-f', '^sleep 300.1$']).status === 1));
});
