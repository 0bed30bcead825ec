import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../core/result.ts';
import { type RandomHex, tempName } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { findFlock } from './lock/kernel-lock.ts';

/** What a folder was found to be good for; null stands for what was not tried because there was no file. */
export interface FolderTrial {
  readonly written: Result<void, string>;
  readonly linked: Result<void, string> | null;
  readonly lock: 'locks' | 'no-flock' | 'refused' | null;
  /** The wall clock around the write and the file's date, Unix ms. */
  readonly times: { readonly before: number; readonly after: number; readonly dated: number } | null;
}

const FLOCK_LIMIT_MS = 5_000;

/**
 * Tries what evidence and lock need of a folder, on one temporary file with a second name. Both are removed; a run in
 * that folder also removes what a killed trial has left there. Failures are in words.
 */
export function tryFolder(
  folder: string,
  ports: { readonly random: RandomHex; readonly now: () => number },
): FolderTrial {
  const file = join(folder, tempName('doctor', ports.random));
  const before = ports.now();
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, 'doctor\n');
    fsyncSync(descriptor);
    const times = { before, after: ports.now(), dated: fstatSync(descriptor).mtimeMs };
    const second = join(folder, tempName('doctor', ports.random));
    return { written: ok(undefined), linked: tryLink(file, second), lock: tryLock(descriptor), times };
  } catch (error) {
    return { written: fail(describeErrno(errnoOf(error))), linked: null, lock: null, times: null };
  } finally {
    if (descriptor !== null) {
      closeSync(descriptor);
      remove(file);
    }
  }
}

function tryLink(file: string, second: string): Result<void, string> {
  try {
    linkSync(file, second);
  } catch (error) {
    return fail(describeErrno(errnoOf(error)));
  }
  remove(second);
  return ok(undefined);
}

function tryLock(descriptor: number): FolderTrial['lock'] {
  const flock = findFlock();
  if (flock === null) return 'no-flock';
  const { status } = spawnSync(flock, ['-n', '-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    env: {},
    timeout: FLOCK_LIMIT_MS,
  });
  return status === 0 ? 'locks' : 'refused';
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    errnoOf(error);
  }
}

/** `path`, or the nearest place above it where there is anything. */
export function nearestExisting(path: string): string {
  let place = path;
  while (dirname(place) !== place && lstatOrNull(place) === null) place = dirname(place);
  return place;
}

/** What is free for this user where a folder is; null where the system does not tell. */
export function diskSpace(
  folder: string,
): { readonly freeBytes: number; readonly freeInodes: number | null } | null {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return { freeBytes: bavail * bsize, freeInodes: files === 0 ? null : ffree };
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
