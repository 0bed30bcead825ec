import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { describeKind, lstatOrNull } from './file-kind.ts';
import { errnoOf, obstructed, ShortWrite, unwritable } from './io-failure.ts';

/** 16 lowercase hexadecimal digits that nobody can foresee; a name made of them is nobody else's. */
export type RandomHex = () => string;

export interface DurableWriteOptions {
  readonly random: RandomHex;
  /** Permission bits before the umask; default 0644. */
  readonly mode?: number;
}

const EVIDENCE_MODE = 0o644;

/**
 * Replaces `file` by `data` so that after a crash or a power cut either the old or the new content is there,
 * whole (spec section 5, "Every write"): exclusive random name in the same folder, written to the end, fsync,
 * size check, rename, fsync of the folder. What is in the place and is not a regular file is refused. A
 * failed fsync is not repeated: the kernel has dropped the pages and a second one would claim success.
 */
export function durableWrite(
  file: string,
  data: Buffer | string,
  options: DurableWriteOptions,
): Result<void, Failure> {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  try {
    const there = lstatOrNull(file);
    if (there !== null && !there.isFile()) return fail(obstructed(file, describeKind(there)));
    replaceFile(file, bytes, options);
    return ok(undefined);
  } catch (error) {
    return fail(unwritable(file, error));
  }
}

function replaceFile(file: string, bytes: Buffer, options: DurableWriteOptions): void {
  const folder = dirname(file);
  const temp = join(folder, tempName(basename(file), options.random));
  writeNewFile(temp, bytes, options.mode ?? EVIDENCE_MODE);
  try {
    renameSync(temp, file);
  } catch (error) {
    discard(temp);
    throw error;
  }
  fsyncFolder(folder);
}

/** `.<name>.<16 hex>.tmp`, what `removeLeftoverTemps` recognises. */
export function tempName(name: string, random: RandomHex): string {
  const hex = random();
  if (!/^[0-9a-f]{16}$/.test(hex)) throw new Error(`expected 16 hexadecimal digits, got ${hex}`);
  return `.${name}.${hex}.tmp`;
}

/**
 * Creates `file`, which must not exist, with all of `bytes` on the disk; removes it again when that fails.
 * Throws the error of the call that failed.
 */
export function writeNewFile(file: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
    if (fstatSync(descriptor).size !== bytes.length) throw new ShortWrite(file);
    closeSync(descriptor);
  } catch (error) {
    closeAnyway(descriptor);
    discard(file);
    throw error;
  }
}

/**
 * Writes all of `bytes` to the beginning of a regular file that holds the first of them. Whoever else does the same
 * at the same time writes the same. Throws the error of the call that failed.
 */
export function finishFile(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** After a failure: what failed first is what is told, and a descriptor that is closed already is no news. */
function closeAnyway(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch (error) {
    errnoOf(error);
  }
}

/** Writes to the end: a disk that fills up lets one call succeed in part, and says so only to the next. */
export function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) {
    const count = writeSync(descriptor, bytes, written, bytes.length - written);
    if (count === 0) throw new ShortWrite('nothing was written');
    written += count;
  }
}

function discard(temp: string): void {
  try {
    unlinkSync(temp);
  } catch (error) {
    errnoOf(error);
  }
}

const CANNOT_SYNC_FOLDERS = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EISDIR']);

/** Makes a folder's entries durable; silent where the platform or file system cannot sync a folder. Throws. */
export function fsyncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch (error) {
    // Windows refuses to open a folder; elsewhere a folder that cannot be read can still be written.
    if (['EPERM', 'EISDIR', 'EACCES'].includes(errnoOf(error))) return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.has(errnoOf(error))) throw error;
  } finally {
    closeSync(descriptor);
  }
}

const CANNOT_SYNC_FILE = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EROFS']);

/** Makes the content behind an open descriptor durable, where its file system can. Throws. */
export function fsyncFile(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!CANNOT_SYNC_FILE.has(errnoOf(error))) throw error;
  }
}

const TEMP_PATTERN = /^\.(.+)\.[0-9a-f]{16}\.tmp$/;

/**
 * Removes the temporary files that a killed write has left in `folder`. Only under the lock: they could be
 * another process's. `only`, where given, limits it to those names (a folder that is not ours alone).
 * Returns the removed names; what cannot be removed stays, it does no harm.
 */
export function removeLeftoverTemps(folder: string, only?: readonly string[]): readonly string[] {
  const removed: string[] = [];
  for (const name of namesIn(folder)) {
    const target = TEMP_PATTERN.exec(name)?.[1];
    if (target === undefined || (only !== undefined && !only.includes(target))) continue;
    try {
      if (lstatOrNull(join(folder, name))?.isFile() !== true) continue;
      unlinkSync(join(folder, name));
      removed.push(name);
    } catch (error) {
      errnoOf(error);
    }
  }
  return removed;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    errnoOf(error);
    return [];
  }
}
