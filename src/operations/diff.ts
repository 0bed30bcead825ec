import { compareRuns } from '../core/compare-runs.ts';
import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { flattenConfig } from '../core/flatten-config.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { HOUSEKEEPING_SCHEMA_VERSION, type RunDiffDocument } from '../formats/housekeeping-documents.ts';
import { serialiseJson } from '../formats/report.ts';
import { placeSeenFrom } from '../render/evidence-place.ts';
import { oneLine } from '../render/harmless.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { type ComparedRuns, runDiffText } from '../render/run-diff-text.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import { noRun } from './evidence/no-run.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import type { ReadEvidence } from './examine-evidence.ts';

export interface DiffRequest {
  /** Absolute. */
  readonly a: string;
  readonly b: string;
  /** Whether a difference is an exit code of its own. */
  readonly exitCode: boolean;
  readonly json: boolean;
}

/**
 * `orchestrator diff`: in what two runs differ. 0 when that was printed; with `exitCode`, 3 where they differ.
 * 1 when evidence cannot be read or does not hold (it is compared all the same, and said on stderr),
 * `precondition` where there is no run. Reads only.
 */
export async function diff(request: DiffRequest, io: OperationIo): Promise<Result<number, Failure>> {
  const a = await readRun(request.a);
  if (!a.ok) return a;
  const b = await readRun(request.b);
  if (!b.ok) return b;
  const [one, other] = [a.value.checkpoint.run, b.value.checkpoint.run];
  const differences = compareRuns(one, other);
  const withheld = [one, other].flatMap((run) => flattenConfig(run.config).withheld);
  const compared: ComparedRuns = {
    a: seen(io.cwd, request.a),
    b: seen(io.cwd, request.b),
    runIds: [one.run_id, other.run_id],
    differences,
    notCompared: [...new Set(withheld)].sort(),
  };
  io.stdout(request.json ? harmlessJson(jsonOf(compared, request)) : runDiffText(compared, io.color));
  const doubts = [a.value, b.value].flatMap(doubtsOf);
  for (const doubt of doubts) io.stderr(`orchestrator: evidence_tampered: ${oneLine(doubt, 4000)}\n`);
  if (doubts.length > 0) return ok(EXIT.failed);
  return ok(request.exitCode && differences.length > 0 ? EXIT.blocked : EXIT.done);
}

function jsonOf(compared: ComparedRuns, places: Pick<DiffRequest, 'a' | 'b'>): string {
  const [a, b] = compared.runIds;
  const document: RunDiffDocument = {
    schema_version: HOUSEKEEPING_SCHEMA_VERSION,
    a: { out_dir: places.a, run_id: a },
    b: { out_dir: places.b, run_id: b },
    differences: compared.differences,
    secrets_not_compared: compared.notCompared,
  };
  return serialiseJson(document);
}

async function readRun(outDir: string): Promise<Result<ReadEvidence, Failure>> {
  const examined = await examinePlace({ outDir, checkpointPath: null });
  switch (examined.kind) {
    case 'read':
      return ok(examined);
    case 'unreadable':
      return fail(examined.failure);
    case 'nothing':
      return fail(noRun(examined));
  }
}

function doubtsOf(evidence: ReadEvidence): readonly string[] {
  return evidence.findings.map((one) => `${evidence.paths.outDir}: ${one.failure.message}`);
}

function seen(cwd: string, outDir: string): string {
  return placeSeenFrom(cwd, { outDir, checkpointPath: null }).outDir;
}
