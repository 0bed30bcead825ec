import { closeSync, rmSync, writeFileSync } from 'node:fs';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { fsyncFolder, type RandomHex } from '../durable-write.ts';
import { errnoOf } from '../io-failure.ts';
import { generationFile, listGenerations } from './generations.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { takeKernelLock } from './kernel-lock.ts';
import { readLockRecord } from './lock-record.ts';
import type { TakenGeneration } from './take-generation.ts';

/** Whose place was taken, for the audit log; null where the lock was free. */
export interface FormerHolder {
  readonly generation: number;
  readonly why: string;
  readonly broken: boolean;
  readonly pid: number | null;
  readonly hostname: string | null;
  readonly run_id: string | null;
}

/** A lock that is held. */
export interface Lock {
  /** Grows with every holder: the fencing token that goes into the record of this invocation. */
  readonly generation: number;
  readonly token: string;
  readonly from: FormerHolder | null;
  /** Whether the lock is still ours; asked before every commit. A folder listing and one small file. */
  readonly fence: () => Result<void, Failure>;
  /** Starts heartbeat and kernel lock now instead of a moment later, and waits for them. Never rejects. */
  readonly guarded: () => Promise<void>;
  /** Gives the lock back; does nothing to a new owner's. Never rejects. */
  readonly release: () => Promise<void>;
}

/**
 * Both guards are for others to see, not for deciding who holds, and cost a module and a process: a run that
 * is over sooner than this never pays for them.
 */
const GUARD_DELAY_MS = 250;

/** Makes the lock out of a generation that was taken, and has its guards started shortly after. */
export function holdLock(options: {
  readonly folder: string;
  readonly taken: TakenGeneration;
  readonly token: string;
  readonly from: FormerHolder | null;
  readonly random: RandomHex;
  readonly onLost: (failure: Failure) => void;
  readonly unguarded: boolean;
}): Lock {
  const { folder } = options;
  const taken = { ...options.taken, token: options.token };
  let released = false;
  const fence = (): Result<void, Failure> =>
    released ? fail(lost(folder, 'it was given back')) : check(folder, taken);
  const guards = options.unguarded
    ? NO_GUARDS
    : lazyGuards({
        folder,
        generation: taken.generation,
        random: options.random,
        isOurs: () => check(folder, taken).ok,
        onCompromised: (problem) => {
          if (!released) options.onLost(lost(folder, problem));
        },
      });
  return {
    generation: taken.generation,
    token: options.token,
    from: options.from,
    fence,
    guarded: guards.start,
    release: async () => {
      if (released) return;
      released = true;
      const kernelLock = await guards.stop();
      if (check(folder, taken).ok) giveBack(folder, taken.generation);
      if (kernelLock !== null) closeSync(kernelLock);
    },
  };
}

function check(folder: string, taken: TakenGeneration & { readonly token: string }): Result<void, Failure> {
  try {
    const { highest, isFree } = listGenerations(folder);
    if (highest > taken.generation) return fail(lost(folder, `generation ${highest} has been taken`));
    if (highest < taken.generation) return fail(lost(folder, 'its record has been removed'));
    if (isFree) return fail(lost(folder, 'somebody has marked it as given back'));
    const found = readLockRecord(generationFile(folder, highest, 'held'));
    // Both: a copy has another inode, and a new record can get the number of the inode that was ours.
    const isOurs =
      found.kind === 'record' && found.inode === taken.inode && found.record.token === taken.token;
    return isOurs ? ok(undefined) : fail(lost(folder, 'its record has been replaced'));
  } catch (error) {
    return fail(lost(folder, `its folder cannot be read (${errnoOf(error)})`));
  }
}

function lost(folder: string, why: string): Failure {
  return failure('lock_lost', `expected to hold the lock in ${folder}: ${why}`, {
    remedy: 'see who else works in this out_dir, then run again with --resume',
  });
}

interface Guards {
  readonly start: () => Promise<void>;
  /** Gives the descriptor of the kernel lock, null where there is none. */
  readonly stop: () => Promise<number | null>;
}

const NO_GUARDS: Guards = { start: async () => {}, stop: async () => null };

interface GuardOptions {
  readonly folder: string;
  readonly generation: number;
  readonly random: RandomHex;
  readonly isOurs: () => boolean;
  readonly onCompromised: (problem: string) => void;
}

function lazyGuards(options: GuardOptions): Guards {
  let heartbeat: Heartbeat | null = null;
  let kernelLock: number | null = null;
  let started: Promise<void> | null = null;
  const start = (): Promise<void> => {
    clearTimeout(timer);
    started ??= Promise.all([
      takeKernelLock(options.folder, options.generation, options.random).then((descriptor) => {
        kernelLock = descriptor;
      }),
      startHeartbeat(options)
        .then((beating) => {
          heartbeat = beating;
        })
        .catch((error: unknown) => {
          // Anything else (a full disk) keeps others from seeing us, not us from holding: the next write tells.
          if (isHeldByOther(error)) options.onCompromised('another program has taken its heartbeat');
          else if (!options.isOurs()) options.onCompromised('it was taken before its heartbeat began');
        }),
    ]).then(() => undefined);
    return started;
  };
  const timer = setTimeout(start, GUARD_DELAY_MS);
  timer.unref();
  return {
    start,
    stop: async () => {
      clearTimeout(timer);
      await started;
      await heartbeat?.stop().catch(() => undefined);
      return kernelLock;
    },
  };
}

function isHeldByOther(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

/** The next one sees the free mark before the kernel lock ends; failing, we look dead, which frees it as well. */
function giveBack(folder: string, generation: number): void {
  try {
    writeFileSync(generationFile(folder, generation, 'free'), '', { flag: 'wx', mode: 0o600 });
    rmSync(generationFile(folder, generation, 'kernel'), { force: true });
    fsyncFolder(folder);
  } catch (error) {
    errnoOf(error);
  }
}
