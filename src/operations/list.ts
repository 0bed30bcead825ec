import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { HOUSEKEEPING_SCHEMA_VERSION, type RunListDocument } from '../formats/housekeeping-documents.ts';
import { serialiseJson } from '../formats/report.ts';
import { placeSeenFrom } from '../render/evidence-place.ts';
import { oneLine } from '../render/harmless.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { runListText } from '../render/run-list-text.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { counted, type FindRunsRequest, findRuns } from './housekeeping/find-runs.ts';

export interface ListRequest extends FindRunsRequest {
  readonly json: boolean;
}

/** What an operation needs that prints for a terminal's width. */
export interface WideIo extends OperationIo {
  /** Columns of the terminal, null where there is none. */
  readonly columns: number | null;
}

/**
 * `orchestrator list`: the runs below a folder, newest first. 0 when they have been printed, whatever became of them:
 * a pipeline asks `verify`. `precondition` where there is no such folder. Reads only.
 */
export async function list(request: ListRequest, io: WideIo): Promise<Result<number, Failure>> {
  const found = await findRuns(request, io);
  if (!found.ok) return found;
  const { dir, runs, missed } = found.value;
  if (request.json) {
    const document: RunListDocument = { schema_version: HOUSEKEEPING_SCHEMA_VERSION, dir, runs, missed };
    io.stdout(harmlessJson(serialiseJson(document)));
    return ok(EXIT.done);
  }
  const place = (outDir: string) => placeSeenFrom(io.cwd, { outDir, checkpointPath: null }).outDir;
  io.stdout(runListText(runs, { color: io.color, columns: io.columns, place }));
  const where = oneLine(place(dir), 4096);
  io.stdout(`${runs.length === 0 ? 'no runs' : counted(runs.length, 'run')} below ${where}\n`);
  for (const one of missed) io.stderr(`orchestrator: ${one}\n`);
  return ok(EXIT.done);
}
