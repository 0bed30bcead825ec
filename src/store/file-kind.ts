import { lstatSync, type Stats } from 'node:fs';

/** What is at a path, in the words of a message. */
export function describeKind(stats: Pick<Stats, keyof Stats & `is${string}`>): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** `lstat`, with null where there is nothing (a missing parent included); other errors are thrown. */
export function lstatOrNull(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}
