import type { Failure } from '../core/failure.ts';
import type { Observe } from '../core/observation.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { OutputOptions, RunRequest } from '../core/run-plan.ts';
import { namesCollector } from '../core/telemetry/otel-variables.ts';
import { run } from '../operations/run/run.ts';
import type { Telemetry } from '../operations/telemetry/telemetry.ts';
import { createCancellation } from '../process/cancellation.ts';
import { closeInheritedDescriptors } from '../process/inherited-descriptors.ts';
import { placeSeenFrom } from '../render/evidence-place.ts';
import { oneLine } from '../render/harmless.ts';
import { createProgress } from '../render/progress/create-progress.ts';
import type { ProgressMode } from '../render/progress/progress.ts';
import { systemClock } from '../system/clock.ts';
import { randomHex } from '../system/ids.ts';
import { isUnicodeLocale, wantsColor } from '../system/terminal.ts';
import { VERSION } from '../system/version.ts';
import type { CliContext } from './operations.ts';

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What happens to the terminal, or to this process on it, while something is drawn there. */
export interface ScreenEvents {
  readonly onResize: (listener: () => void) => void;
  /** `before` is called before a SIGTSTP stops this process, `after` when it goes on. */
  readonly onStop: (listener: { readonly before: () => void; readonly after: () => void }) => void;
  /** However this process ends by itself, an internal error included. */
  readonly onExit: (listener: () => void) => void;
}

/** What a run needs of this process beside the context of every command. */
export interface RunCommandLine {
  readonly argv: readonly string[];
  readonly context: CliContext;
  /** Whether stdout is a terminal. */
  readonly isTty: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly screen: ScreenEvents;
  /** Bytes that stdout has not passed on yet. */
  readonly backlog: () => number;
  readonly onSignal: (signal: (typeof STOP_SIGNALS)[number] | 'SIGXFSZ', listener: () => void) => void;
  readonly pid: number;
  readonly hostname: string;
  /** How this program is started as its own reaper, and as the process that sends telemetry. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
  readonly sender: { readonly file: string; readonly args: readonly string[] };
}

/** `orchestrator [out_dir]`: progress, signals, and the run itself; gives its exit code. */
export async function runCommandLine(
  request: RunRequest,
  line: RunCommandLine,
): Promise<Result<number, Failure>> {
  const cancellation = createCancellation();
  const { env, cwd } = line.context;
  const { output } = request;
  const mode = progressMode(output, line);
  const progress = createProgress({
    mode,
    write: line.context.stdout,
    // A frame that the terminal does not take would only pile up.
    isBehind: () => line.backlog() > 0,
    columns: line.columns,
    rows: line.rows,
    color: wantsColor({ env, isTty: line.isTty, asked: output.color }),
    unicode: isUnicodeLocale(env),
    now: systemClock.now,
    verbose: output.verbose,
    groups: env.GITHUB_ACTIONS === 'true',
    place: placeSeenFrom(cwd, request),
  });
  if (mode === 'terminal') {
    line.screen.onResize(progress.redraw);
    line.screen.onStop({ before: progress.hide, after: progress.redraw });
    line.screen.onExit(progress.close);
  }
  // A write over the file size limit fails and is told. The lock's heartbeat brings along a library that makes the
  // signal fatal where nobody else listens.
  line.onSignal('SIGXFSZ', () => {});
  const telemetry = await telemetryOf(line);
  let hasEnded = false;
  for (const signal of STOP_SIGNALS) {
    line.onSignal(signal, () => {
      if (hasEnded) return telemetry?.stop();
      const text = `${signal}: stopping what runs; once more ends it at once`;
      if (cancellation.cause() === null) progress.observe({ type: 'notice', text });
      cancellation.cancel({ kind: 'signal', signal });
    });
  }
  try {
    const end = await run(request, {
      clock: systemClock,
      random: randomHex,
      env,
      argv: line.argv,
      cwd,
      version: VERSION,
      pid: line.pid,
      hostname: line.hostname,
      self: line.self,
      closeInherited: closeInheritedDescriptors,
      observe: sparing(progress.observe, line.backlog),
      listener: telemetry,
      watchesOutput: output.verbose ? 'every' : mode === 'terminal' ? 'last' : 'none',
      cancellation,
    });
    hasEnded = true;
    progress.close();
    const notice = (await telemetry?.finish()) ?? null;
    if (notice !== null && !output.quiet) line.context.stderr(`orchestrator: ${oneLine(notice, 400)}\n`);
    return end.refused === null ? ok(end.exitCode) : fail(end.refused);
  } finally {
    progress.close();
  }
}

/** Loaded, and its process started, only where a collector is named. */
async function telemetryOf({ context: { env }, sender }: RunCommandLine): Promise<Telemetry | null> {
  if (!namesCollector(env)) return null;
  const { openTelemetry } = await import('../operations/telemetry/telemetry.ts');
  return openTelemetry({ env, clock: systemClock, version: VERSION, self: sender });
}

/** What stages print may be passed over while nobody reads stdout; the logs have it all the same. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

/** Echoes what stages print only as fast as it is read: otherwise it would pile up in memory. */
function sparing(observe: Observe, backlog: () => number): Observe {
  let passedOver = 0;
  return (observation) => {
    if (observation.type === 'attempt-output' && backlog() > MAX_BACKLOG_BYTES) {
      passedOver += 1;
      return;
    }
    if (passedOver > 0) {
      const text = `${passedOver} lines were not echoed, because stdout was not read: they are in the logs`;
      passedOver = 0;
      observe({ type: 'notice', text });
    }
    observe(observation);
  };
}

function progressMode(output: OutputOptions, line: RunCommandLine): ProgressMode {
  if (output.json) return 'json';
  if (output.quiet) return 'quiet';
  const { CI: ci = '', TERM: term } = line.context.env;
  return line.isTty && ci === '' && term !== 'dumb' ? 'terminal' : 'plain';
}
