import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../core/result.ts';
import { createProcReader, type ProcessIdentity } from './process-stat.ts';
import { REAPER_SCRIPT } from './reaper-script.ts';
import { closeStagePipe, openStagePipe, type StagePipe } from './stage-pipes.ts';
import { hasMark, treeMark } from './tree-mark.ts';

/**
 * A process of its own that outlives this one by what it takes to end our children, should this one be killed
 * (`kill -9`). It is started before any agent and knows what to look for before there is anything to find.
 */
export interface Reaper {
  readonly pid: number;
  /** Whether this process now has the cookie's mark, and hands it on to what it starts (`tree-mark.ts`). */
  readonly marked: boolean;
  /** The stage's process has been started: its group and session, and its ends of the output. */
  readonly track: (root: ProcessIdentity, links: readonly string[]) => void;
  /** Processes of the stage that have left its group; each call replaces the list. */
  readonly strayed: (members: readonly ProcessIdentity[]) => void;
  /** Nothing of the stage is left. */
  readonly release: () => void;
  /** Real pipes for one stage at a time; null when they are in use or this system does not give them. */
  readonly takePipes: () => readonly [StagePipe, StagePipe] | null;
  readonly returnPipes: () => void;
  /** True when it has ended without being asked to: `kill -9` is not covered any more. */
  readonly lost: () => boolean;
  /** Sends it away. Resolves when it is gone, after `limitMs` (200) at the latest. */
  readonly close: (limitMs?: number) => Promise<void>;
}

export interface ReaperOptions {
  /** This invocation's mark on its processes; never in the reaper's own environment or arguments. */
  readonly cookie: string;
  /** The caller's PATH, to find grep, ls and sleep on. */
  readonly path: string;
  /** How to start this program as a reaper (`runReaperProcess`), where there is no usable `sh`. */
  readonly self: { readonly file: string; readonly args: readonly string[] };
  /** The shell to try first; null goes straight to `self`. */
  readonly shell?: string | null;
}

const READY_LIMIT_MS = 5_000;

/**
 * Starts the reaper and resolves when it is ready: no agent may start before. The failure, in words, means that
 * there is none, and that nothing should be started.
 */
export async function startReaper(options: ReaperOptions): Promise<Result<Reaper, string>> {
  const shell = options.shell === undefined ? defaultShell() : options.shell;
  if (shell !== null) {
    const started = await startFrom({ file: shell, args: ['-c', REAPER_SCRIPT] }, options);
    if (started.ok) return started;
  }
  return startFrom(options.self, options);
}

function defaultShell(): string | null {
  return process.platform === 'win32' ? null : '/bin/sh';
}

async function startFrom(
  command: ReaperOptions['self'],
  options: ReaperOptions,
): Promise<Result<Reaper, string>> {
  const mark = treeMark(options.cookie);
  const child: ChildProcess = spawn(command.file, command.args, {
    cwd: '/',
    // PATH first: the script checks with the mark behind it whether grep looks behind a NUL byte.
    env: { PATH: `${options.path}:/usr/bin:/bin`, ORCHESTRATOR_REAPER: mark, LC_ALL: 'C' },
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { stdin, stdout, pid } = child;
  // Out of descriptors there are no streams either, and the error comes later: it has to be waited for.
  if (pid === undefined || !stdin || !stdout) {
    const problem = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
    });
    return fail(`the reaper (${command.file}) did not start: ${problem}`);
  }
  // Writes to a reaper that is gone fail here; `lost` tells.
  stdin.on('error', () => {});
  stdin.write(`cookie ${options.cookie}\n`);
  const problem = await waitUntilReady(child, stdout);
  stdout.destroy();
  if (problem !== null) {
    stdin.destroy();
    return fail(`the reaper (${command.file}) did not start: ${problem}`);
  }
  child.unref();
  if ('unref' in stdin) (stdin as Socket).unref(); // A piped stdin of a child is a net.Socket.
  return ok(createReaper(child, { pid, marked: isMarked(mark), stdin: stdin as Socket }));
}

/** Null when it said `ready`, else what it said or did. */
function waitUntilReady(child: ChildProcess, stdout: Readable): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(`silent for ${READY_LIMIT_MS} ms`);
    }, READY_LIMIT_MS);
    const settle = (problem: string | null) => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code) => settle(`exit ${code} ${said.trim()}`));
    stdout.on('error', () => {});
    stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (said.startsWith('ready')) settle(null);
      else if (said.includes('\n')) settle(said.trim());
    });
  });
}

interface ReaperParts {
  readonly pid: number;
  readonly marked: boolean;
  readonly stdin: Socket;
}

function createReaper(child: ChildProcess, parts: ReaperParts): Reaper {
  const { pid, stdin } = parts;
  let inUse = false;
  let closing = false;
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  const say = (line: string) => {
    if (!gone() && !closing) stdin.write(`${line}\n`);
  };
  return {
    pid,
    marked: parts.marked,
    track: (root, links) => say(['track', root.pid, ...links.map(plainLink)].join(' ')),
    strayed: (members) => say(['strayed', ...members.map((one) => `${one.pid}:${one.start}`)].join(' ')),
    release: () => say('release'),
    takePipes: () => {
      if (inUse || gone()) return null;
      const pipes = openPair(pid);
      inUse = pipes !== null;
      return pipes;
    },
    returnPipes: () => {
      inUse = false;
    },
    lost: () => gone() && !closing,
    close: (limitMs = 200) => {
      if (gone() || closing) return Promise.resolve();
      closing = true;
      stdin.end('bye\n');
      return waitUntilGone(child, limitMs);
    },
  };
}

/** `pipe:[123]` → `pipe:123`: brackets mean something to a shell and to grep. */
function plainLink(link: string): string {
  return link.replaceAll(/[[\]]/g, '');
}

function openPair(pid: number): readonly [StagePipe, StagePipe] | null {
  const stdout = openStagePipe(pid, 3);
  if (stdout === null) return null;
  const stderr = openStagePipe(pid, 4);
  if (stderr !== null) return [stdout, stderr];
  closeStagePipe(stdout);
  return null;
}

function waitUntilGone(child: ChildProcess, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function isMarked(mark: string): boolean {
  return hasMark(createProcReader().text('/proc/self/limits'), [mark]);
}
