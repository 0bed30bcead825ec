import type { ReviewRules } from '../gate-plan.ts';
import { blocks, type Finding, notes, passes, waits } from '../github/finding.ts';
import { shortSha, shown } from '../github/shown.ts';
import type {
  ApprovalFact,
  ApprovalRuleFact,
  CommitNamesFact,
  MergeRequestFact,
  VersionFact,
} from './facts.ts';
import { type ApprovalContext, hasUsername, isBot, objectionTo } from './judge-approval.ts';
import { judgeMergeRequest } from './judge-merge-request.ts';

/** Everything that the review gate is decided from. */
export interface GitlabReviewFacts {
  readonly headSha: string;
  readonly merge: MergeRequestFact;
  readonly approvals: readonly ApprovalFact[];
  /** null on an instance that has no approval rules. */
  readonly rules: readonly ApprovalRuleFact[] | null;
  readonly versions: readonly VersionFact[];
  readonly commits: readonly CommitNamesFact[];
}

/**
 * The review gate on GitLab (spec/gates.md, section 3): every rule of GitLab is met, and at least our own number of
 * different people approved this head. `approved: true` of the whole is not asked: it is true as well where nothing
 * is required and nobody has looked.
 */
export function judgeGitlabReview(facts: GitlabReviewFacts, own: ReviewRules): readonly Finding[] {
  const { merge, headSha, commits } = facts;
  const findings = judgeMergeRequest(merge, headSha, 'review');
  // Of another head nothing else was meant.
  if (merge.sha !== headSha) return findings;
  const sinceMs = headSince(facts);
  if (sinceMs === null) return [...findings, noVersion(facts)];
  if (!commits.some((commit) => commit.sha === headSha)) return [...findings, commitsCut(facts)];
  const rules = (facts.rules ?? []).flatMap(judgeRule);
  return [...findings, ...rules, ...judgeApprovals(facts, { sinceMs, author: merge.author, commits }, own)];
}

/** When the newest head of the merge request became this commit (Unix ms); null where it is another one. */
function headSince({ versions, headSha }: GitlabReviewFacts): number | null {
  const [first] = versions;
  if (first === undefined) return null;
  const newest = versions.reduce((latest, one) => (one.id > latest.id ? one : latest), first);
  return newest.headSha === headSha ? newest.sinceMs : null;
}

function noVersion({ merge, headSha }: GitlabReviewFacts): Finding {
  const about = `!${merge.iid}`;
  return waits(`GitLab to list ${shortSha(headSha)} as a version of ${about}`, {
    ...{ code: 'version_missing', about },
    message: `${shortSha(headSha)} is not the newest version of ${about}: approvals cannot be tied to it`,
    remedy: 'wait until GitLab has taken in the push, then --resume',
  });
}

function commitsCut({ merge, headSha }: GitlabReviewFacts): Finding {
  return blocks(
    'review_unknown',
    `!${merge.iid}`,
    `the list of commits does not hold the head ${shortSha(headSha)}: who took part in the change cannot be told`,
    'look at the commits of the merge request, then --resume',
  );
}

function judgeRule(rule: ApprovalRuleFact): readonly Finding[] {
  const name = shown(rule.name);
  const people = new Set(rule.approvedBy.map((user) => user.id)).size;
  if (!rule.approved) {
    return [
      waits(`the approval rule ${name}`, {
        ...{ code: 'approval_rule_open', about: rule.name },
        message: `the rule ${name} wants ${rule.required} approval(s) and has ${people}`,
        remedy: 'let one of its approvers approve',
      }),
    ];
  }
  // GitLab calls a rule approved that nobody can meet any more ("automatically approved", gitlab-org/gitlab#390121).
  if (people < rule.required) {
    return [
      blocks(
        'approval_rule_unmet',
        rule.name,
        `GitLab calls the rule ${name} approved with ${people} of ${rule.required} approval(s)`,
        'mend the rule: it wants more approvers than there are',
      ),
    ];
  }
  return rule.required === 0 ? [] : [notes('approval_rule', rule.name, `the rule ${name} is met`)];
}

function judgeApprovals(
  facts: GitlabReviewFacts,
  context: ApprovalContext,
  own: ReviewRules,
): readonly Finding[] {
  const { merge, headSha, approvals } = facts;
  const about = `!${merge.iid}`;
  const needed = Math.max(1, own.approvals ?? (isByBot(merge, own) ? 2 : 1));
  const counted = new Set<number>();
  const findings = approvals.map((approval) => {
    const { username, id } = approval.user;
    const objection = objectionTo(approval, context, own);
    if (objection === null) counted.add(id);
    return objection === null
      ? notes('approval', username, `${shown(username)} approved ${shortSha(headSha)}`)
      : notes(
          objection.code,
          username,
          `the approval by ${shown(username)} does not count: it ${objection.words}`,
        );
  });
  const message = `${counted.size} of ${needed} approval(s) of ${shortSha(headSha)} count`;
  if (counted.size >= needed) return [...findings, passes('approvals', about, message)];
  const remedy = `let somebody who took no part in the change approve ${shortSha(headSha)}`;
  const waitsFor = `${needed - counted.size} more approval(s) of ${about}`;
  return [...findings, waits(waitsFor, { code: 'approvals_missing', about, message, remedy })];
}

/** Two people look at what a bot or an agent opened, unless the rules say otherwise. */
function isByBot(merge: MergeRequestFact, own: ReviewRules): boolean {
  return isBot(merge.author) || hasUsername(own.agents, merge.author);
}
