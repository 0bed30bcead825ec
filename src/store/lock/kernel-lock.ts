import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type RandomHex, tempName } from '../durable-write.ts';
import { errnoOf } from '../io-failure.ts';
import { generationFile } from './generations.ts';

// Fixed places, not PATH: what decides about the lock must not come from the caller's environment.
const FLOCK_PLACES = ['/usr/bin/flock', '/bin/flock'];
const FLOCK_LIMIT_MS = 5000;

/** flock(1), absolute; null where it is in none of its places. */
export function findFlock(): string | null {
  return FLOCK_PLACES.find((place) => existsSync(place)) ?? null;
}

/**
 * Takes a kernel lock beside the holder's record and leaves it to the descriptor that is returned: it ends
 * when that is closed or this process dies, however it dies, and it can be seen from other pid namespaces.
 * The file gets its name only once it is locked, so that a file without a lock always means a dead holder.
 * Null where flock(1) or the file system does not allow it: then other namespaces see an unknown holder.
 */
export function takeKernelLock(
  folder: string,
  generation: number,
  random: RandomHex,
): Promise<number | null> {
  const flock = findFlock();
  if (flock === null) return Promise.resolve(null);
  const temp = join(folder, tempName('kernel', random));
  const descriptor = openOrNull(temp, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
  if (descriptor === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    let settled = false;
    const settle = (locked: boolean): void => {
      if (settled) return;
      settled = true;
      const kept = locked && publish(temp, generationFile(folder, generation, 'kernel'));
      if (!kept) giveUp(temp, descriptor);
      resolve(kept ? descriptor : null);
    };
    try {
      const child = spawn(flock, ['-n', '-x', '3'], {
        stdio: ['ignore', 'ignore', 'ignore', descriptor],
        env: {},
        timeout: FLOCK_LIMIT_MS,
      });
      child.once('error', () => settle(false));
      child.once('exit', (code) => settle(code === 0));
    } catch (error) {
      // Some refusals to start a process (no memory, a filter) are thrown, not emitted.
      errnoOf(error);
      settle(false);
    }
  });
}

function publish(temp: string, file: string): boolean {
  try {
    renameSync(temp, file);
    return true;
  } catch (error) {
    errnoOf(error);
    return false;
  }
}

function giveUp(temp: string, descriptor: number): void {
  closeSync(descriptor);
  try {
    unlinkSync(temp);
  } catch (error) {
    errnoOf(error);
  }
}

/** Whether the holder of `generation` still has its kernel lock. Shared, so that two that ask do not see each other. */
export function probeKernelLock(folder: string, generation: number): 'held' | 'free' | 'none' {
  const flock = findFlock();
  if (flock === null) return 'none';
  const descriptor = openOrNull(
    generationFile(folder, generation, 'kernel'),
    constants.O_RDWR | constants.O_NOFOLLOW,
  );
  if (descriptor === null) return 'none';
  try {
    const { status } = spawnSync(flock, ['-n', '-s', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
      env: {},
      timeout: FLOCK_LIMIT_MS,
    });
    if (status === 0) return 'free';
    return status === 1 ? 'held' : 'none';
  } finally {
    closeSync(descriptor);
  }
}

function openOrNull(file: string, flags: number): number | null {
  try {
    return openSync(file, flags, 0o600);
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
