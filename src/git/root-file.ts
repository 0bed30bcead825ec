import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type BoundedRead, readBounded } from './bounded-read.ts';

/** Reads a well-known file directly in repo-root; a link counts as absent, it could lead anywhere. */
export function readRootFile(root: string, name: string, max: number): BoundedRead {
  const file = join(root, name);
  try {
    if (!lstatSync(file).isFile()) return { kind: 'absent' };
  } catch {
    return { kind: 'absent' };
  }
  return readBounded(file, max);
}
