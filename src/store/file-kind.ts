import { lstatSync, type Stats, statSync } from 'node:fs';
import { describeErrno, errnoOf } from './io-failure.ts';

/** What is at a path, in the words of a message. */
export function describeKind(stats: Pick<Stats, keyof Stats & `is${string}`>): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** `lstat`, with null where there is nothing (below a file included); other errors are thrown. */
export function lstatOrNull(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What is at a path, links followed, in the words of a message. */
export function kindAt(path: string): string {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    return there === undefined ? 'nothing' : describeKind(there);
  } catch (error) {
    return describeErrno(errnoOf(error));
  }
}
