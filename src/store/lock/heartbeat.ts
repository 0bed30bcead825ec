import nodeFs from 'node:fs';
import { join } from 'node:path';
import { HEARTBEAT } from './generations.ts';

/** The sign of life that other programs can see and wait on. */
export interface Heartbeat {
  readonly stop: () => Promise<void>;
}

/** Other programs that use proper-lockfile think us dead after this, its default. */
const STALE_MS = 10_000;

const UPDATE_MS = 2_000;

/**
 * Starts the heartbeat for a lock that is already ours: a dead holder's is cleared first, because the
 * generation has decided and nobody has to wait until it is stale. `isOurs` is asked before anything is
 * removed, also when the process exits: proper-lockfile would otherwise delete a new owner's heartbeat.
 * `onCompromised` is called, never thrown from, when somebody else takes or removes it. Rejects when it
 * cannot be taken.
 */
export async function startHeartbeat(options: {
  readonly folder: string;
  readonly isOurs: () => boolean;
  readonly onCompromised: (problem: string) => void;
}): Promise<Heartbeat> {
  const lockfilePath = join(options.folder, HEARTBEAT);
  if (!options.isOurs()) throw new Error('the lock is not ours any more');
  nodeFs.rmSync(lockfilePath, { recursive: true, force: true });
  const { lock } = await import('proper-lockfile');
  const release = await lock(options.folder, {
    lockfilePath,
    realpath: false,
    stale: STALE_MS,
    update: UPDATE_MS,
    fs: guardedFileSystem(options.isOurs),
    onCompromised: (error) => options.onCompromised(error.message),
  });
  return { stop: release };
}

type Done = (error: unknown, value?: unknown) => void;

/**
 * Synchronous calls that call back, as proper-lockfile makes them for its own `lockSync`: for asynchronous ones the
 * runtime starts threads, and aborts where the system refuses them.
 */
function guardedFileSystem(isOurs: () => boolean): object {
  return {
    ...nodeFs,
    mkdir: (path: string, done: Done) => callBack(done, () => nodeFs.mkdirSync(path)),
    stat: (path: string, done: Done) => callBack(done, () => nodeFs.statSync(path)),
    utimes: (path: string, accessed: Date, modified: Date, done: Done) =>
      callBack(done, () => nodeFs.utimesSync(path, accessed, modified)),
    rmdir: (path: string, done: Done) => {
      if (isOurs()) callBack(done, () => nodeFs.rmdirSync(path));
      else done(null);
    },
    rmdirSync: (path: string) => {
      if (isOurs()) nodeFs.rmdirSync(path);
    },
  };
}

function callBack(done: Done, act: () => unknown): void {
  let value: unknown;
  try {
    value = act();
  } catch (error) {
    done(error);
    return;
  }
  done(null, value);
}
