import { type Failure, failure } from '../core/failure.ts';

/** The errno name of a failed file operation (`ENOENT`, …); anything else is a bug and is thrown on. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) {
    return error.code;
  }
  if (error instanceof ShortWrite) return 'ENOSPC';
  throw error;
}

/** Raised where a file is smaller than what was written to it, without any call having failed. */
export class ShortWrite extends Error {}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'it exists already',
  EFBIG: 'file too large',
  EIO: 'input/output error',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link, or a loop of them',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  ENXIO: 'it is a socket or a device that is not there',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

/** An errno in words, with its name: `no space left on the disk (ENOSPC)`. */
export function describeErrno(errno: string): string {
  const words = WORDS[errno];
  if (errno === '') return 'an error without a name';
  return words === undefined ? errno : `${words} (${errno})`;
}

function remedyFor(errno: string): string {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'make room on that disk, then run again with --resume';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'give this user permission to write there, then run again with --resume';
    default:
      return 'check the disk that holds it, then run again with --resume';
  }
}

/** A file operation on the evidence that failed: which path, and why, in one line. */
export function unwritable(path: string, error: unknown, action = 'write'): Failure {
  const errno = errnoOf(error);
  return failure('evidence_unwritable', `cannot ${action} ${path}: ${describeErrno(errno)}`, {
    remedy: remedyFor(errno),
  });
}

/** Evidence that cannot be written because of what stands in its place. */
export function obstructed(path: string, what: string): Failure {
  return failure('evidence_unwritable', `cannot write ${path}: ${what} is in its place`, {
    remedy: `move ${path} away, then run again with --resume`,
    retryable: false,
  });
}
