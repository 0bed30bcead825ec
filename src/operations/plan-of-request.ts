import { resolvePlan } from '../core/config/resolve-plan.ts';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { RunPlan, RunRequest } from '../core/run-plan.ts';
import { parseCheckpoint } from '../formats/parse-checkpoint.ts';
import type { StateKey } from '../formats/state-key.ts';
import { loadConfig } from '../formats/stored-config.ts';
import { evidencePaths } from '../store/layout.ts';
import { readRegularFile } from '../store/read-regular-file.ts';
import { judgeAuthenticity, refuseWithoutKey } from './evidence/authenticity.ts';

/** A checkpoint larger than this is not one of ours, in bytes. */
const MAX_CHECKPOINT_BYTES = 64 * 1024 * 1024;

/** The plan that a request means: with `--resume` what is not given comes from the checkpoint. Reads only. */
export async function planOfRequest(
  request: RunRequest,
  cwd: string,
  key: StateKey | null,
): Promise<Result<RunPlan, Failure>> {
  const base = request.resume ? await planSoFar(request, key) : ok(null);
  return base.ok ? ok(resolvePlan(request.given, base.value, cwd)) : base;
}

/** The plan of the run so far; exit 2 where there is none, or where its state key was not given. */
export async function planSoFar(
  request: RunRequest,
  key: StateKey | null,
): Promise<Result<RunPlan, Failure>> {
  const path = evidencePaths(request.outDir, request.checkpointPath).checkpoint;
  const found = readRegularFile(path, MAX_CHECKPOINT_BYTES);
  if (found.kind === 'missing')
    return fail(failure('precondition', `--resume: there is no checkpoint at ${path}`));
  if (found.kind === 'unreadable') return fail(failure('checkpoint_unreadable', `${path}: ${found.problem}`));
  const bytes = found.kind === 'empty' ? Buffer.alloc(0) : found.bytes;
  const checkpoint = await parseCheckpoint(bytes, path);
  if (!checkpoint.ok) return checkpoint;
  const authenticity = judgeAuthenticity(checkpoint.value, { path, bytes }, key);
  if (!authenticity.ok) return authenticity;
  const known = refuseWithoutKey(authenticity.value, checkpoint.value);
  if (!known.ok) return known;
  const root = request.given.repoRoot?.value ?? null;
  return ok(loadConfig(checkpoint.value.run.config, request.outDir, root).plan);
}
