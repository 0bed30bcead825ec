import { accessSync, constants, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isInside } from '../formats/stored-path.ts';
import { finishFile, fsyncFolder, writeNewFile } from './durable-write.ts';
import { describeKind, lstatOrNull } from './file-kind.ts';
import type { InspectedOutDir } from './inspect-out-dir.ts';
import { describeErrno, errnoOf, obstructed, unwritable } from './io-failure.ts';
import { type EvidencePaths, LAYOUT } from './layout.ts';
import { readRegularFile } from './read-regular-file.ts';
import { realOrSame } from './real-path.ts';

/**
 * Creates the out_dir and what is missing above it, durably; all that may be written before the lock is
 * held. Its mode is the caller's umask: reports are there to be read.
 */
export function createOutDir(outDir: InspectedOutDir): Result<void, Failure> {
  try {
    createFolders(outDir.path);
    return ok(undefined);
  } catch (error) {
    return fail(
      failure('precondition', `cannot create ${outDir.path}: ${describeErrno(errnoOf(error))}`, {
        remedy: 'choose another out_dir',
      }),
    );
  }
}

const IGNORE_ALL = Buffer.from('*\n');

/**
 * Keeps the evidence out of the repository it lies in, unless somebody has said otherwise. Written in place: a
 * temporary name would be seen by who looks at the tree meanwhile. One that says nothing yet is what a run that was
 * killed in between has left.
 */
export function prepareOutDir(outDir: InspectedOutDir): Result<void, Failure> {
  const ignore = join(outDir.path, LAYOUT.ignore);
  if (!outDir.insideRepo) return ok(undefined);
  const isThere = lstatOrNull(ignore) !== null;
  if (isThere && !isCut(ignore)) return ok(undefined);
  try {
    if (isThere) finishFile(ignore, IGNORE_ALL);
    else writeNewFile(ignore, IGNORE_ALL, 0o644);
    fsyncFolder(outDir.path);
    return ok(undefined);
  } catch (error) {
    return errnoOf(error) === 'EEXIST' ? ok(undefined) : fail(unwritable(ignore, error));
  }
}

function isCut(ignore: string): boolean {
  const found = readRegularFile(ignore, IGNORE_ALL.length - 1);
  return found.kind === 'empty' || (found.kind === 'bytes' && found.bytes.equals(IGNORE_ALL.subarray(0, 1)));
}

/** Each new folder's own entry is made durable too, or a power cut takes the whole out_dir. */
function createFolders(folder: string): void {
  if (lstatOrNull(folder)?.isDirectory() === true) return;
  createFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  fsyncFolder(dirname(folder));
}

/**
 * Makes sure that a folder of ours exists (0700) below out_dir, its parents included; a symbolic link in its
 * place is refused, or what is kept there would go somewhere else.
 */
export function ensureFolder(folder: string, outDir: string): Result<void, Failure> {
  if (folder !== outDir) {
    const parent = ensureFolder(dirname(folder), outDir);
    if (!parent.ok) return parent;
  }
  try {
    const there = lstatOrNull(folder);
    if (there?.isDirectory() === true) return ok(undefined);
    if (there !== null) return fail(obstructed(folder, describeKind(there)));
    mkdirSync(folder, { mode: 0o700 });
    fsyncFolder(dirname(folder));
    return ok(undefined);
  } catch (error) {
    return fail(unwritable(folder, error, 'create'));
  }
}

/**
 * Whether the checkpoint's place (`--checkpoint-path`) can be used; writes nothing. Exit 2 when it is a
 * folder, its folder is missing or cannot be written, or it is the name of other evidence.
 */
export function inspectCheckpointPath(paths: EvidencePaths): Result<void, Failure> {
  const { checkpoint } = paths;
  const folder = dirname(checkpoint);
  const place = join(realOrSame(folder), basename(checkpoint));
  if (place !== join(paths.outDir, LAYOUT.checkpoint) && isTaken(place, paths.outDir)) {
    return refuseCheckpoint(checkpoint, 'a name of its own', 'the place of other evidence');
  }
  if (folder === paths.outDir) return ok(undefined);
  try {
    const there = lstatOrNull(checkpoint);
    if (there !== null && !there.isFile()) return refuseCheckpoint(checkpoint, 'a file', describeKind(there));
    accessSync(folder, constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    return refuseCheckpoint(folder, 'a folder that can be written', describeErrno(errnoOf(error)));
  }
}

/** Whether `place` is, or lies in, what out_dir keeps something else in. */
function isTaken(place: string, outDir: string): boolean {
  return Object.values(LAYOUT).some((name) => isInside(join(outDir, name), place));
}

function refuseCheckpoint(path: string, expected: string, got: string): Result<never, Failure> {
  return fail(
    failure('precondition', `checkpoint path ${path}: expected ${expected}, got ${got}`, {
      remedy: 'give another --checkpoint-path',
    }),
  );
}
