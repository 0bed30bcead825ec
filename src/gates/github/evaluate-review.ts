import type { ReviewRules } from '../../core/gates/gate-plan.ts';
import type {
  AccountFact,
  CommitAuthorsFact,
  PermissionFact,
  PullRequestFact,
  ReviewFact,
} from '../../core/gates/github/facts.ts';
import { objectionTo, type ReviewContext } from '../../core/gates/github/judge-approval.ts';
import { judgeReview } from '../../core/gates/github/judge-review.ts';
import { lastStances } from '../../core/gates/github/stances.ts';
import { combineFindings } from '../../core/gates/github/verdict.ts';
import { ok, type Result } from '../../core/result.ts';
import type { CallFailure } from './call-failure.ts';
import type { Evaluate } from './evaluation.ts';
import type { PullPlace } from './place.ts';
import {
  type PusherRead,
  readCommitAuthors,
  readLastPusher,
  readPermission,
  readReviews,
} from './read-people.ts';
import { readPull } from './read-pull.ts';
import type { Freshness, ReadSession } from './reader.ts';

const UNSEEN = [
  'unresolved threads, requested reviewers and the review decision of the forge',
  'bodies of reviews and comments',
];

/** Reads and judges the review gate; the pull request comes last, so that an approval is not of a head that has moved. */
export function evaluateReview(place: PullPlace, rules: ReviewRules): Evaluate {
  return async (session, plan) => {
    const early = await readPull(session, place, plan.context);
    if (!early.ok) return early;
    const people = await readParticipants(session, place, early.value.value, plan.context);
    if (!people.ok) return people;
    const reviews = await readReviews(session, place, plan.judged);
    if (!reviews.ok) return reviews;
    const { commits, pushed } = people.value;
    const about = { headSha: place.sha, commits, pusher: pushed.pusher };
    const context = { ...about, pull: early.value.value, permissions: new Map() };
    const asked = whoseRightsMatter(reviews.value.items, context, rules);
    const permissions = await readPermissions(session, place, asked, plan.context);
    if (!permissions.ok) return permissions;
    const pull = await readPull(session, place, plan.judged);
    if (!pull.ok) return pull;
    const known = { ...context, pull: pull.value.value, permissions: permissions.value };
    const unlisted = pushed.pusher.kind === 'unlisted' && pushed.address !== null ? [pushed.address] : [];
    return ok({
      verdict: combineFindings(judgeReview(reviews.value.items, known, rules)),
      notEvaluated: UNSEEN,
      watch: [...reviews.value.addresses, ...unlisted, pull.value.address],
    });
  };
}

interface Participants {
  readonly commits: readonly CommitAuthorsFact[];
  readonly pushed: PusherRead;
}

async function readParticipants(
  session: ReadSession,
  place: PullPlace,
  pull: PullRequestFact,
  freshness: Freshness,
): Promise<Result<Participants, CallFailure>> {
  const commits = await readCommitAuthors(session, place, pull, freshness);
  if (!commits.ok) return commits;
  const pusher = await readLastPusher(session, pull, freshness);
  return pusher.ok ? ok({ commits: commits.value, pushed: pusher.value }) : pusher;
}

/** Who asks for changes, and whose approval counts if they may write; nobody else's rights change anything. */
function whoseRightsMatter(
  reviews: readonly ReviewFact[],
  context: ReviewContext,
  rules: ReviewRules,
): readonly AccountFact[] {
  return lastStances(reviews).stances.flatMap((stance) => {
    const { author, state } = stance;
    if (author === null || state === 'DISMISSED') return [];
    if (state === 'CHANGES_REQUESTED') return [author];
    const permissions = new Map<number, PermissionFact>([[author.id, 'write']]);
    return objectionTo(stance, { ...context, permissions }, rules) === null ? [author] : [];
  });
}

async function readPermissions(
  session: ReadSession,
  place: PullPlace,
  accounts: readonly AccountFact[],
  freshness: Freshness,
): Promise<Result<ReadonlyMap<number, PermissionFact>, CallFailure>> {
  const found = new Map<number, PermissionFact>();
  for (const account of accounts) {
    const permission = await readPermission(session, place, account, freshness);
    if (!permission.ok) return permission;
    found.set(account.id, permission.value);
  }
  return ok(found);
}
