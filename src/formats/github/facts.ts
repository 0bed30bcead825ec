import type * as z from 'zod';
import type {
  AccountFact,
  CheckRunFact,
  CommitAuthorsFact,
  ForgeDemand,
  PermissionFact,
  PullRequestFact,
  RequiredBy,
  ReviewFact,
  StatusFact,
} from '../../core/gates/github/facts.ts';
import type { accountSchema } from './account.schema.ts';
import type { checkRunSchema, combinedStatusPageSchema } from './checks.schema.ts';
import type { pullRequestSchema } from './pull-request.schema.ts';
import type { permissionSchema, pullCommitSchema, reviewSchema } from './reviews.schema.ts';

/** An account without what the API says beside. */
export function accountFact(account: z.infer<typeof accountSchema>): AccountFact {
  return { id: account.id, login: account.login, type: account.type };
}

/** A pull request as the core judges it. */
export function pullRequestFact(pull: z.infer<typeof pullRequestSchema>): PullRequestFact {
  return {
    number: pull.number,
    open: pull.state === 'open',
    merged: pull.merged,
    draft: pull.draft,
    headSha: pull.head.sha,
    headRepository: pull.head.repo?.full_name ?? null,
    headRef: pull.head.ref,
    baseRef: pull.base.ref,
    baseRepository: pull.base.repo.full_name,
    mergeSha: pull.merge_commit_sha ?? null,
    author: pull.user === null ? null : accountFact(pull.user),
    commits: pull.commits,
  };
}

/** A check run as the core judges it. */
export function checkRunFact(run: z.infer<typeof checkRunSchema>): CheckRunFact {
  const { id, name, status, conclusion, app } = run;
  return { id, name, status, conclusion, app: app === null ? null : { id: app.id, slug: app.slug ?? null } };
}

/** The statuses of a page. */
export function statusFacts(page: z.infer<typeof combinedStatusPageSchema>): readonly StatusFact[] {
  return page.statuses.map(({ id, context, state }) => ({ id, context, state }));
}

/** A demand; `app` as the API has it: an id, or null, -1 or nothing for any app. */
export function demandFact(name: string, app: number | null | undefined, by: RequiredBy): ForgeDemand {
  return { name, app: app === undefined || app === null || app === -1 ? null : String(app), by };
}

/** A review as the core judges it. */
export function reviewFact(review: z.infer<typeof reviewSchema>): ReviewFact {
  const { id, user, state } = review;
  return { id, state, commitSha: review.commit_id, author: user === null ? null : accountFact(user) };
}

/** Who made a commit. The API has an empty object or null for an address without an account. */
export function commitAuthorsFact(commit: z.infer<typeof pullCommitSchema>): CommitAuthorsFact {
  return { sha: commit.sha, author: known(commit.author), committer: known(commit.committer) };
}

/** Roles that the API reports beside `permission`, and that contradict a permission to write. */
const LOWER_ROLES: ReadonlySet<string> = new Set(['none', 'read', 'triage']);

/** What a permission allows. A custom role counts by the permission that it is built on. */
export function permissionFact(answer: z.infer<typeof permissionSchema>): PermissionFact {
  const { permission, role_name } = answer;
  if (permission === 'admin' || permission === 'maintain' || permission === 'write') {
    return LOWER_ROLES.has(role_name) ? 'unknown' : 'write';
  }
  if (permission === 'read' || permission === 'triage' || permission === 'none') {
    return role_name === 'admin' || role_name === 'maintain' || role_name === 'write' ? 'unknown' : 'less';
  }
  return 'unknown';
}

function known(account: z.infer<typeof pullCommitSchema>['author']): AccountFact | null {
  return account === null || !isAccount(account) ? null : accountFact(account);
}

function isAccount(account: object): account is z.infer<typeof accountSchema> {
  return 'id' in account;
}
