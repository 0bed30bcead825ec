import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import type { StagePipe } from './stage-pipes.ts';

/** Receives bytes whose memory is reused when it returns. */
export type TakeBytes = (chunk: Buffer) => void;

export interface StartOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads from stdin, which is then closed; left out, stdin is closed from the start. */
  readonly stdin?: Buffer;
  /** What it reads from descriptor 3; it then also has 4 to report on. null opens neither. */
  readonly input: Buffer | null;
  /** Real pipes for stdout and stderr, or null for socket pairs. */
  readonly pipes: readonly [StagePipe, StagePipe] | null;
  readonly onStdout: TakeBytes;
  readonly onStderr: TakeBytes;
}

/** How a process ended, as the kernel says. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartedChild {
  readonly pid: number;
  /** Null until the process has been waited for. */
  readonly end: () => ChildEnd | null;
  readonly onEnd: (listener: () => void) => () => void;
  /** What it has reported on descriptor 4 so far. */
  readonly reported: () => string;
  /** The child's ends of its output, as /proc shows them; empty where that cannot be told. */
  readonly links: readonly string[];
  /** Waits until both outputs are closed on the other side, `limitMs` at most, then gives them up. */
  readonly closeOutput: (limitMs: number) => Promise<void>;
}

export interface StartFailure {
  readonly errno: string;
  readonly message: string;
}

/** Starts a program directly, in a session of its own; nothing of our environment reaches it. */
export async function startChild(options: StartOptions): Promise<StartedChild | StartFailure> {
  const { pipes } = options;
  let child: ChildProcess;
  try {
    child = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      windowsHide: true,
      stdio: [
        options.stdin === undefined ? ('ignore' as const) : ('pipe' as const),
        ...([pipes?.[0].write ?? 'pipe', pipes?.[1].write ?? 'pipe'] as const),
        ...(options.input === null ? [] : (['pipe', 'pipe'] as const)),
      ],
    });
  } catch (error) {
    // Arguments that no process can be given (a NUL byte) are refused by throwing.
    closePipes(pipes, ['read', 'write']);
    return failureOf(error);
  }
  const { pid } = child;
  if (pid === undefined) {
    closePipes(pipes, ['read', 'write']);
    return new Promise((resolve) => child.once('error', (error) => resolve(failureOf(error))));
  }
  // A program that does not read its stdin is none the worse for it.
  child.stdin?.on('error', () => {}).end(options.stdin);
  // An error after the start (a signal that could not be sent) changes nothing about the process.
  child.on('error', () => {});
  closePipes(pipes, ['write']);
  const readers = [
    listen(pipes?.[0] ?? child.stdout, options.onStdout),
    listen(pipes?.[1] ?? child.stderr, options.onStderr),
  ];
  const report = talk(child, options.input);
  if (report !== null) readers.push(report.reader);
  const links = pipes === null ? socketLinks(pid) : pipes.map((pipe) => pipe.link);
  return {
    pid,
    links,
    ...watchEnd(child),
    reported: () => report?.text() ?? '',
    closeOutput: (limitMs) => closeReaders(readers, limitMs),
  };
}

function watchEnd(child: ChildProcess): Pick<StartedChild, 'end' | 'onEnd'> {
  let end: ChildEnd | null = null;
  child.once('exit', (code, signal) => {
    end = { code, signal };
  });
  return {
    end: () => end,
    onEnd: (listener) => {
      child.once('exit', listener);
      return () => void child.off('exit', listener);
    },
  };
}

/** More than any report is long, in characters. */
const MAX_REPORT = 16_384;

/** Gives the child what it reads from descriptor 3, and collects what it reports on 4. */
function talk(
  child: ChildProcess,
  input: Buffer | null,
): { readonly reader: Readable; readonly text: () => string } | null {
  const [, , , writer, reader] = child.stdio;
  if (input === null || !(writer instanceof Writable) || !(reader instanceof Readable)) return null;
  // A child that is gone does not read; its end says so.
  writer.on('error', () => {}).end(input);
  let text = '';
  reader
    .on('error', () => {})
    .on('data', (chunk: Buffer) => {
      if (text.length < MAX_REPORT) text += chunk.toString('latin1');
    });
  return { reader, text: () => text };
}

/** Bytes arrive in one buffer per stream, so that memory stays flat whatever the child prints. */
function listen(source: StagePipe | Readable | null, take: TakeBytes): Readable {
  if (source === null) throw new Error('a child without output streams');
  if (!('link' in source)) return source.on('data', take).on('error', () => {});
  const buffer = Buffer.allocUnsafe(65536);
  const socket = new Socket({
    fd: source.read,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (length) => {
        take(buffer.subarray(0, length));
        return true;
      },
    },
  });
  return socket.on('error', () => {}).resume();
}

function closePipes(pipes: StartOptions['pipes'], ends: readonly ('read' | 'write')[]): void {
  for (const pipe of pipes ?? []) for (const end of ends) closeSync(pipe[end]);
}

/** Right after the start the child still has what it was given. */
function socketLinks(pid: number): string[] {
  return [1, 2].flatMap((descriptor) => {
    try {
      const link = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      // A fast child may have put a file in its place, which others have open too.
      return link.startsWith('socket:[') ? [link] : [];
    } catch {
      return [];
    }
  });
}

async function closeReaders(readers: readonly Readable[], limitMs: number): Promise<void> {
  const open = readers.filter((reader) => !reader.readableEnded && !reader.destroyed);
  if (open.length > 0) {
    await new Promise<void>((resolve) => {
      // Each tells of its end and of its closing, and counts once.
      const left = new Set(open);
      const timer = setTimeout(resolve, limitMs);
      const ended = (reader: Readable) => {
        left.delete(reader);
        if (left.size > 0) return;
        clearTimeout(timer);
        resolve();
      };
      for (const reader of open) {
        reader.once('end', () => ended(reader)).once('close', () => ended(reader));
      }
    });
  }
  for (const reader of readers) reader.destroy();
}

function failureOf(error: unknown): StartFailure {
  if (!(error instanceof Error)) throw error;
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return { errno, message: error.message };
}
