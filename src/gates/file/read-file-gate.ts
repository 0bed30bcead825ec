import { ABSENT_STATUS, PASS_STATUS } from '../../core/gates/gate.ts';
import { blocking, type GateDetail, type GateReading, noted } from '../../core/gates/gate-document.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { approvalSchema } from '../../formats/approval.schema.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { VerifyingKey } from '../../formats/signing-key.ts';
import { PREDICATE_TYPES } from '../../formats/statement.ts';
import { objectionsTo } from './judge-approval.ts';
import { openSigned, type SignedFile, type SignedStatement } from './open-signed.ts';
import { type JudgeDocument, judgeSignedDocument } from './signed-document.ts';
import { closed, type FileVerdict } from './verdict.ts';

/** Whose word counts, and how many of them have to give it. */
export interface FileGateRules {
  readonly publicKeys: readonly VerifyingKey[];
  /** Different keys; less than 1 is 1. */
  readonly required: number;
  /** Holds a gate document that was signed elsewhere to the question. */
  readonly judgeDocument: JudgeDocument;
}

/** What a gate says that a person has closed, in document 004's words. */
const REFUSED = { policy: 'deny', ci: 'failure', review: 'changes_requested' } as const;

/**
 * All the `file:` sources of one gate, read together: every one has to be signed by a trusted key and be about this
 * run, commit, content and plan now; the approvals have to come from `required` different keys; and one
 * `changes_requested` of a trusted key closes the gate whatever else there is (spec/gates.md sections 2 and 5).
 */
export function readFileGate(
  question: GateQuestion,
  files: readonly SignedFile[],
  rules: FileGateRules,
): GateReading {
  const verdicts = files.map((file) => judgeFile(file, question, rules));
  const counted = countApprovals(verdicts, files, rules);
  const details = [...verdicts.flatMap((one) => one.details), ...counted];
  const blocks = details.filter((detail) => detail.blocks);
  const passed = blocks.length === 0;
  const refused = verdicts.some((one) => one.refuses);
  const { gate, subject, nowSecs } = question;
  const waiting = !refused && blocks.every((one) => WAITED_FOR.includes(one.code));
  return {
    document: {
      gate,
      status: passed ? PASS_STATUS[gate] : refused ? REFUSED[gate] : ABSENT_STATUS[gate],
      passed,
      source: files.map((one) => one.source).join(', '),
      details,
      not_evaluated: ['what the name of an approver stands for: only the key is checked'],
      subject,
      evaluated_at_unix_secs: nowSecs,
      inputs_digest: digestOf(files, rules.publicKeys),
    },
    waitsFor: passed || !waiting ? null : `approvals of ${gate}: ${blocks.at(-1)?.message ?? ''}`,
  };
}

/** What somebody can still mend by writing a file. */
const WAITED_FOR: readonly string[] = ['approval_missing', 'approvals_missing', 'approval_same_approver'];

function judgeFile(file: SignedFile, question: GateQuestion, rules: FileGateRules): FileVerdict {
  const opened = openSigned(file, rules.publicKeys);
  if (!opened.ok) return closed([opened.failure]);
  const { predicateType } = opened.value;
  if (predicateType === PREDICATE_TYPES.approval) return judgeApproval(opened.value, question);
  if (predicateType === PREDICATE_TYPES.gateDocument) {
    return judgeSignedDocument(opened.value, question, rules.judgeDocument);
  }
  const message = `expected an approval or a gate document, got ${predicateType.slice(0, 100)}`;
  return closed([blocking('predicate_unknown', file.source, message)]);
}

function judgeApproval(signed: SignedStatement, question: GateQuestion): FileVerdict {
  const fits = approvalSchema.safeParse(signed.value);
  if (!fits.success) {
    const [issue] = fits.error.issues;
    const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}`.slice(0, 300);
    return closed([blocking('statement_malformed', signed.source, message)]);
  }
  const { approver, verdict } = fits.data.predicate;
  const objections = objectionsTo(fits.data, question);
  if (verdict !== 'approved') {
    const note = fits.data.predicate.note ?? 'without a note';
    const refusal = blocking('changes_requested', approver, note, 'do what was asked for, then ask again');
    return { details: [...objections, refusal], approvedBy: [], refuses: true };
  }
  if (objections.length > 0) return closed(objections);
  const by = signed.signers.map((id) => id.slice(0, 16)).join(', ');
  const approved = noted('approved', approver, `signed with ${by}`);
  return { details: [approved], approvedBy: signed.signers, refuses: false };
}

function countApprovals(
  verdicts: readonly FileVerdict[],
  files: readonly SignedFile[],
  { publicKeys, required }: FileGateRules,
): readonly GateDetail[] {
  if (publicKeys.length === 0) {
    return [blocking('no_trusted_keys', null, 'no key is trusted to open this gate', 'name one')];
  }
  if (files.length === 0) return [blocking('approval_missing', null, 'no file is named')];
  const needed = Math.max(1, Math.ceil(required));
  const all = verdicts.flatMap((one) => one.approvedBy);
  const different = new Set(all).size;
  const enough = different >= needed;
  const repeated = `${all.length} approvals by ${different} keys: each key counts once`;
  const same = enough
    ? noted('approval_same_approver', null, repeated)
    : blocking('approval_same_approver', null, repeated, 'ask somebody else as well');
  const missing = `expected approvals by ${needed} different keys, got ${different}`;
  return [
    ...(all.length > different ? [same] : []),
    ...(enough ? [] : [blocking('approvals_missing', null, missing, 'orchestrator approve writes one')]),
  ];
}

function digestOf(files: readonly SignedFile[], keys: readonly VerifyingKey[]): string {
  const digests = files.map((one) => (one.bytes === null ? 'none' : sha256(one.bytes)));
  return sha256(JSON.stringify([digests, keys.map((key) => key.keyId)]));
}
