import { dirname } from 'node:path';
import { EXIT } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { RunDocument } from '../core/run-document.ts';
import { unreachable } from '../core/unreachable.ts';
import { saysClosureReady, serialiseJson, terminalStateOf } from '../formats/report.ts';
import { VERIFICATION_SCHEMA_VERSION, type VerificationDocument } from '../formats/verification.ts';
import { commandLine, pathSeenFrom } from '../render/evidence-place.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { afterDoubt, type NextCommand } from '../render/next-command.ts';
import { shellWord } from '../render/shell-word.ts';
import { verificationText } from '../render/verification-text.ts';
import { afterVerification } from './evidence/after-verification.ts';
import { describeAuthenticity } from './evidence/authenticity.ts';
import { type Check, remark, requiredCheck } from './evidence/check.ts';
import { type ArtifactScope, checkArtifacts } from './evidence/check-artifacts.ts';
import { checkDocuments } from './evidence/check-documents.ts';
import { checkStatements, type Trust } from './evidence/check-statements.ts';
import { checkWorkTree, findRepo } from './evidence/check-work-tree.ts';
import { examinePlace } from './evidence/locate-evidence.ts';
import { noRun } from './evidence/no-run.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { outOfReach } from './evidence/out-of-reach.ts';
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
  const examined = await examinePlace({ ...request, key: key.value });
  const verification = await verificationOf(examined, { ...request, trust }, io);
  const next = verification.closure_ready ? null : nextOf(examined, verification.checks, request, io);
  io.stdout(
    request.json
      ? harmlessJson(serialiseJson(verification))
      : verificationText(verification, { color: io.color, next }),
  );
  return ok(verification.exit_code);
}

function nextOf(
  examined: Examination,
  checks: readonly Check[],
  request: VerifyRequest,
  io: OperationIo,
): NextCommand {
  const place = placeOf(io.cwd, request);
  switch (examined.kind) {
    case 'nothing': {
      const folder = pathSeenFrom(io.cwd, dirname(request.outDir));
      return { command: `orchestrator list ${shellWord(folder)}`, when: 'finds the runs below a folder' };
    }
    case 'unreadable':
      return examined.denied
        ? { command: commandLine(place, [], 'verify'), when: 'as a user who may read the evidence' }
        : { command: null, when: examined.failure.remedy ?? afterDoubt().when };
    case 'read':
      return afterVerification({ evidence: examined, checks, scope: scopeOf(examined) }, place, io.cwd);
    default:
      return unreachable(examined);
  }
}

function scopeOf(evidence: ReadEvidence): ArtifactScope {
  const repo = findRepo(evidence);
  const roots = { outDir: evidence.paths.outDir, repoRoot: repo.root };
  return { roots, repoPresent: repo.absent === null };
}

/** The same without printing it. */
export async function verifyEvidence(
  request: ExamineRequest & Demands,
  io: OperationIo,
): Promise<VerificationDocument> {
  return verificationOf(await examinePlace(request), request, io);
}

async function verificationOf(
  examined: Examination,
  demands: Demands,
  io: OperationIo,
): Promise<VerificationDocument> {
  if (examined.kind !== 'read') return withoutCheckpoint(examined);
  const checks = [...(await checksOf(examined, demands, io)), ...outOfReach(examined.checkpoint.run)];
  return judge(examined.checkpoint.run, examined, checks);
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
  return [
    ...(await checkDocuments(examined)),
    ...checkArtifacts(run.artifacts, scopeOf(examined)),
    await checkWorkTree(examined, findRepo(examined), io),
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

function withoutCheckpoint(examined: Exclude<Examination, ReadEvidence>): VerificationDocument {
  const { message, remedy } = examined.kind === 'unreadable' ? examined.failure : noRun(examined);
  return {
    schema_version: VERIFICATION_SCHEMA_VERSION,
    exit_code: EXIT.failed,
    closure_ready: false,
    run_id: null,
    terminal_state: null,
    authenticity: null,
    checks: [requiredCheck('checkpoint', 'failed', message)],
    reasons: [remedy === null ? message : `${message}; ${remedy}`],
  };
}

/**
 * 0 only where nothing that had to be checked is left unchecked. A run is `blocked` where its evidence holds,
 * whatever has become of the work tree since: that is for the resume.
 */
function judge(run: RunDocument, evidence: ReadEvidence, checks: readonly Check[]): VerificationDocument {
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
    schema_version: VERIFICATION_SCHEMA_VERSION,
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
