import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from './io-failure.ts';
import { OPEN_SAFELY } from './read-regular-file.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Whether a regular file, no symbolic link, holds exactly `content`. Compared piece by piece: documents are compared
 * several times per commit, and whole copies of them would pile up as garbage. A file that cannot be read is not the
 * same.
 */
export function hasContent(path: string, content: Buffer): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_SAFELY);
  } catch (error) {
    errnoOf(error);
    return false;
  }
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() && stats.size === content.length && isSame(descriptor, content);
  } catch (error) {
    errnoOf(error);
    return false;
  } finally {
    closeSync(descriptor);
  }
}

function isSame(descriptor: number, content: Buffer): boolean {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, content.length));
  for (let at = 0; at < content.length; ) {
    const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, content.length - at), at);
    if (count === 0 || chunk.compare(content, at, at + count, 0, count) !== 0) return false;
    at += count;
  }
  return true;
}
