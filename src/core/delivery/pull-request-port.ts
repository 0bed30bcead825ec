import type { Failure } from '../failure.ts';
import type { Result } from '../result.ts';

/** An open pull request (a merge request at GitLab). */
export interface OpenPullRequest {
  readonly number: number;
  /** For people. */
  readonly url: string;
  /** The commit that the forge says it is for; null while it has not taken in the push. */
  readonly headSha: string | null;
}

/** What a pull request says; `head` and `base` are branches of the project itself. */
export interface PullRequestWords {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/**
 * The pull requests of one project on one forge. Failures are `delivery_failed`, made by `refuse` where asking again
 * does not help and by `trouble` where it may; none of them holds the token.
 */
export interface PullRequestPort {
  /** The open ones from `head` into `base`, asked now and not remembered. */
  find(words: Pick<PullRequestWords, 'head' | 'base'>): Promise<Result<readonly OpenPullRequest[], Failure>>;
  open(words: PullRequestWords): Promise<Result<OpenPullRequest, Failure>>;
  update(number: number, words: PullRequestWords): Promise<Result<OpenPullRequest, Failure>>;
}
