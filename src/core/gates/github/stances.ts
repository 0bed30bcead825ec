import type { AccountFact, ReviewFact } from './facts.ts';

/** The last word of one reviewer. A dismissal is one: it clears what was said before and brings nothing back. */
export interface Stance {
  /** null where the account is gone. */
  readonly author: AccountFact | null;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';
  readonly commitSha: string | null;
}

/** What reviews of a pull request come to. */
export interface Stances {
  readonly stances: readonly Stance[];
  /** States that nobody here knows. */
  readonly unknown: readonly string[];
}

/**
 * The last stance of each reviewer (spec/gates.md, section 2). A comment and a review that is not submitted yet neither
 * approve nor clear anything. Reviews of accounts that are gone cannot be told apart: each stands for itself.
 */
export function lastStances(reviews: readonly ReviewFact[]): Stances {
  const last = new Map<string, Stance>();
  const unknown: string[] = [];
  for (const review of reviews) {
    const { state, author, commitSha } = review;
    if (state === 'COMMENTED' || state === 'PENDING') continue;
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED' || state === 'DISMISSED') {
      const key = author === null ? `review ${review.id}` : `account ${author.id}`;
      last.set(key, { author, state, commitSha });
    } else {
      unknown.push(state);
    }
  }
  return { stances: [...last.values()], unknown };
}
