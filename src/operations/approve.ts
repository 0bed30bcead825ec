import { EXIT } from '../core/exit-code.ts';
import { type Failure, failure } from '../core/failure.ts';
import type { Verdict } from '../core/gates/approval.ts';
import type { GateName } from '../core/gates/gate.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { KeySource } from '../core/run-plan.ts';
import { type ApprovalPredicate, approvalStatement } from '../formats/approval.ts';
import { IN_TOTO_PAYLOAD_TYPE, sealEnvelope } from '../formats/dsse.ts';
import { serialiseJson } from '../formats/report.ts';
import type { SigningKey } from '../formats/signing-key.ts';
import { statementBytes } from '../formats/statement.ts';
import { loadClosure } from '../formats/stored-closure.ts';
import { approvalText } from '../render/approval-text.ts';
import { commandLine } from '../render/evidence-place.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { durableWrite } from '../store/durable-write.ts';
import { randomHex } from '../system/ids.ts';
import { type Approvable, readApprovable } from './evidence/approvable.ts';
import { approvalFile } from './evidence/approval-file.ts';
import type { OperationIo } from './evidence/operation-io.ts';
import { placeOf } from './evidence/place-of.ts';
import type { EvidenceRequest } from './examine-evidence.ts';
import { signingKeyOf } from './signing-keys.ts';
import { refuseKeyIn, stateKeyFor } from './state-key.ts';

export interface ApproveRequest extends EvidenceRequest {
  /** The approver's private key. */
  readonly signKey: KeySource;
  readonly gate: GateName;
  readonly verdict: Verdict;
  /** Milliseconds from now. */
  readonly expiresMs: number;
  /** null takes the name of the user. */
  readonly approver: string | null;
  readonly note: string | null;
  /** Absolute; null takes a name beside out_dir. */
  readonly write: string | null;
  readonly json: boolean;
}

/** What this command needs beside the evidence. */
export interface ApproveIo extends OperationIo {
  /** The caller's login. */
  readonly user: string;
}

/**
 * `orchestrator approve`: signs a word on one gate of a run, bound to the run, its commit, its validated content and
 * its plan. The evidence is verified first: what does not hold, or has nothing validated yet, is not signed.
 */
export async function approve(request: ApproveRequest, io: ApproveIo): Promise<Result<number, Failure>> {
  const place = refuseKeyIn(request.signKey, '--key', { out_dir: [request.outDir] });
  if (!place.ok) return place;
  const stateKey = await stateKeyFor(request);
  if (!stateKey.ok) return stateKey;
  const signKey = await signingKeyOf(request.signKey, '--key');
  if (!signKey.ok) return signKey;
  if (signKey.value === null) throw new Error('a key source without a key');
  const found = await readApprovable({ ...request, key: stateKey.value }, io);
  if (!found.ok) return found;
  const file = approvalFile(request, found.value, signKey.value.keyId);
  if (!file.ok) return file;
  return writeApproval({ request, io, found: found.value, file: file.value, key: signKey.value });
}

interface ToWrite {
  readonly request: ApproveRequest;
  readonly io: ApproveIo;
  readonly found: Approvable;
  /** Absolute. */
  readonly file: string;
  readonly key: SigningKey;
}

function writeApproval({ request, io, found, file, key }: ToWrite): Result<number, Failure> {
  const predicate = predicateOf(request, found, io);
  const payload = statementBytes(approvalStatement(predicate));
  const text = `${sealEnvelope(IN_TOTO_PAYLOAD_TYPE, payload, [key])}\n`;
  const written = durableWrite(file, text, { random: () => randomHex(8) });
  if (!written.ok) {
    return fail(
      failure('precondition', written.failure.message, { remedy: 'name another file with --write' }),
    );
  }
  // The approver's key is not the one that the run is signed with.
  const next = commandLine(placeOf(io.cwd, request), ['--resume', ...sourceWords(found, request.gate, file)]);
  const view = { file, key_id: key.keyId, ...predicate, ...found.shown, next };
  io.stdout(request.json ? harmlessJson(serialiseJson(view)) : approvalText(view, io.color));
  return ok(EXIT.done);
}

/** What a resume has to be told of this approval: nothing where it is a source already. */
function sourceWords(found: Approvable, gate: GateName, file: string): readonly string[] {
  const closure = loadClosure(found.run.config.closure, found.roots);
  const sources = { policy: closure.policy_from, ci: closure.ci_from, review: closure.review_from }[gate];
  const source = `file:${file}`;
  if (sources.includes(source)) return [];
  const keys = closure.approver_keys.length === 0 ? ['--approver-key', 'PUBLIC.pem'] : [];
  const files = sources.filter((one) => one.startsWith('file:'));
  return [...[...files, source].flatMap((one) => [`--${gate}-from`, one]), ...keys];
}

function predicateOf(request: ApproveRequest, found: Approvable, io: ApproveIo): ApprovalPredicate {
  const nowSecs = Math.floor(io.now() / 1000);
  return {
    run_id: found.run.run_id,
    gate: request.gate,
    verdict: request.verdict,
    approver: request.approver ?? io.user,
    note: request.note,
    head_sha: found.head,
    tree_digest: found.tree,
    plan_digest: found.plan,
    issued_at_unix_secs: nowSecs,
    expires_at_unix_secs: nowSecs + Math.ceil(request.expiresMs / 1000),
  };
}
