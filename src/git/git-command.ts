/**
 * The one place that starts git. Every call has a fixed environment, a limit, and an output that is handed on
 * chunk by chunk, so that a repository with 500,000 paths costs no more memory than what its reader keeps.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type GitEnvironment, gitVariables, HARDENED_ARGS } from './git-environment.ts';
import type { Limit } from './limit.ts';
import { displayKey } from './path-bytes.ts';
import type { Transport } from './transport.ts';

/** After SIGTERM, in ms, until SIGKILL; then again until a process that cannot be killed is left behind. */
const GRACE_MS = 250;
const STDERR_BYTES = 8192;

export interface GitCall {
  /** Absolute, see `findGit`. */
  readonly git: string;
  /** Subcommand first. What comes from outside stands behind `--end-of-options` or `--`. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: GitEnvironment;
  /** `GIT_DIR` and what belongs to it. */
  readonly repository: Readonly<Record<string, string>>;
  readonly limit: Limit;
  /** What git reads on its standard input; nothing where it is left out. What it throws is the call's failure. */
  readonly input?: string | Buffer | AsyncIterable<Buffer>;
  /** Exit codes that are an answer beside 0; 1 is one of `check-ignore`. */
  readonly alsoExits?: readonly number[];
  /** `check-ignore` takes none; paths from outside then begin with `./`, so that they are read as they are. */
  readonly literalPathspecs?: false;
  readonly onChunk: (chunk: Buffer) => void;
  /** For the few calls that talk to a remote; every other one can reach none. */
  readonly transport?: Transport;
}

type Ending =
  | { readonly kind: 'closed'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly error: Error }
  | { readonly kind: 'stopped' };

/** Runs git to its end. Gives what it wrote on stderr; `git_failed` for anything but exit 0, `interrupted` when stopped. */
export async function runGit(call: GitCall): Promise<Result<string, Failure>> {
  const doing = `git ${call.args[0] ?? ''} in ${call.cwd}`;
  if (call.limit.signal.aborted) return fail(call.limit.failureOf(doing));
  const child = spawn(call.git, [...argsBefore(call), ...call.args], {
    cwd: call.cwd,
    env: { ...gitVariables(call.environment, call.repository), ...call.transport?.variables },
    stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const complaints: Buffer[] = [];
  let kept = 0;
  child.stdout?.on('data', call.onChunk);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (kept < STDERR_BYTES) complaints.push(chunk.subarray(0, STDERR_BYTES - kept));
    kept += chunk.length;
  });
  const [ending, fed] = await Promise.all([endOf(child, call.limit.signal), feed(child, call.input)]);
  if (fed !== null && ending.kind === 'closed') return fail(failure('git_failed', `${doing}: ${fed}`));
  return verdict(call, ending, Buffer.concat(complaints).toString('latin1'), doing);
}

function argsBefore({ literalPathspecs, transport }: GitCall): readonly string[] {
  if (transport !== undefined) return transport.args;
  if (literalPathspecs !== false) return HARDENED_ARGS;
  return HARDENED_ARGS.filter((argument) => argument !== '--literal-pathspecs');
}

/** Writes the input; why that was not possible, null where git took all of it or has ended before its end. */
async function feed(child: ChildProcess, input: GitCall['input']): Promise<string | null> {
  const { stdin } = child;
  if (input === undefined || stdin === null) return null;
  // Of a git that ends early its exit code is what counts.
  stdin.on('error', () => undefined);
  try {
    const chunks = typeof input === 'string' || Buffer.isBuffer(input) ? [Buffer.from(input)] : input;
    for await (const chunk of chunks) {
      if (stdin.destroyed) return null;
      if (!stdin.write(chunk)) await drained(stdin);
    }
    stdin.end();
    return null;
  } catch (error) {
    killGroup(child, 'SIGKILL');
    return error instanceof Error ? error.message : String(error);
  }
}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    stdin.once('drain', resolve);
    stdin.once('close', resolve);
  });
}

function verdict(call: GitCall, ending: Ending, stderr: string, doing: string): Result<string, Failure> {
  if (ending.kind === 'stopped') return fail(call.limit.failureOf(doing));
  if (ending.kind === 'not-started') {
    return fail(failure('git_failed', `${doing} could not be started: ${ending.error.message}`));
  }
  if (ending.code === 0 || call.alsoExits?.includes(ending.code ?? -1) === true) return ok(stderr);
  const how = ending.signal === null ? `exit code ${ending.code}` : `signal ${ending.signal}`;
  const said = displayKey(stderr.trim().split('\n').slice(-2).join(' | '));
  return fail(
    failure(
      'git_failed',
      `${doing} ended with ${how}, expected exit code 0${said === '' ? '' : `: ${said}`}`,
      {
        remedy: 'repair the repository (git fsck, git status), then --resume',
      },
    ),
  );
}

/** Waits for the end; on abort the process group gets SIGTERM, SIGKILL, and is waited for no longer than needed. */
function endOf(child: ChildProcess, signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (ending: Ending): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(ending);
    };
    const giveUp = (): void => {
      killGroup(child, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      timer = setTimeout(() => settle({ kind: 'stopped' }), GRACE_MS);
    };
    const onAbort = (): void => {
      killGroup(child, 'SIGTERM');
      timer = setTimeout(giveUp, GRACE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (error) => settle({ kind: 'not-started', error }));
    child.once('close', (code, by) => {
      if (signal.aborted) killGroup(child, 'SIGKILL');
      settle(signal.aborted ? { kind: 'stopped' } : { kind: 'closed', code, signal: by });
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid === undefined || process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already: that is what was wanted.
  }
}

/** A reader for `-z` output: calls back with each record's bytes as a key, whatever the chunks are cut at. */
export function nulRecords(onRecord: (key: string) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, from)) {
      const piece = chunk.subarray(from, at);
      onRecord(
        rest.length === 0 ? piece.toString('latin1') : Buffer.concat([...rest, piece]).toString('latin1'),
      );
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  };
}
