import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { fsyncFolder } from '../durable-write.ts';
import { lstatOrNull } from '../file-kind.ts';
import { errnoOf, unwritable } from '../io-failure.ts';
import { moveFile } from '../move-file.ts';
import { ensureFolder } from '../out-dir.ts';
import { OPEN_SAFELY } from '../read-regular-file.ts';
import { realOrSame } from '../real-path.ts';

/** A file that was in an expected artifact's place before the attempt, and where it is meanwhile. */
export interface SetAside {
  readonly path: string;
  readonly kept: string;
  /** Real path of the folder that it was in. */
  readonly folder: string;
}

/**
 * Moves what is in the place of an expected artifact into `folder`, so that what is there afterwards was made by
 * the attempt. Null when nothing is there, or a folder, which is judged where it stands. A symbolic link is moved
 * itself, its target stays.
 */
export function setAside(path: string, folder: string, outDir: string): Result<SetAside | null, Failure> {
  try {
    const there = lstatOrNull(path);
    if (there === null || there.isDirectory()) return ok(null);
    const made = ensureFolder(folder, outDir);
    if (!made.ok) return made;
    const kept = freeName(folder, basename(path));
    const from = realOrSame(dirname(path));
    moveFile(path, kept);
    fsyncFolder(folder);
    fsyncFolder(dirname(path));
    return ok({ path, kept, folder: from });
  } catch (error) {
    // Gone meanwhile is as good as moved; still there, it would be taken for what the attempt has made.
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error)) && !isThere(path)) return ok(null);
    return fail(unwritable(path, error, 'set aside'));
  }
}

function isThere(path: string): boolean {
  try {
    return lstatOrNull(path) !== null;
  } catch (error) {
    errnoOf(error);
    return true;
  }
}

/**
 * Puts a file back where the attempt has left nothing in its place. A folder that has become a link would put it
 * where the attempt itself could not: then it stays where it is kept.
 */
export function putBack(aside: SetAside): Result<void, Failure> {
  try {
    if (realOrSame(dirname(aside.path)) !== aside.folder) return ok(undefined);
    if (lstatOrNull(aside.path) !== null) return ok(undefined);
    moveFile(aside.kept, aside.path);
    fsyncFolder(dirname(aside.path));
    return ok(undefined);
  } catch (error) {
    // The folder may be gone with the attempt: then it stays where it is kept.
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return ok(undefined);
    return fail(unwritable(aside.path, error, 'put back'));
  }
}

/** SHA-256 of a regular file's content, in pieces; null where there is none that can be read. */
export function digestOfFile(path: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, OPEN_SAFELY);
  } catch (error) {
    errnoOf(error);
    return null;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return null;
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let at = 0; ; ) {
      const count = readSync(descriptor, piece, 0, piece.length, at);
      if (count === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, count));
      at += count;
    }
  } catch (error) {
    errnoOf(error);
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function freeName(folder: string, name: string): string {
  for (let count = 0; ; count += 1) {
    const path = join(folder, count === 0 ? name : `${name}.${count}`);
    if (lstatOrNull(path) === null) return path;
  }
}
