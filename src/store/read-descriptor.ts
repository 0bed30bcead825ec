import { closeSync, fstatSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { fail, ok, type Result } from '../core/result.ts';
import { describeKind } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';

/** Why a key cannot be read, in words, and what to do about it. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

/** How long the writer of a pipe may take, in milliseconds. */
const LIMIT_MS = 10_000;

/**
 * Reads a descriptor that the caller has opened, from where it stands to its end or `limit` bytes, and closes it:
 * nothing that is started later can read it again. A file, a pipe or a socket; a pipe without an end is given up
 * after `limitMs`.
 */
export async function readDescriptor(
  fd: number,
  limit: number,
  limitMs = LIMIT_MS,
): Promise<Result<Buffer, Refusal>> {
  const refuse = (problem: string) =>
    fail({ problem, remedy: `open it for this command: orchestrator ... ${fd}< FILE` });
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) return ok(readToEnd(fd, limit));
    if (!stats.isFIFO() && !stats.isSocket()) {
      return refuse(`expected a file, a pipe or a socket, got ${describeKind(stats)}`);
    }
    if (stats.isFIFO() && isEndless(fd)) {
      return refuse('expected a pipe that the caller has opened for reading, got one without an end');
    }
    return await readStream(fd, limit, limitMs);
  } catch (error) {
    if (error instanceof TypeError) return refuse('expected a file, a pipe or a stream socket');
    return refuse(`expected an open descriptor, got: ${describeErrno(errnoOf(error))}`);
  }
}

function readToEnd(fd: number, limit: number): Buffer {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  try {
    while (length < limit) {
      const count = readSync(fd, buffer, length, limit - length, null);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}

/**
 * A pipe that this process could write to has no end: the runtime's own pipes, where the caller has opened nothing
 * under that number. Where this cannot be seen, the limit of time is left.
 */
function isEndless(fd: number): boolean {
  try {
    const target = readlinkSync(`/proc/self/fd/${fd}`);
    return readdirSync('/proc/self/fd').some((one) => linkOf(one) === target && isWritable(one));
  } catch {
    return false;
  }
}

function linkOf(name: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return null;
  }
}

/** proc(5): `flags` in octal, the two lowest bits of it how the file was opened; 0 is for reading. */
function isWritable(name: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))?.[1];
  return (Number.parseInt(flags ?? '0', 8) & 0o3) !== 0;
}

/** Not by a read that blocks: signals have to end the wait. */
function readStream(fd: number, limit: number, limitMs: number): Promise<Result<Buffer, Refusal>> {
  const socket = new Socket({ fd, readable: true, writable: false });
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((settle) => {
    const end = (result: Result<Buffer, Refusal>) => {
      clearTimeout(timer);
      socket.destroy();
      socket.once('close', () => settle(result));
    };
    const broken = (problem: string) =>
      end(fail({ problem, remedy: 'write the key to it, and close it at the other end' }));
    const whole = () => end(ok(Buffer.concat(chunks).subarray(0, limit)));
    const timer = setTimeout(() => broken(`expected its end within ${limitMs} ms, got none`), limitMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) whole();
    });
    socket.once('end', whole);
    socket.once('error', (error) => broken(`expected a key, got: ${error.message}`));
  });
}
