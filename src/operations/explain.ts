import { docsPage } from '../core/docs-page.ts';
import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { EXPLANATION_SCHEMA_VERSION, type ExplanationDocument } from '../formats/explanation.ts';
import { serialiseJson, terminalStateOf } from '../formats/report.ts';
import { loadRepoRoot } from '../formats/stored-path.ts';
import { commandLine, type EvidencePlace } from '../render/evidence-place.ts';
import { explanationText } from '../render/explanation-text.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { nextCommand } from '../render/next-command.ts';
import { type Explanation, explainRun } from './evidence/explanation.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import { logTail } from './evidence/log-tail.ts';
import { noRun } from './evidence/no-run.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { placeOf } from './evidence/place-of.ts';
import { reportNotice, reportOfCheckpoint } from './evidence/report-state.ts';
import { whoWorks } from './evidence/who-works.ts';
import type { EvidenceRequest, Examination, ReadEvidence } from './examine-evidence.ts';
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
  if (examined.kind === 'nothing') return fail(noRun(examined));
  const place = placeOf(io.cwd, request);
  const document = await documentOf(examined, place, io);
  io.stdout(request.json ? harmlessJson(serialiseJson(document)) : explanationText(document, io.color));
  return ok(examined.kind === 'unreadable' || examined.findings.length > 0 ? EXIT.failed : EXIT.done);
}

async function documentOf(
  examined: Exclude<Examination, { readonly kind: 'nothing' }>,
  place: EvidencePlace,
  io: OperationIo,
): Promise<ExplanationDocument> {
  const version = EXPLANATION_SCHEMA_VERSION;
  if (examined.kind === 'unreadable') {
    const { verdict, ...rest } = explainUnreadable(examined, place);
    const nothing = { run_id: null, terminal_state: null, verdict, authenticity: null };
    return { schema_version: version, ...nothing, ...rest };
  }
  const { verdict, ...rest } = await explainEvidence(examined, place, io);
  const { run } = examined.checkpoint;
  return {
    schema_version: version,
    run_id: run.run_id,
    terminal_state: terminalStateOf(run.state),
    verdict,
    authenticity: examined.authenticity,
    ...rest,
  };
}

async function explainEvidence(
  evidence: ReadEvidence,
  place: EvidencePlace,
  io: OperationIo,
): Promise<Explanation> {
  const { paths, checkpoint } = evidence;
  const roots = { outDir: paths.outDir, repoRoot: loadRepoRoot(checkpoint.run.repo.root, paths.outDir) };
  const now = io.now();
  return explainRun({
    run: checkpoint.run,
    report: reportOfCheckpoint(checkpoint).report,
    doubts: evidence.findings.map((one) => one.failure.message),
    notice: reportNotice(evidence.report),
    holder: await whoWorks(paths.outDir, paths.lock, { pid: io.pid, hostname: io.hostname, now }),
    tailOf: (execution) => logTail(execution, roots, TAIL_LINES),
    place,
    now,
  });
}

function explainUnreadable(
  { failure: why, denied }: Examination & { readonly kind: 'unreadable' },
  place: EvidencePlace,
): Explanation {
  const ending = { terminal_state: null, failure: why, blocked_reason_codes: [] };
  const again = { command: commandLine(place, [], 'explain'), when: 'as a user who may read the evidence' };
  return {
    verdict:
      why.reason === 'evidence_tampered'
        ? `not to be trusted: ${why.message}`
        : `the checkpoint cannot be read: ${why.message}`,
    why: why.remedy === null ? [] : [`remedy: ${why.remedy}`],
    log: null,
    next: denied ? again : nextCommand(ending, place),
    docs: [docsPage({ kind: 'failure', code: why.reason })],
  };
}
