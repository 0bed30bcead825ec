import type { Failure } from '../../core/failure.ts';
import { failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RandomHex } from '../durable-write.ts';
import { unwritable } from '../io-failure.ts';
import { generationFile, listGenerations, MAX_GENERATION } from './generations.ts';
import { type FormerHolder, holdLock, type Lock } from './hold-lock.ts';
import { type HolderVerdict, judgeHolder } from './judge-holder.ts';
import { probeKernelLock } from './kernel-lock.ts';
import { ensureLockFolder } from './lock-folder.ts';
import { type FoundRecord, type LockRecord, readLockRecord } from './lock-record.ts';
import { lockedFailure, tokenOf } from './locked-failure.ts';
import { type ProcessIdentity, probeProcess } from './process-identity.ts';
import { takeGeneration, UnstableInode } from './take-generation.ts';

export interface LockRequest {
  /** The out_dir that is to be ours; it exists. */
  readonly dir: string;
  /** Its lock folder, `<out>/.lock`. */
  readonly lockFolder: string;
  readonly identity: ProcessIdentity;
  /** For those who are refused while we hold it; null where it is not known yet. */
  readonly runId: string | null;
  readonly random: RandomHex;
  /** Milliseconds since the epoch; only printed, never decided by. */
  readonly clock: () => number;
  /** `--break-lock`, or null. */
  readonly breakToken: string | null;
  /** Called once, from a timer, when somebody else is seen to have taken the lock. Must not throw. */
  readonly onLost: (failure: Failure) => void;
  /**
   * Without heartbeat and kernel lock, which find their files by path: for a holder that moves the folder away, where
   * another run may have its own by then. Who cannot see its process counts it as unknown, which is held.
   */
  readonly unguarded?: boolean;
}

const MAX_ROUNDS = 50;

/**
 * Takes the lock of an out_dir (spec section 7, docs/decisions/0011-lock.md). A living or unknown holder is
 * `locked`; something else in the folder's place is `precondition`; nothing is waited for.
 */
export async function acquireLock(request: LockRequest): Promise<Result<Lock, Failure>> {
  const folder = ensureLockFolder(request.lockFolder);
  if (!folder.ok) return folder;
  try {
    // Each round that is lost was won by somebody, whom the next round sees: more than a few are a riot.
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const outcome = tryOnce(request);
      if (outcome !== null) return outcome;
    }
    return fail(
      failure('locked', `${request.dir} is being taken by several others`, { remedy: 'try again' }),
    );
  } catch (error) {
    if (error instanceof UnstableInode) {
      return fail(failure('precondition', error.message, { remedy: 'choose an out_dir on another disk' }));
    }
    return fail(unwritable(request.lockFolder, error, 'take the lock in'));
  }
}

/** One look and one attempt; null when something changed in between. */
function tryOnce(request: LockRequest): Result<Lock, Failure> | null {
  const { highest, isFree } = listGenerations(request.lockFolder);
  if (isFree) return take(request, highest, null);
  const found = readLockRecord(generationFile(request.lockFolder, highest, 'held'));
  if (found.kind === 'missing') return null;
  const verdict = judgeHolder(found, {
    self: request.identity,
    probeProcess,
    probeKernelLock: () => probeKernelLock(request.lockFolder, highest),
  });
  if (verdict.verdict === 'dead') return take(request, highest, former(highest, found, verdict, false));
  if (verdict.verdict === 'unknown' && request.breakToken === tokenOf(found)) {
    return take(request, highest, former(highest, found, verdict, true));
  }
  const { dir: outDir, breakToken } = request;
  return fail(lockedFailure({ outDir, found, verdict, breakToken, now: request.clock() }));
}

function former(
  generation: number,
  found: FoundRecord,
  verdict: HolderVerdict,
  broken: boolean,
): FormerHolder {
  const record = found.kind === 'record' ? found.record : null;
  return {
    generation,
    why: verdict.why,
    broken,
    pid: record?.pid ?? null,
    hostname: record?.hostname ?? null,
    run_id: record?.run_id ?? null,
  };
}

function take(
  request: LockRequest,
  highest: number,
  from: FormerHolder | null,
): Result<Lock, Failure> | null {
  const { lockFolder: folder, random, onLost, unguarded = false } = request;
  if (highest >= MAX_GENERATION) {
    return fail(
      failure('precondition', `${folder}: expected numbers that can be counted on from, got ${highest}`, {
        remedy: `make sure that no orchestrator works there, then remove ${folder}`,
      }),
    );
  }
  const record = recordFor(request);
  const taken = takeGeneration({ folder, generation: highest + 1, record, random });
  if (taken === null) return null;
  return ok(holdLock({ folder, taken, token: record.token, from, random, onLost, unguarded }));
}

function recordFor(request: LockRequest): Omit<LockRecord, 'inode'> {
  const { identity } = request;
  return {
    version: 1,
    pid: identity.pid,
    start_time: identity.startTime,
    boot_id: identity.bootId,
    pid_namespace: identity.pidNamespace,
    hostname: identity.hostname,
    machine_id: identity.machineId,
    token: request.random(),
    run_id: request.runId,
    acquired_at: new Date(request.clock()).toISOString(),
  };
}
