/**
 * What a run has delivered, and what it was about to: each step's record is on disk as `intended` before its write, so
 * that a later invocation knows what to look for before it writes again.
 */
export interface DeliveryRecord {
  /** Where it goes: as it was found before the first stage, when the remote is the name of one. */
  readonly remote: string;
  readonly remote_url: string;
  readonly branch: string;
  /** Words for why nothing goes on, where `DELIVERY_REFUSED` blocked. */
  readonly refused: string | null;
  readonly commit: CommitRecord | null;
  readonly push: PushRecord | null;
  readonly pull_request: PullRequestRecord | null;
}

export type DeliveryState = 'intended' | 'done';

export interface CommitRecord {
  readonly state: DeliveryState;
  /** SHA-256 of the content tree that it holds. */
  readonly tree_digest: string;
  readonly base_sha: string;
  /** The base, or what this run pushed to the branch before: a branch only goes forward. */
  readonly parent_sha: string;
  readonly message: string;
  readonly author_name: string;
  readonly author_email: string;
  /** Of author and committer: the same intent gives the same commit. */
  readonly date_unix_secs: number;
  /** null until it is made. */
  readonly sha: string | null;
}

export interface PushRecord {
  readonly state: DeliveryState;
  readonly sha: string;
  readonly branch: string;
  /** What the remote branch was before; null where it was not there. */
  readonly expected_sha: string | null;
  /** Unix seconds at which the remote was seen to have it; null until then. */
  readonly seen_at_unix_secs: number | null;
}

export interface PullRequestRecord {
  readonly state: DeliveryState;
  readonly on: 'github' | 'gitlab';
  readonly project: string;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  /** null until it is known: an intent without one opens. */
  readonly number: number | null;
  readonly url: string | null;
  /** The commit that the forge says it is for; null until it was seen. */
  readonly head_sha: string | null;
}

/** The commit that the remote has of this content tree; null where none is known to have got there. */
export function deliveredSha(record: DeliveryRecord | null, tree: string | null): string | null {
  const { commit, push } = record ?? { commit: null, push: null };
  if (commit === null || push?.state !== 'done' || commit.tree_digest !== tree) return null;
  return commit.sha === push.sha ? push.sha : null;
}
