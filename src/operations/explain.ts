import { EXIT } from '../core/exit-code.ts';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { serialiseJson } from '../formats/report.ts';
import { loadRepoRoot } from '../formats/stored-path.ts';
import type { EvidencePlace } from '../render/evidence-place.ts';
import { explanationText } from '../render/explanation-text.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { nextCommand } from '../render/next-command.ts';
import { type Explanation, explainRun } from './evidence/explanation.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import { logTail } from './evidence/log-tail.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { placeOf } from './evidence/place-of.ts';
import { reportOfCheckpoint } from './evidence/report-state.ts';
import { whoWorks } from './evidence/who-works.ts';
import type { EvidenceRequest, ReadEvidence } from './examine-evidence.ts';
import { stateKeyFor } from './state-key.ts';

export interface ExplainRequest extends EvidenceRequest {
  readonly json: boolean;
}

const TAIL_LINES = 5;

/**
 * `orchestrator explain`: why a run is not done, and the next command to type, in at most ten lines. 0 when it
 * has been explained, 1 when the evidence cannot be read or trusted, `precondition` when there is no run.
 * Reads only.
 */
export async function explain(request: ExplainRequest, io: OperationIo): Promise<Result<number, Failure>> {
  const key = await stateKeyFor(request);
  if (!key.ok) return key;
  const examined = await examinePlace({ ...request, key: key.value });
  if (examined.kind === 'nothing') {
    return fail(failure('precondition', `${examined.paths.checkpoint}: expected a checkpoint, found none`));
  }
  const place = placeOf(io.cwd, request);
  const unreadable = examined.kind === 'unreadable';
  const explanation = unreadable
    ? explainUnreadable(examined.failure, place)
    : explainEvidence(examined, place, io);
  const view = { ...explanation, authenticity: unreadable ? null : examined.authenticity };
  io.stdout(request.json ? harmlessJson(serialiseJson(view)) : explanationText(view, io.color));
  return ok(unreadable || examined.findings.length > 0 ? EXIT.failed : EXIT.done);
}

function explainEvidence(evidence: ReadEvidence, place: EvidencePlace, io: OperationIo): Explanation {
  const { paths, checkpoint } = evidence;
  const roots = { outDir: paths.outDir, repoRoot: loadRepoRoot(checkpoint.run.repo.root, paths.outDir) };
  const now = io.now();
  return explainRun({
    run: checkpoint.run,
    report: reportOfCheckpoint(checkpoint).report,
    doubts: evidence.findings.map((one) => one.failure.message),
    holder: whoWorks(paths.outDir, paths.lock, { pid: io.pid, hostname: io.hostname, now }),
    tailOf: (execution) => logTail(execution, roots, TAIL_LINES),
    place,
    now,
  });
}

function explainUnreadable(why: Failure, place: EvidencePlace): Explanation {
  const ending = { terminal_state: null, failure: why, blocked_reason_codes: [] };
  return {
    verdict:
      why.reason === 'evidence_tampered'
        ? `not to be trusted: ${why.message}`
        : `the checkpoint cannot be read: ${why.message}`,
    why: why.remedy === null ? [] : [`remedy: ${why.remedy}`],
    log: null,
    next: nextCommand(ending, place),
  };
}
