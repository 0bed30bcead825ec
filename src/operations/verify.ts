import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { RunDocument } from '../core/run-document.ts';
import { type RunReport, saysClosureReady, serialiseJson, terminalStateOf } from '../formats/report.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { verificationText } from '../render/verification-text.ts';
import { type Authenticity, describeAuthenticity } from './evidence/authenticity.ts';
import { type Check, remark, requiredCheck } from './evidence/check.ts';
import { checkArtifacts } from './evidence/check-artifacts.ts';
import { checkDocuments } from './evidence/check-documents.ts';
import { checkStatements, type Trust } from './evidence/check-statements.ts';
import { checkWorkTree, findRepo } from './evidence/check-work-tree.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { placeOf } from './evidence/place-of.ts';
import type { EvidenceRequest, Examination, ExamineRequest, ReadEvidence } from './examine-evidence.ts';
import { refuseThreshold, verifyingKeysOf } from './signing-keys.ts';
import { stateKeyFor } from './state-key.ts';

export interface VerifyRequest extends EvidenceRequest {
  readonly json: boolean;
  /** `--require-authentic`: nothing but proven evidence is closure-ready. */
  readonly requireAuthentic?: boolean;
  /** `--key`: files of public keys, absolute; with one the run has to be signed. */
  readonly keys?: readonly string[];
  /** `--key-threshold`: how many different ones must have signed; 1 where left out. */
  readonly keyThreshold?: number;
}

/** What was checked, what was not, and what follows. */
export interface Verification {
  /** 0 closure-ready, 3 blocked, 1 anything else (spec section 8). */
  readonly exit_code: number;
  readonly closure_ready: boolean;
  readonly run_id: string | null;
  readonly terminal_state: RunReport['terminal_state'];
  /** null where there is no evidence to tell it of. */
  readonly authenticity: Authenticity | null;
  readonly checks: readonly Check[];
  /** Why it is not closure-ready; empty where it is. */
  readonly reasons: readonly string[];
}

/** `orchestrator verify`: whether a run is closure-ready. Reads only; takes no lock and writes nothing. */
export async function verify(request: VerifyRequest, io: OperationIo): Promise<Result<number, Failure>> {
  const key = await stateKeyFor(request);
  if (!key.ok) return key;
  const keys = await verifyingKeysOf(request.keys ?? []);
  if (!keys.ok) return keys;
  const threshold = request.keyThreshold ?? 1;
  const reachable = refuseThreshold(keys.value, threshold);
  if (!reachable.ok) return reachable;
  const trust = { keys: keys.value, threshold };
  const verification = await verifyEvidence({ ...request, key: key.value, trust }, io);
  io.stdout(
    request.json
      ? harmlessJson(serialiseJson(verification))
      : verificationText(verification, { color: io.color, place: placeOf(io.cwd, request) }),
  );
  return ok(verification.exit_code);
}

/** The same without printing it. */
export async function verifyEvidence(
  request: ExamineRequest & Demands,
  io: OperationIo,
): Promise<Verification> {
  const examined = await examinePlace(request);
  if (examined.kind !== 'read') return withoutCheckpoint(examined);
  return judge(examined.checkpoint.run, examined, await checksOf(examined, request, io));
}

/** What a verification asks for beside the evidence itself. */
export interface Demands {
  readonly requireAuthentic?: boolean;
  readonly trust?: Trust;
}

/** Everything that is looked at, by name. */
export async function checksOf(
  examined: ReadEvidence,
  demands: Demands,
  io: OperationIo,
): Promise<readonly Check[]> {
  const { run } = examined.checkpoint;
  const repo = findRepo(examined);
  const roots = { outDir: examined.paths.outDir, repoRoot: repo.root };
  return [
    ...(await checkDocuments(examined)),
    ...checkArtifacts(run.artifacts, { roots, repoPresent: repo.absent === null }),
    await checkWorkTree(examined, repo, io),
    authenticityCheck(examined, demands.requireAuthentic === true),
    ...(await checkStatements(examined, demands.trust ?? { keys: [], threshold: 1 })),
  ];
}

/** What was asked for and is not proven has failed: `--require-authentic` lets nothing else pass. */
function authenticityCheck(evidence: ReadEvidence, required: boolean): Check {
  const detail = describeAuthenticity(evidence);
  if (evidence.authenticity === 'authenticated') return requiredCheck('authenticity', 'ok', detail);
  return required
    ? requiredCheck('authenticity', 'failed', detail)
    : remark('authenticity', 'not-checked', detail);
}

function withoutCheckpoint(examined: Exclude<Examination, ReadEvidence>): Verification {
  const why = examined.kind === 'unreadable' ? examined.failure.message : noCheckpoint(examined);
  return {
    exit_code: EXIT.failed,
    closure_ready: false,
    run_id: null,
    terminal_state: null,
    authenticity: null,
    checks: [requiredCheck('checkpoint', 'failed', why)],
    reasons: [why],
  };
}

function noCheckpoint(examined: Examination & { readonly kind: 'nothing' }): string {
  const alone =
    examined.leftovers.length === 0 ? '' : `; without it ${examined.leftovers.join(', ')} proves nothing`;
  return `${examined.paths.checkpoint}: expected a checkpoint, found none${alone}`;
}

/**
 * 0 only where nothing that had to be checked is left unchecked. A run is `blocked` where its evidence holds,
 * whatever has become of the work tree since: that is for the resume.
 */
function judge(run: RunDocument, evidence: ReadEvidence, checks: readonly Check[]): Verification {
  const terminal = terminalStateOf(run.state);
  const open = checks.filter((one) => one.required && one.verdict !== 'ok');
  const ready = saysClosureReady({ ...run, terminal_state: terminal });
  const reasons = [
    ...(ready ? [] : [whyNotReady(run)]),
    ...open.map((one) => `${one.name} ${one.verdict === 'failed' ? 'failed' : 'not checked'}: ${one.detail}`),
  ];
  const closureReady = ready && open.length === 0 && evidence.findings.length === 0;
  const untrusted = open.some((one) => one.verdict === 'failed' && one.name !== 'work tree');
  const blocked = terminal === 'blocked' && !untrusted;
  return {
    exit_code: closureReady ? EXIT.done : blocked ? EXIT.blocked : EXIT.failed,
    closure_ready: closureReady,
    run_id: run.run_id,
    terminal_state: terminal,
    authenticity: evidence.authenticity,
    checks,
    reasons,
  };
}

function whyNotReady(run: RunDocument): string {
  switch (run.state.status) {
    case 'blocked':
      return `the run is blocked: ${run.state.codes.join(', ')}`;
    case 'failed':
    case 'timeout':
    case 'interrupted':
      return `the run is ${run.state.status}: ${run.state.failure.message}`;
    case 'pending':
    case 'working':
      return 'the run has not come to an end';
    case 'done':
      return 'the run says done, but its gates do not';
  }
}
