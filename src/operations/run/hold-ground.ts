import { basename, dirname } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import { removeLeftoverTemps } from '../../store/durable-write.ts';
import { type EvidencePaths, evidencePaths } from '../../store/layout.ts';
import { acquireLock } from '../../store/lock/acquire-lock.ts';
import type { Lock } from '../../store/lock/hold-lock.ts';
import { readProcessIdentity } from '../../store/lock/process-identity.ts';
import { createOutDir, inspectCheckpointPath, prepareOutDir } from '../../store/out-dir.ts';
import { removeGitScratch } from './paths.ts';
import type { RunPorts } from './ports.ts';
import type { Ground } from './prepare.ts';

/** The out_dir is ours: made, locked, and ready for evidence. */
export interface HeldGround {
  readonly ground: Ground;
  readonly paths: EvidencePaths;
  readonly lock: Lock;
}

/** Makes and locks the out_dir (spec section 7). Exit 75 while another process holds it. */
export async function holdGround(
  request: RunRequest,
  ground: Ground,
  ports: RunPorts,
): Promise<Result<HeldGround, Failure>> {
  const paths = evidencePaths(ground.outDir.path, request.checkpointPath);
  const place = inspectCheckpointPath(paths);
  if (!place.ok) return place;
  const made = createOutDir(ground.outDir);
  if (!made.ok) return made;
  // Before the lock's own files: another run in this repository may be looking at the tree right now.
  const apart = ground.workTree === null ? ok(undefined) : prepareOutDir(ground.outDir);
  if (!apart.ok) return apart;
  const random = () => ports.random(8);
  const locked = await acquireLock({
    dir: paths.outDir,
    lockFolder: paths.lock,
    identity: readProcessIdentity({ pid: ports.pid, hostname: ports.hostname }),
    runId: null,
    random,
    clock: ports.clock.now,
    breakToken: request.breakLock,
    onLost: (failure) => ports.cancellation.cancel({ kind: 'lock-lost', failure }),
  });
  if (!locked.ok) return locked;
  const lock = locked.value;
  removeLeftovers(paths);
  return ok({ ground, paths, lock });
}

/** What writes that were killed have left; in a folder that is not ours alone only the checkpoint's. */
function removeLeftovers(paths: EvidencePaths): void {
  removeLeftoverTemps(paths.outDir);
  removeLeftoverTemps(paths.artifacts);
  removeGitScratch(paths);
  const folder = dirname(paths.checkpoint);
  if (folder !== paths.outDir) removeLeftoverTemps(folder, [basename(paths.checkpoint)]);
}
