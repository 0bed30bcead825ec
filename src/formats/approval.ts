import type { Verdict } from '../core/gates/approval.ts';
import type { GateName } from '../core/gates/gate.ts';
import type { ArtifactRecord } from '../core/records.ts';
import { sha256 } from './sha256.ts';
import { PREDICATE_TYPES, STATEMENT_TYPE, type Statement, type StatementSubject } from './statement.ts';

/** A person's word on one gate of one run, and on the content that the run had validated then. */
export interface ApprovalPredicate {
  readonly run_id: string;
  readonly gate: GateName;
  readonly verdict: Verdict;
  /** As the approver calls himself; who signed is told by the key alone. */
  readonly approver: string;
  readonly note: string | null;
  readonly head_sha: string | null;
  readonly tree_digest: string | null;
  readonly plan_digest: string | null;
  readonly issued_at_unix_secs: number;
  readonly expires_at_unix_secs: number;
}
export type ApprovalStatement = Statement<typeof PREDICATE_TYPES.approval, ApprovalPredicate>;

/** The statement of an approval: its subjects are the commit, the content tree and the plan that it is about. */
export function approvalStatement(predicate: ApprovalPredicate): ApprovalStatement {
  const { head_sha: head, tree_digest: tree, plan_digest: plan } = predicate;
  const subject: readonly StatementSubject[] = [
    ...(head === null ? [] : [{ name: 'head commit', digest: { gitCommit: head } }]),
    ...(tree === null ? [] : [{ name: 'content tree', digest: { sha256: tree } }]),
    ...(plan === null ? [] : [{ name: 'plan', digest: { sha256: plan } }]),
  ];
  return { _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPES.approval, predicate };
}

/**
 * What identifies the plan of a run: SHA-256 over the artifacts that planning left, by path. null where it left
 * none.
 */
export function planDigest(artifacts: readonly ArtifactRecord[]): string | null {
  const plan = artifacts.filter((one) => one.stage === 'planning');
  if (plan.length === 0) return null;
  const lines = plan.map((one) => JSON.stringify([one.path, one.sha256])).sort();
  return sha256(`${lines.join('\n')}\n`);
}
