import type { GateCode } from '../../core/gates/gate-codes.ts';
import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { GateQuestion } from '../../core/gates/gate-question.ts';
import { type ApprovalStatement, approvalStatement } from '../../formats/approval.ts';

/** How far an approver's clock may be ahead of ours, in seconds. */
export const CLOCK_SKEW_SECS = 60;

/**
 * What stands between a signed approval and the question: it has to be of this gate, run, commit, content and plan,
 * and of now. Empty where nothing does; the verdict itself is not looked at.
 */
export function objectionsTo(
  { predicate, subject }: ApprovalStatement,
  question: GateQuestion,
): readonly GateDetail[] {
  const { subject: asked, nowSecs, moment } = question;
  const about = predicate.approver;
  const differs = (code: GateCode, what: string, expected: string | null, got: string | null) =>
    expected === got
      ? []
      : [blocking(code, about, `expected ${what} ${shown(expected)}, got ${shown(got)}`, AGAIN)];
  // Before anything is validated there is no content that could differ.
  const isOpen = (expected: string | null) => moment === 'admission' && expected === null;
  const stated = approvalStatement(predicate).subject;
  return [
    ...differs('approval_other_gate', 'gate', question.gate, predicate.gate),
    ...differs('approval_other_run', 'run', asked.run_id, predicate.run_id),
    ...(isOpen(asked.head_sha)
      ? []
      : differs('approval_other_commit', 'commit', asked.head_sha, predicate.head_sha)),
    ...(isOpen(asked.tree_digest)
      ? []
      : differs('approval_other_tree', 'content tree', asked.tree_digest, predicate.tree_digest)),
    ...differs('approval_other_plan', 'plan', question.planDigest, predicate.plan_digest),
    ...(predicate.head_sha === null && predicate.tree_digest === null && !admitsPlan(predicate, moment)
      ? [blocking('approval_unbound', about, 'expected a commit or a content tree, got neither', AGAIN)]
      : []),
    ...(JSON.stringify(stated) === JSON.stringify(subject)
      ? []
      : [blocking('approval_subject_differs', about, 'its subjects are not what its predicate is about')]),
    ...outOfTime(predicate.issued_at_unix_secs, predicate.expires_at_unix_secs, { about, nowSecs }),
  ];
}

/** Before the execution a plan is all that there is to say a word on. */
function admitsPlan(predicate: ApprovalStatement['predicate'], moment: GateQuestion['moment']): boolean {
  return moment === 'admission' && predicate.plan_digest !== null;
}

const AGAIN = 'have it approved anew with: orchestrator approve';

function outOfTime(
  issued: number,
  expires: number,
  { about, nowSecs }: { readonly about: string; readonly nowSecs: number },
): readonly GateDetail[] {
  if (issued > nowSecs + CLOCK_SKEW_SECS) {
    return [blocking('approval_from_future', about, `issued at ${issued}, and it is ${nowSecs} now`)];
  }
  if (expires > nowSecs && expires > issued) return [];
  return [blocking('approval_expired', about, `expired at ${expires}, and it is ${nowSecs} now`, AGAIN)];
}

function shown(value: string | null): string {
  return value === null ? 'none' : value.slice(0, 100);
}
