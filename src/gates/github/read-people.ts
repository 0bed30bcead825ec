import * as z from 'zod';
import type {
  AccountFact,
  CommitAuthorsFact,
  PermissionFact,
  PullRequestFact,
  PusherFact,
  ReviewFact,
} from '../../core/gates/github/facts.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { accountFact, commitAuthorsFact, permissionFact, reviewFact } from '../../formats/github/facts.ts';
import {
  activitySchema,
  permissionSchema,
  pullCommitSchema,
  reviewSchema,
} from '../../formats/github/reviews.schema.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import { PAGE_SIZE, type WholeList } from './pages.ts';
import { isName, nameOf, type PullPlace } from './place.ts';
import { readIfAllowed, readList } from './read-list.ts';
import type { Freshness, ReadSession } from './reader.ts';

/** Commits that the list of a pull request has at most (docs, "List commits on a pull request"). */
const MAX_LISTED_COMMITS = 250;

/** Every review, in the order of submission. */
export function readReviews(
  session: ReadSession,
  place: PullPlace,
  freshness: Freshness,
): Promise<Result<WholeList<ReviewFact>, CallFailure>> {
  const { owner, repo, number } = place;
  return readList(
    session,
    {
      call: `reviews of ${nameOf(place)}`,
      needs: 'Pull requests: read',
      route: '/repos/{owner}/{repo}/pulls/{number}/reviews',
      parameters: { owner, repo, number },
      schema: z.array(reviewSchema),
      freshness,
    },
    { page: (items) => ({ items: items.map(reviewFact), total: null }), idOf: (review) => String(review.id) },
  );
}

/** Who made the commits of the change: all of them, or a failure. */
export async function readCommitAuthors(
  session: ReadSession,
  place: PullPlace,
  pull: PullRequestFact,
  freshness: Freshness,
): Promise<Result<readonly CommitAuthorsFact[], CallFailure>> {
  const { owner, repo, number } = place;
  const call = `commits of ${nameOf(place)}`;
  if (pull.commits > MAX_LISTED_COMMITS) return fail(tooMany(call, pull.commits));
  const listed = await readList(
    session,
    {
      call,
      needs: 'Pull requests: read',
      route: '/repos/{owner}/{repo}/pulls/{number}/commits',
      parameters: { owner, repo, number },
      schema: z.array(pullCommitSchema),
      freshness,
    },
    { page: (items) => ({ items: items.map(commitAuthorsFact), total: null }), idOf: (commit) => commit.sha },
  );
  if (!listed.ok) return listed;
  const { items } = listed.value;
  if (items.length !== pull.commits) {
    return fail(untrusted(call, `has ${items.length} commits, the pull request says ${pull.commits}`));
  }
  if (!items.some((commit) => commit.sha === pull.headSha))
    return fail(untrusted(call, 'has not the head in it'));
  return ok(items);
}

function tooMany(call: string, commits: number): CallFailure {
  return {
    ...untrusted(call, ''),
    message: `${call}: there are ${commits}, and GitHub lists ${MAX_LISTED_COMMITS}: who made the others is not known`,
    remedy: 'make fewer commits of them, or several pull requests',
  };
}

/** A word on who pushed the head, and the address that could say more; null where there is none. */
export interface PusherRead {
  readonly pusher: PusherFact;
  readonly address: string | null;
}

const UNSEEN: PusherRead = { pusher: { kind: 'unseen' }, address: null };

/**
 * Who pushed the head, by the activity of its repository: old servers have no such list, and a token may not see that
 * of a fork.
 */
export async function readLastPusher(
  session: ReadSession,
  pull: PullRequestFact,
  freshness: Freshness,
): Promise<Result<PusherRead, CallFailure>> {
  const [owner, repo] = pull.headRepository?.split('/') ?? [];
  if (owner === undefined || repo === undefined || !isName(owner) || !isName(repo)) return ok(UNSEEN);
  const ref = `refs/heads/${pull.headRef}`;
  const activities = await readIfAllowed(
    session,
    {
      call: `activity of ${pull.headRepository}`,
      needs: 'Contents: read',
      route: '/repos/{owner}/{repo}/activity',
      parameters: { owner, repo, ref, per_page: PAGE_SIZE },
      schema: z.array(activitySchema),
      freshness,
    },
    [403, 404],
  );
  if (!activities.ok) return activities;
  if (activities.value === null) return ok(UNSEEN);
  const { value, address } = activities.value;
  const push = value.find((one) => one.ref === ref && one.after === pull.headSha);
  if (push === undefined) return ok({ pusher: { kind: 'unlisted' }, address });
  return ok(
    push.actor === null ? UNSEEN : { pusher: { kind: 'known', account: accountFact(push.actor) }, address },
  );
}

/** What an account may do; `unknown` where the forge does not know it as one of the repository. */
export async function readPermission(
  session: ReadSession,
  place: PullPlace,
  account: AccountFact,
  freshness: Freshness,
): Promise<Result<PermissionFact, CallFailure>> {
  const { owner, repo } = place;
  const answer = await readIfAllowed(
    session,
    {
      call: `permission of ${account.login}`,
      needs: 'Metadata: read, by an account that may push',
      route: '/repos/{owner}/{repo}/collaborators/{username}/permission',
      parameters: { owner, repo, username: account.login },
      schema: permissionSchema,
      freshness,
    },
    [404],
  );
  if (!answer.ok) return answer;
  if (answer.value === null || answer.value.value.user?.id !== account.id) return ok('unknown');
  return ok(permissionFact(answer.value.value));
}
