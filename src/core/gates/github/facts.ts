/** One check run of the commit, as the forge reports it. Words stay as they came: what is not known blocks. */
export interface CheckRunFact {
  readonly id: number;
  readonly name: string;
  /** The app that reports it; null where the forge names none. */
  readonly app: { readonly id: number; readonly slug: string | null } | null;
  readonly status: string;
  readonly conclusion: string | null;
}

/** One commit status. A status does not say which app set it. */
export interface StatusFact {
  readonly id: number;
  readonly context: string;
  readonly state: string;
}

/** What one commit shows: the head, or the test merge of head and base. */
export interface CommitFacts {
  readonly sha: string;
  readonly checks: readonly CheckRunFact[];
  readonly statuses: readonly StatusFact[];
}

/** Where a demand comes from, strongest word first in messages. */
export type RequiredBy = 'own list' | 'branch rules' | 'branch protection';

/** A check that the forge demands before a merge; `app` is the numeric id of the only app that counts, null for any. */
export interface ForgeDemand {
  readonly name: string;
  readonly app: string | null;
  readonly by: RequiredBy;
}

/** An account of the forge. `type` is `User`, `Bot` or whatever else the forge says. */
export interface AccountFact {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

/** A pull request as it was when it was read. */
export interface PullRequestFact {
  readonly number: number;
  readonly open: boolean;
  readonly merged: boolean;
  readonly draft: boolean;
  readonly headSha: string;
  /** `owner/name` of the repository that the head lies in; null where it is gone. */
  readonly headRepository: string | null;
  readonly headRef: string;
  readonly baseRef: string;
  readonly baseRepository: string;
  /** The test merge of head and base, where the forge has made one. */
  readonly mergeSha: string | null;
  /** null where the account is gone. */
  readonly author: AccountFact | null;
  readonly commits: number;
}

/** One review, in the order in which it was submitted. */
export interface ReviewFact {
  readonly id: number;
  readonly author: AccountFact | null;
  readonly state: string;
  /** The commit that was looked at; null where the forge does not say. */
  readonly commitSha: string | null;
}

/** Who made one commit of the change; null where the forge knows no account for the address in it. */
export interface CommitAuthorsFact {
  readonly sha: string;
  readonly author: AccountFact | null;
  readonly committer: AccountFact | null;
}

/** Who pushed the head: `unlisted` where the forge does not list that push yet, `unseen` where its list is not to be had. */
export type PusherFact =
  | { readonly kind: 'known'; readonly account: AccountFact }
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'unseen' };

/** What an account may do in the repository; `unknown` where the forge did not say. */
export type PermissionFact = 'write' | 'less' | 'unknown';
