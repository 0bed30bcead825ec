import type { GateCode } from '../gate-codes.ts';
import type { ReviewRules } from '../gate-plan.ts';
import type { AccountFact, CommitAuthorsFact, PermissionFact, PullRequestFact, PusherFact } from './facts.ts';
import { shortSha } from './shown.ts';
import type { Stance } from './stances.ts';

/** Everything that the review gate is decided from, beside the reviews themselves. */
export interface ReviewContext {
  readonly headSha: string;
  readonly pull: PullRequestFact;
  readonly commits: readonly CommitAuthorsFact[];
  readonly pusher: PusherFact;
  /** By account id: what each reviewer with a standing word may do. */
  readonly permissions: ReadonlyMap<number, PermissionFact>;
}

/** Why an approval does not count, as a fine code and in words; null where it counts. */
export interface Objection {
  readonly code: GateCode;
  readonly words: string;
}

type Rule = (
  account: AccountFact,
  stance: Stance,
  context: ReviewContext,
  rules: ReviewRules,
) => Objection | null;

/** Every one of them must have nothing to say (spec/gates.md, section 2: "counts only if all hold"). */
const RULES: readonly Rule[] = [
  (_, { commitSha }, { headSha }) =>
    commitSha === headSha
      ? null
      : {
          code: 'approval_of_other_commit',
          words:
            commitSha === null
              ? 'names no commit'
              : `is of ${shortSha(commitSha)}, the head is ${shortSha(headSha)}`,
        },
  (account) =>
    account.type === 'User'
      ? null
      : { code: 'approval_by_bot', words: `is by an account of type ${account.type.slice(0, 20)}` },
  (account, _, __, rules) =>
    hasLogin(rules.agents, account)
      ? { code: 'approval_by_agent', words: 'is by an account that is listed as an agent' }
      : null,
  (account, _, { pull }) =>
    same(account, pull.author)
      ? { code: 'approval_by_author', words: 'is by the author of the pull request' }
      : null,
  (account, _, { commits }) =>
    commits.some((commit) => same(account, commit.author) || same(account, commit.committer))
      ? { code: 'approval_by_committer', words: 'is by an author or committer of the change' }
      : null,
  (account, _, { pusher }) =>
    pusher.kind === 'known' && same(account, pusher.account)
      ? { code: 'approval_by_last_pusher', words: 'is by who pushed the head' }
      : null,
  (account, _, __, rules) =>
    rules.reviewers.length === 0 || hasLogin(rules.reviewers, account)
      ? null
      : { code: 'approval_not_on_list', words: 'is by nobody on the list of reviewers' },
  (account, _, { permissions }) =>
    permissions.get(account.id) === 'write'
      ? null
      : {
          code: 'approval_without_permission',
          words: 'is by an account that is not known to have write access',
        },
];

/** Why this approval does not count; the first reason that is found. */
export function objectionTo(stance: Stance, context: ReviewContext, rules: ReviewRules): Objection | null {
  const { author } = stance;
  if (author === null) return { code: 'approval_by_nobody', words: 'is by an account that is gone' };
  for (const rule of RULES) {
    const objection = rule(author, stance, context, rules);
    if (objection !== null) return objection;
  }
  return null;
}

/** Logins are compared as GitHub does, without case. */
export function hasLogin(logins: readonly string[], account: AccountFact): boolean {
  return logins.some((login) => login.toLowerCase() === account.login.toLowerCase());
}

function same(account: AccountFact, other: AccountFact | null): boolean {
  return other !== null && (other.id === account.id || hasLogin([other.login], account));
}
