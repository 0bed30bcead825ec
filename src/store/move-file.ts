import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { errnoOf } from './io-failure.ts';

/**
 * Renames a file or a symbolic link (itself, not its target); where the two places lie on different file systems,
 * a durable copy and then a removal. `to` must be free. Throws the error of the call that failed: what is no file
 * and no link cannot cross file systems (EXDEV).
 */
export function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error;
    const there = lstatSync(from);
    if (there.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (there.isFile()) copyDurably(from, to);
    else throw error;
    unlinkSync(from);
  }
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  // The copy has the permissions of the original, which may be read-only; only Windows wants to write to sync.
  const descriptor = openSync(to, process.platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
