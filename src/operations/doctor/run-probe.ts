import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeEnd } from '../../core/doctor/judge-stage.ts';
import { unreachable } from '../../core/unreachable.ts';
import { createCancellation } from '../../process/cancellation.ts';
import type { CommandOutcome, CommandSandbox } from '../../process/command.ts';
import type { Reaper } from '../../process/reaper.ts';
import { runCommand } from '../../process/run-command.ts';
import type { Scene } from './scene.ts';

/** One start of a program under the limits of a stage. */
export interface ProbeRun {
  /** Names its logs in `scratch`; each name once. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: CommandSandbox | null;
  readonly reaper: Reaper;
  /** A folder of ours for logs. */
  readonly scratch: string;
  /** Until SIGTERM, ms. */
  readonly limitMs: number;
}

/** How it ended. */
export interface ProbeOutcome {
  readonly end: ProbeEnd;
  /** Until its own process had ended, ms. */
  readonly durationMs: number;
  /** What it printed on stdout, masked and bounded. */
  readonly stdout: string;
  /** The last line that it printed, of stderr before stdout; null where it said nothing. */
  readonly lastLine: string | null;
}

/** What a probe may print, in bytes. */
const MAX_LOG_BYTES = 64 * 1024;
/** The limit here is a cancellation of ours: it says when SIGTERM was sent. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** Nothing more is started once this command is being stopped; its caller says why. */
const INTERRUPTED: ProbeOutcome = {
  end: { kind: 'not-started', message: 'this command was interrupted' },
  durationMs: 0,
  stdout: '',
  lastLine: null,
};

/** Starts it, sends SIGTERM after `limitMs`, and returns when nothing of it is left. */
export async function runProbe(scene: Scene, run: ProbeRun): Promise<ProbeOutcome> {
  const { ports, plan, secrecy, watch } = scene;
  const { name, scratch, limitMs, ...start } = run;
  if (ports.cancellation.cause() !== null) return INTERRUPTED;
  const cancellation = createCancellation();
  let stoppedAt: number | null = null;
  const stop = () => {
    stoppedAt ??= ports.clock.monotonic();
    cancellation.cancel({ kind: 'run-timeout', limitMs });
  };
  const timer = setTimeout(stop, limitMs);
  const unsubscribe = ports.cancellation.onCancel(() => {
    stop();
    if (ports.cancellation.immediate()) cancellation.killNow();
  });
  const log = (stream: string) => join(scratch, `${name}.${stream}`);
  try {
    const outcome = await runCommand({
      ...start,
      ...{ cwd: plan.repoRoot, cancellation, clock: ports.clock, cookie: watch.cookie, mask: secrecy.mask },
      ...{ timeoutMs: NO_LIMIT_MS, graceMs: plan.killGraceMs, maxLogBytes: MAX_LOG_BYTES, onLine: null },
      ...{ stdoutLog: log('stdout'), stderrLog: log('stderr') },
    });
    const tookMs = stoppedAt === null ? 0 : Math.round(ports.clock.monotonic() - stoppedAt);
    const { durationMs } = outcome;
    const [stdout, stderr] = [readFileSync(log('stdout'), 'utf8'), readFileSync(log('stderr'), 'utf8')];
    const lastLine = lastLineOf(stderr) ?? lastLineOf(stdout);
    return { end: endOf(outcome, tookMs), durationMs, stdout, lastLine };
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}

function lastLineOf(text: string): string | null {
  return text.split('\n').findLast((line) => line.trim() !== '') ?? null;
}

function endOf({ end, tree }: CommandOutcome, tookMs: number): ProbeEnd {
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code };
    case 'signalled':
      return { kind: 'signalled', signal: end.signal };
    case 'spawn-failed':
      return { kind: 'not-started', message: end.message };
    case 'timed-out':
    case 'cancelled':
      return { kind: 'stopped', code: end.code, signal: end.signal, tookMs, survivors: tree.survivors };
    default:
      return unreachable(end);
  }
}
