import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** O_NOFOLLOW is left out: `.git` and an old-style `HEAD` may be links. Windows has neither of the other two. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** What a file is found to be, and its first `max` bytes: `absent`, `not-a-file`, `too-big` and `unreadable` are answers. */
export type BoundedRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'absent' | 'not-a-file' | 'too-big' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads a regular file of at most `max` bytes. A FIFO that an agent left there is not waited for. */
export function readBounded(file: string, max: number): BoundedRead {
  let descriptor: number;
  try {
    descriptor = openSync(file, FLAGS);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'unreadable', why: code };
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { kind: 'not-a-file' };
    if (stat.size > max) return { kind: 'too-big' };
    return readAll(descriptor, max);
  } catch (error) {
    return { kind: 'unreadable', why: codeOf(error) };
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, max: number): BoundedRead {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(65_536);
    const count = readSync(descriptor, piece, 0, piece.length, null);
    if (count === 0) return { kind: 'bytes', bytes: Buffer.concat(pieces) };
    total += count;
    if (total > max) return { kind: 'too-big' };
    pieces.push(piece.subarray(0, count));
  }
}

/** The errno name of a file system error (`ENOENT`), or its message where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
