import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { judgeRetention, type RetentionRule } from '../core/retention.ts';
import type { RunSummary } from '../core/run-summary.ts';
import { type CleanDocument, HOUSEKEEPING_SCHEMA_VERSION } from '../formats/housekeeping-documents.ts';
import { serialiseJson } from '../formats/report.ts';
import { type CleanedRun, cleanText } from '../render/clean-text.ts';
import { placeSeenFrom } from '../render/evidence-place.ts';
import { oneLine } from '../render/harmless.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { isMovedAside } from '../store/remove-evidence.ts';
import { type FindRunsRequest, findRuns } from './housekeeping/find-runs.ts';
import { type RemovalIo, removeRun } from './housekeeping/remove-run.ts';
import { asCommitted, surveyRun } from './housekeeping/survey-run.ts';

export interface CleanRequest extends FindRunsRequest, RetentionRule {
  /** Without it nothing is removed: it is only told what would be. */
  readonly execute: boolean;
  readonly json: boolean;
}

/**
 * `orchestrator clean`: removes the evidence of runs that are beyond the limits, or tells what it would remove.
 * 0 when that was done, with what had to stay told; 1 when a run could not be removed; `precondition` where there is
 * no such folder.
 */
export async function clean(request: CleanRequest, io: RemovalIo): Promise<Result<number, Failure>> {
  const found = await findRuns(request, io);
  if (!found.ok) return found;
  const { dir, missed } = found.value;
  const runs: RunSummary[] = [];
  for (const run of found.value.runs) runs.push(await asCommitted(run));
  const cleaned: CleanedRun[] = [];
  for (const { run, stays } of judgeRetention(runs, request, io.now())) {
    cleaned.push(
      stays === null ? await cleanRun(run, request.execute, io) : { run, outcome: 'stays', why: stays },
    );
  }
  const { execute } = request;
  if (request.json) io.stdout(harmlessJson(jsonOf({ dir, execute, cleaned, missed })));
  else {
    const place = (outDir: string) => placeSeenFrom(io.cwd, { outDir, checkpointPath: null }).outDir;
    io.stdout(cleanText(cleaned, { execute, place, color: io.color }));
    for (const one of missed) io.stderr(`orchestrator: ${oneLine(one, 4000)}\n`);
  }
  return ok(cleaned.some((one) => one.outcome === 'failed') ? EXIT.failed : EXIT.done);
}

async function cleanRun(run: RunSummary, execute: boolean, io: RemovalIo): Promise<CleanedRun> {
  const surveyed = await surveyRun(run.out_dir, isMovedAside(run.out_dir));
  if (surveyed.kind === 'stays') return { run, outcome: 'stays', why: surveyed.why };
  const { files, bytes } = surveyed.survey;
  if (!execute) return { run, outcome: 'removable', files, bytes };
  const removed = await removeRun(run.out_dir, surveyed, io);
  if (!removed.ok) return { run, outcome: 'failed', why: removed.failure.message };
  const { value } = removed;
  return value.kind === 'stays'
    ? { run, outcome: 'stays', why: value.why }
    : { run, outcome: 'removed', files: value.files, bytes: value.bytes };
}

function jsonOf(done: {
  readonly dir: string;
  readonly execute: boolean;
  readonly cleaned: readonly CleanedRun[];
  readonly missed: readonly string[];
}): string {
  const document: CleanDocument = {
    schema_version: HOUSEKEEPING_SCHEMA_VERSION,
    dir: done.dir,
    executed: done.execute,
    runs: done.cleaned.map(({ run, ...rest }) => ({
      out_dir: run.out_dir,
      run_id: run.run_id,
      state: run.state,
      ...rest,
    })),
    missed: done.missed,
  };
  return serialiseJson(document);
}
