import { join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { isInside } from '../../formats/stored-path.ts';
import { lstatOrNull } from '../../store/file-kind.ts';
import { describeErrno, errnoOf, unwritable } from '../../store/io-failure.ts';
import { LAYOUT } from '../../store/layout.ts';
import { acquireLock } from '../../store/lock/acquire-lock.ts';
import { readProcessIdentity } from '../../store/lock/process-identity.ts';
import { isMovedAside, moveAside, moveBack, OtherFolder, removeNames } from '../../store/remove-evidence.ts';
import type { OperationIo } from '../evidence/operation-io.ts';
import { type SurveyedRun, surveyRun } from './survey-run.ts';

/** What removing needs of the outside. */
export interface RemovalIo extends OperationIo {
  /** 16 hexadecimal digits. */
  readonly random: () => string;
}

/** What became of a run that was to be removed. */
export type Removal =
  | { readonly kind: 'removed'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'stays'; readonly why: string };

type OurRun = SurveyedRun & { readonly kind: 'ours' };

/**
 * Removes the evidence in `outDir` (absolute, real) if it is still what was judged: under the run's own lock, moved
 * aside first, looked at once more there, and only the names that were seen. A failure is `evidence_unwritable`.
 */
export async function removeRun(
  outDir: string,
  judged: OurRun,
  io: RemovalIo,
): Promise<Result<Removal, Failure>> {
  if (isInside(outDir, io.cwd)) return ok(stays('the working directory is in it'));
  const locked = await acquireLock({
    dir: outDir,
    lockFolder: join(outDir, LAYOUT.lock),
    identity: readProcessIdentity({ pid: io.pid, hostname: io.hostname }),
    runId: judged.evidence.checkpoint.run.run_id,
    random: io.random,
    clock: io.now,
    breakToken: null,
    onLost: () => {},
    unguarded: true,
  });
  if (!locked.ok) {
    if (isGone(outDir)) return ok(GONE);
    return locked.failure.reason === 'locked' ? ok(stays(locked.failure.message)) : locked;
  }
  try {
    return await removeLocked(outDir, judged, io);
  } finally {
    await locked.value.release();
  }
}

async function removeLocked(
  outDir: string,
  judged: OurRun,
  io: RemovalIo,
): Promise<Result<Removal, Failure>> {
  let aside: string;
  try {
    aside = moveAside(outDir, io.random);
  } catch (error) {
    if (error instanceof OtherFolder) return ok(stays('another folder has taken its place'));
    if (isGone(outDir)) return ok(GONE);
    return fail(unwritable(outDir, error, 'remove'));
  }
  const now = await surveyRun(aside, isMovedAside(outDir));
  if (now.kind === 'stays') return putBack(aside, outDir, now.why);
  if (!now.evidence.checkpointBytes.equals(judged.evidence.checkpointBytes)) {
    return putBack(aside, outDir, 'it changed meanwhile');
  }
  try {
    removeNames(aside, now.survey.names);
    return ok({ kind: 'removed', files: now.survey.files, bytes: now.survey.bytes });
  } catch (error) {
    return fail(unwritable(aside, error, 'remove all of'));
  }
}

const GONE: Removal = { kind: 'stays', why: 'it has gone meanwhile' };

/** Another one that cleans up was faster. */
function isGone(outDir: string): boolean {
  return lstatOrNull(outDir) === null;
}

function putBack(aside: string, outDir: string, why: string): Result<Removal, Failure> {
  try {
    moveBack(aside, outDir);
    return ok(stays(why));
  } catch (error) {
    return ok(stays(`${why}; it is now at ${aside}: ${describeErrno(errnoOf(error))}`));
  }
}

function stays(why: string): Removal {
  return { kind: 'stays', why };
}
