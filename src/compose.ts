import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { isSea } from 'node:sea';
import type { CliContext, Operations } from './cli/operations.ts';
import type { ScreenEvents } from './cli/run-command-line.ts';
import type { OperationIo } from './operations/evidence/operation-io.ts';
import { isUnicodeLocale, keepBack, wantsColor } from './system/terminal.ts';

/** How this program is started as its own reaper, where there is no shell. */
const REAPER_ARGUMENT = '__reaper';

/** How this program is started as the process that sends telemetry. */
const SENDER_ARGUMENT = '__telemetry';

/** What is printed is for people; the verdict is on disk and in the exit code. */
const DRAIN_LIMIT_MS = 2_000;

/** What is known of this process while it works. */
interface Session {
  /** What a fatal error calls before it says anything. */
  readonly leaving: Set<() => void>;
  isRun: boolean;
  /** Why something could not be written to stdout. */
  unwritten: Error | null;
}

/**
 * The composition root: ties the command line to what it needs of this process. The only other file that reads
 * `process` is `main.ts`.
 */
export async function compose(argv: readonly string[]): Promise<void> {
  const { env } = process;
  const verbose = argv.includes('--verbose');
  const session: Session = { leaving: new Set(), isRun: false, unwritten: null };
  const { leaving } = session;
  process.on('uncaughtException', (error) => fatal(error, verbose, leaving));
  process.on('unhandledRejection', (error) => fatal(error, verbose, leaving));
  // A reader that went away, or a full disk behind it: what cannot be told is lost, the run goes on.
  process.stdout.on('error', (error) => {
    session.unwritten ??= error;
  });
  const stderr = lazyStderr();
  const mark = env.ORCHESTRATOR_REAPER;
  if (argv[0] === REAPER_ARGUMENT && mark !== undefined) {
    const { runReaperProcess } = await import('./process/reaper-process.ts');
    const { systemClock } = await import('./system/clock.ts');
    await runReaperProcess({ mark, input: process.stdin, output: process.stdout, clock: systemClock });
    process.exitCode = 0;
    return;
  }
  if (argv[0] === SENDER_ARGUMENT && env.ORCHESTRATOR_TELEMETRY !== undefined) {
    const { runOtlpSender } = await import('./system/otlp-sender.ts');
    await runOtlpSender({ input: process.stdin, write: (line) => void process.stdout.write(line) });
    process.exit(0);
  }
  const refusal = refusedStart(argv);
  if (refusal !== null) {
    stderr.write(`orchestrator: ${refusal}\n`);
    process.exitCode = 2;
    return;
  }
  const { dispatch } = await import('./cli/dispatch.ts');
  const context = cliContext(stderr.write);
  process.exitCode = await dispatch({ argv, context, operations: operationsOf(argv, context, session) });
  if (!session.isRun) process.exitCode = tellUnwritten(process.exitCode, session.unwritten, stderr.write);
  // Nothing is left to do, and ending here spares the runtime's own tidying up.
  if (process.stdout.writableLength === 0 && stderr.backlog() === 0) process.exit();
  // What a run says is in its evidence: a reader that has stalled gets a moment for the rest, and for a refusal. Of any
  // other command it is the result, which is not cut while somebody is there to read it.
  if (session.isRun || process.stdout.writableLength === 0)
    setTimeout(() => process.exit(), DRAIN_LIMIT_MS).unref();
}

/** A result that could not be written is none, and never exit 0. A reader that has gone away wants no more of it. */
function tellUnwritten(code: number, before: Error | null, tell: (text: string) => void): number {
  // The runtime forgets an error of stdout a tick later: it stays open for the next write.
  const errored = before ?? process.stdout.errored;
  if (errored === null || ('code' in errored && errored.code === 'EPIPE')) return code;
  tell(`orchestrator: what was to be printed could not be written: ${errored.message}\n`);
  return code === 0 ? 1 : code;
}

/** What no command can work with, in words; null where there is nothing of that kind. */
function refusedStart(argv: readonly string[]): string | null {
  try {
    process.cwd();
  } catch {
    return 'the working directory does not exist any more; change to one that does';
  }
  // The runtime has put U+FFFD in the place of what it could not read: such an argument would arrive changed.
  const damaged = argv.findIndex((one) => one.includes('\ufffd'));
  if (damaged === -1 || isUtf8File('/proc/self/cmdline')) return null;
  const flag = [argv[damaged], argv[damaged - 1]].find((one) => one?.startsWith('--') === true);
  const word = flag?.split('=')[0];
  // Only what looks like a flag of ours is repeated: anything else could be a secret, or act on a terminal.
  const name = word !== undefined && /^--[a-z-]{1,40}$/.test(word) ? word : undefined;
  return `${name ?? `argument ${damaged + 1}`}: expected UTF-8, got other bytes`;
}

function isUtf8File(path: string): boolean {
  try {
    return isUtf8(readFileSync(path));
  } catch {
    return false;
  }
}

/** A bug: one line, and the stack for those who ask for it. */
function fatal(error: unknown, verbose: boolean, leaving: ReadonlySet<() => void>): never {
  const text = error instanceof Error ? error.message : String(error);
  const hint = verbose ? '' : ' (run again with --verbose for the stack)';
  const line = `orchestrator: internal error: ${text.replaceAll(/\s+/g, ' ')}${hint}\n`;
  const stack = verbose && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  try {
    // What is live on the terminal goes first: it would be drawn over.
    for (const leave of leaving) leave();
    process.stderr.write(line + stack);
  } finally {
    process.exit(1);
  }
}

/** Most commands say nothing there, and opening a stream costs a start some milliseconds. */
function lazyStderr(): { readonly write: (text: string) => void; readonly backlog: () => number } {
  let isOpen = false;
  return {
    write: (text) => {
      if (!isOpen) {
        process.stderr.on('error', () => {});
        keepBack(process.stderr);
      }
      isOpen = true;
      process.stderr.write(text);
    },
    backlog: () => (isOpen ? process.stderr.writableLength : 0),
  };
}

function cliContext(stderr: (text: string) => void): CliContext {
  return {
    cwd: process.cwd(),
    env: process.env,
    columns: process.stdout.columns ?? null,
    script: process.argv[1] ?? process.execPath,
    stdout: (text) => void process.stdout.write(text),
    stderr,
  };
}

function operationIo(context: CliContext): OperationIo {
  return {
    stdout: context.stdout,
    stderr: context.stderr,
    cwd: context.cwd,
    env: context.env,
    now: Date.now,
    pid: process.pid,
    hostname: hostname(),
    tmpdir: tmpdir(),
    color: wantsColor({ env: context.env, isTty: process.stdout.isTTY === true, asked: null }),
    unicode: isUnicodeLocale(context.env),
  };
}

/** Every operation loads what it needs when it is called. */
function operationsOf(argv: readonly string[], context: CliContext, session: Session): Operations {
  return {
    run: async (request) => {
      const { runCommandLine } = await import('./cli/run-command-line.ts');
      const { stdout } = process;
      session.isRun = true;
      keepBack(stdout);
      return runCommandLine(request, {
        argv,
        context,
        isTty: stdout.isTTY === true,
        columns: () => stdout.columns ?? 0,
        rows: () => stdout.rows ?? 0,
        screen: screenEvents(session.leaving),
        backlog: () => stdout.writableLength,
        onSignal: (signal, listener) => {
          process.on(signal, listener);
        },
        pid: process.pid,
        hostname: hostname(),
        self: selfAs(REAPER_ARGUMENT),
        sender: selfAs(SENDER_ARGUMENT),
      });
    },
    dryRun: async (request) => (await import('./operations/dry-run.ts')).dryRun(request, context),
    report: async (request, its) =>
      (await import('./operations/report.ts')).report(request, operationIo(its)),
    explain: async (request, its) =>
      (await import('./operations/explain.ts')).explain(request, operationIo(its)),
    verify: async (request, its) =>
      (await import('./operations/verify.ts')).verify(request, operationIo(its)),
    approve: async (request, its) => {
      const { approve } = await import('./operations/approve.ts');
      const { userName } = await import('./system/host.ts');
      return approve(request, { ...operationIo(its), user: userName() });
    },
    doctor: async (request) => {
      const { doctorCommandLine } = await import('./cli/doctor-command-line.ts');
      return doctorCommandLine(request, {
        context,
        isTty: process.stdout.isTTY === true,
        onSignal: (signal, listener) => void process.on(signal, listener),
        pid: process.pid,
        self: selfAs(REAPER_ARGUMENT),
        platform: process.platform,
        tmpdir: tmpdir(),
      });
    },
    ...housekeeping(),
    printConfig: async (request, its) => (await config()).printConfig(request, its),
    configValidate: async (request, its) => (await config()).configValidate(request, its),
    configPrint: async (request, its) => (await config()).configPrint(request, its),
    configInit: async (request, its) => (await config()).configInit(request, its),
    schema: async (name, its) => (await config()).schema(name, its),
  };
}

/** The operations on many runs. */
function housekeeping(): Pick<Operations, 'list' | 'diff' | 'clean'> {
  return {
    list: async (request, its) =>
      (await import('./operations/list.ts')).list(request, { ...operationIo(its), columns: its.columns }),
    diff: async (request, its) => (await import('./operations/diff.ts')).diff(request, operationIo(its)),
    clean: async (request, its) => {
      const { clean } = await import('./operations/clean.ts');
      const { randomHex } = await import('./system/ids.ts');
      return clean(request, { ...operationIo(its), random: () => randomHex(8) });
    },
  };
}

/** `leaving` is what a fatal error calls before it says anything. */
function screenEvents(leaving: Set<() => void>): ScreenEvents {
  return {
    onResize: (listener) => void process.stdout.on('resize', listener),
    onExit: (listener) => {
      leaving.add(listener);
      process.on('exit', listener);
    },
    onStop: ({ before, after }) => {
      const stop = (): void => {
        before();
        // Without a listener the signal does what it always does; in an orphaned process group that is nothing.
        process.removeListener('SIGTSTP', stop);
        process.kill(process.pid, 'SIGTSTP');
        process.on('SIGTSTP', stop);
        after();
      };
      process.on('SIGTSTP', stop);
      // Also of a SIGSTOP, which nobody can hear coming.
      process.on('SIGCONT', after);
    },
  };
}

async function config() {
  const { CONFIG_OPERATIONS } = await import('./cli/config-operations.ts');
  return CONFIG_OPERATIONS;
}

/** From source, and as an npm package, the runtime needs to be told which script this program is. */
function selfAs(argument: string): { readonly file: string; readonly args: readonly string[] } {
  const script = process.argv[1];
  const args = isSea() || script === undefined ? [argument] : [script, argument];
  return { file: process.execPath, args };
}
