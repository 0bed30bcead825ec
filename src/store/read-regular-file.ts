import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { describeKind } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';

/** What is at the place of a document. An empty file is told apart: it is what a full disk or a crash leaves. */
export type FoundFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'empty' }
  /** `denied`: not to this user; nothing is known of what is there. */
  | { readonly kind: 'unreadable'; readonly problem: string; readonly denied: boolean }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

// Windows knows none of these three; there a symbolic link is found by lstat before.
export const OPEN_SAFELY =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** More than any document of ours comes near: beyond it, a file is not read into memory. */
export const MAX_CHECKPOINT_BYTES = 256 * 1024 * 1024;

/** Reads one of our own documents: a regular file, no symbolic link, at most `maxBytes`. */
export function readRegularFile(path: string, maxBytes: number): FoundFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_SAFELY);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unreadable', problem: describeErrno(errno), denied: ['EACCES', 'EPERM'].includes(errno) };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile())
      return { kind: 'unreadable', problem: `it is ${describeKind(stats)}`, denied: false };
    if (stats.size > maxBytes) {
      return {
        kind: 'unreadable',
        problem: `${stats.size} bytes, more than ${maxBytes}`,
        denied: false,
      };
    }
    if (stats.size === 0) return { kind: 'empty' };
    return { kind: 'bytes', bytes: readUpTo(descriptor, stats.size) };
  } catch (error) {
    return { kind: 'unreadable', problem: describeErrno(errnoOf(error)), denied: false };
  } finally {
    closeSync(descriptor);
  }
}

/** Reads from the start until `limit` bytes or the end, whichever comes first. Throws. */
export function readUpTo(descriptor: number, limit: number): Buffer {
  const buffer = Buffer.allocUnsafe(limit);
  let length = 0;
  while (length < limit) {
    const count = readSync(descriptor, buffer, length, limit - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}
