import type { GateCode } from '../gate-codes.ts';
import type { ReviewRules } from '../gate-plan.ts';
import type { ApprovalFact, CommitNamesFact, UserFact } from './facts.ts';

/** What an approval is measured against. */
export interface ApprovalContext {
  /** When the head became the commit that this run is about (Unix ms). */
  readonly sinceMs: number;
  readonly author: UserFact;
  readonly commits: readonly CommitNamesFact[];
}

/** Why an approval does not count: a code, and words that go on from "it ". */
export interface Objection {
  readonly code: GateCode;
  readonly words: string;
}

/** Names that GitLab gives to accounts of tokens and services (docs, "Bot users for projects", "Service accounts"). */
const BOT_NAME = /^((project|group)_\d+_bot(_|\d|$)|service_account_|ghost$|.*-bot$)/i;

/** Whether an account is nobody's: by its name, as the answers here do not say more. */
export function isBot(user: UserFact): boolean {
  return BOT_NAME.test(user.username);
}

/** Whether a list of usernames has this one; GitLab does not tell cases apart. */
export function hasUsername(list: readonly string[], user: UserFact): boolean {
  return list.some((one) => one.toLowerCase() === user.username.toLowerCase());
}

/** Why one approval does not count; null where it does. */
export function objectionTo(
  { user, atMs }: ApprovalFact,
  context: ApprovalContext,
  own: ReviewRules,
): Objection | null {
  if (atMs === null) return { code: 'approval_without_time', words: 'does not say when it was given' };
  if (atMs < context.sinceMs) return { code: 'approval_of_old_commit', words: 'is older than this head' };
  if (isBot(user)) return { code: 'approval_by_bot', words: 'is of a bot' };
  if (hasUsername(own.agents, user)) return { code: 'approval_by_agent', words: 'is of an agent' };
  if (user.id === context.author.id || hasUsername([context.author.username], user)) {
    return { code: 'approval_by_author', words: 'is of whoever opened the merge request' };
  }
  if (context.commits.some((commit) => isNamedIn(commit, user))) {
    return { code: 'approval_by_committer', words: 'is of somebody who made a commit of it' };
  }
  if (own.reviewers.length > 0 && !hasUsername(own.reviewers, user)) {
    return { code: 'approval_not_on_list', words: 'is of nobody on the list of reviewers' };
  }
  return null;
}

/**
 * Whether a commit names this account. GitLab lists commits with names and addresses only, so that both are compared:
 * with the account's name and username, and with the part before the `@`, which holds the username in GitLab's private
 * addresses (`7-rita@users.noreply.…`). Somebody else of the same name does not count either: that errs on the safe side.
 */
function isNamedIn(commit: CommitNamesFact, user: UserFact): boolean {
  const own = [user.name, user.username].map(folded).filter((text) => text !== '');
  const local = (email: string): string => (email.split('@')[0] ?? '').replace(/^\d+-/, '');
  const seen = [
    ...[commit.authorName, commit.committerName],
    ...[local(commit.authorEmail), local(commit.committerEmail)],
  ].map(folded);
  return own.some((text) => seen.includes(text));
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
