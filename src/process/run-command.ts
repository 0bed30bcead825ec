import { unreachable } from '../core/unreachable.ts';
import type { CancelCause } from './cancellation.ts';
import type { CommandEnd, CommandOutcome, CommandSpec, StreamName } from './command.ts';
import { endTree } from './end-tree.ts';
import { createLogFile, type LogFile } from './log-file.ts';
import { explainStart, notStarted } from './not-started.ts';
import { findProcesses, stageScope } from './process-tree.ts';
import { launchOf } from './sandbox/launch.ts';
import { readSandboxStatus } from './sandbox/sandbox-status.ts';
import { type StartedChild, type StartFailure, startChild } from './start-child.ts';
import { captureStream, type StreamCapture } from './stream-capture.ts';
import { watchTree } from './watch-tree.ts';

/** How long the outputs may stay open once nobody of the tree is left, ms. */
const OUTPUT_LIMIT_MS = 500;

/**
 * Runs a binary and returns when nothing of its process tree is left (spec/orchestrate.md section 4). The end
 * is that of the process, not of its outputs; then, whatever the exit code, what is left gets SIGTERM, the
 * grace period and SIGKILL. Never rejects for what a child or a disk does.
 */
export async function runCommand(spec: CommandSpec): Promise<CommandOutcome> {
  const startedAtMs = spec.clock.now();
  const startedMono = spec.clock.monotonic();
  const logs = openLogs(spec);
  const elapsed = () => Math.round(spec.clock.monotonic() - startedMono);
  if ('message' in logs)
    return notStarted(logs, { startedAtMs, durationMs: elapsed(), logFailure: logs.message });
  const launch = launchOf(spec);
  const captures = captureBoth(spec, logs);
  const pipes = spec.reaper?.takePipes() ?? null;
  try {
    const child = await startChild({
      ...launch,
      pipes,
      ...(spec.stdin === undefined ? {} : { stdin: spec.stdin }),
      onStdout: captures.stdout.take,
      onStderr: (chunk) => {
        launch.hear(chunk);
        captures.stderr.take(chunk);
      },
    });
    if ('errno' in child) {
      const totals = endCaptures(captures, logs);
      return {
        ...notStarted(explainStart(spec, child), { startedAtMs, durationMs: elapsed(), logFailure: null }),
        ...totals,
      };
    }
    const supervised = await supervise(spec, child, startedMono);
    await child.closeOutput(OUTPUT_LIMIT_MS);
    const end = launch.judge(supervised.end, child.reported());
    return { ...supervised, end, startedAtMs, ...endCaptures(captures, logs) };
  } finally {
    if (pipes !== null) spec.reaper?.returnPipes();
  }
}

interface Logs {
  readonly stdout: LogFile;
  readonly stderr: LogFile;
}

function openLogs(spec: CommandSpec): Logs | StartFailure {
  const stdout = createLogFile(spec.stdoutLog, spec.maxLogBytes);
  if (!stdout.ok) return { errno: 'ELOG', message: stdout.failure };
  const stderr = createLogFile(spec.stderrLog, spec.maxLogBytes);
  if (stderr.ok) return { stdout: stdout.value, stderr: stderr.value };
  stdout.value.close();
  return { errno: 'ELOG', message: stderr.failure };
}

interface Captures {
  readonly stdout: StreamCapture;
  readonly stderr: StreamCapture;
}

function captureBoth(spec: CommandSpec, logs: Logs): Captures {
  const capture = (name: StreamName) => {
    const { onLine, lines = 'every' } = spec;
    const digest = name === 'stdout' && spec.digestStdout === true;
    const toLine = onLine === null ? null : (line: string) => onLine(name, line);
    return captureStream({ log: logs[name], mask: spec.mask, onLine: toLine, lines, digest });
  };
  return { stdout: capture('stdout'), stderr: capture('stderr') };
}

function endCaptures(
  captures: Captures,
  logs: Logs,
): Pick<CommandOutcome, 'stdout' | 'stderr' | 'logFailure'> {
  const totals = { stdout: captures.stdout.end(), stderr: captures.stderr.end() };
  return { ...totals, logFailure: logs.stdout.failure() ?? logs.stderr.failure() };
}

type Cause = { readonly kind: 'timeout' } | { readonly kind: 'cancel'; readonly cause: CancelCause };

/** Waits for the first of exit, time limit and cancellation; then ends the tree. */
async function supervise(
  spec: CommandSpec,
  child: StartedChild,
  sinceMs: number,
): Promise<Pick<CommandOutcome, 'end' | 'durationMs' | 'tree'>> {
  const elapsed = () => Math.round(spec.clock.monotonic() - sinceMs);
  const finder = findProcesses(spec.clock);
  const root = finder.identify(child.pid) ?? { pid: child.pid, start: 0 };
  spec.reaper?.track(root, child.links);
  const reaperPid = spec.reaper?.pid ?? null;
  const scope = stageScope({
    root,
    cookie: spec.cookie,
    links: child.links,
    marked: spec.reaper?.marked ?? false,
    reaperPid,
  });
  let endedAfter: number | null = null;
  child.onEnd(() => {
    endedAfter = elapsed();
  });
  const watch = watchTree({ finder, scope, onStrayed: (members) => spec.reaper?.strayed(members) });
  const cause = await firstCause(spec, child);
  watch.stop();
  const tree = await endTree({
    finder,
    scope,
    graceMs: spec.graceMs,
    clock: spec.clock,
    sinceMs,
    ...(spec.sweepMemory === undefined ? {} : { memory: spec.sweepMemory }),
    uncounted: () => readSandboxStatus(child.reported()).init,
    rootEnded: () => child.end() !== null,
    immediate: spec.cancellation.immediate,
    onWake: (listener) => {
      const unsubscribes = [child.onEnd(listener), spec.cancellation.onCancel(listener)];
      return () => {
        for (const unsubscribe of unsubscribes) unsubscribe();
      };
    },
  });
  spec.reaper?.release();
  return { end: commandEnd(child, cause), durationMs: endedAfter ?? elapsed(), tree };
}

/** Null: the process ended by itself. The first cause wins, also over an exit 0 in the grace period. */
function firstCause(spec: CommandSpec, child: StartedChild): Promise<Cause | null> {
  return new Promise((resolve) => {
    const settle = (cause: Cause | null) => {
      clearTimeout(timer);
      stopWaiting();
      stopListening();
      resolve(cause);
    };
    const onCancel = () => {
      const cause = spec.cancellation.cause();
      if (cause !== null) settle({ kind: 'cancel', cause });
    };
    const timer = setTimeout(() => settle({ kind: 'timeout' }), spec.timeoutMs);
    const stopWaiting = child.onEnd(() => settle(null));
    const stopListening = spec.cancellation.onCancel(onCancel);
    if (child.end() !== null) settle(null);
    else onCancel();
  });
}

function commandEnd(child: StartedChild, cause: Cause | null): CommandEnd {
  const end = child.end() ?? { code: null, signal: null };
  if (cause === null) {
    if (end.code !== null) return { kind: 'exited', code: end.code };
    return { kind: 'signalled', signal: end.signal ?? 'unknown' };
  }
  switch (cause.kind) {
    case 'timeout':
      return { kind: 'timed-out', ...end };
    case 'cancel':
      return { kind: 'cancelled', cause: cause.cause, ...end };
    default:
      return unreachable(cause);
  }
}
