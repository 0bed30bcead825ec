import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import { errnoOf } from '../../store/io-failure.ts';
import type { EvidencePaths } from '../../store/layout.ts';

/** The orchestrator's own files, which are no part of the content tree wherever they lie. */
export function ownFiles(paths: EvidencePaths, plan: RunPlan): readonly string[] {
  const context = plan.planningContextArtifact;
  return [paths.outDir, paths.checkpoint, ...(context === null ? [] : [context])];
}

/** Under the lock: what git was given by an orchestrator that was killed. What cannot be removed does no harm. */
export function removeGitScratch(paths: EvidencePaths): void {
  try {
    rmSync(join(paths.lock, 'git'), { recursive: true, force: true });
  } catch (error) {
    errnoOf(error);
  }
}

/** A folder for git's private files, inside the lock's folder, where nobody else writes. */
export function gitScratch(paths: EvidencePaths): Result<string, Failure> {
  const folder = join(paths.lock, 'git');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return ok(folder);
  } catch {
    return fail(
      failure('evidence_unwritable', `${dirname(folder)} cannot be written`, { remedy: 'free the out_dir' }),
    );
  }
}
