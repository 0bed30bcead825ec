import type { Verdict } from '../../core/gates/github/verdict.ts';
import type { Result } from '../../core/result.ts';
import type { CallFailure } from './call-failure.ts';
import type { Freshness, ReadSession } from './reader.ts';

/** How fresh the answers of one evaluation must be. */
export interface FreshnessPlan {
  /** Of what is judged: the pull request, checks, statuses, reviews. */
  readonly judged: Freshness;
  /** Of what it is judged by: rules, permissions, who made the commits. */
  readonly context: Freshness;
}

/** What a gate's answers come to. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly notEvaluated: readonly string[];
  /** Addresses whose answers could change the verdict. */
  readonly watch: readonly string[];
}

/** Reads and judges one gate. */
export type Evaluate = (
  session: ReadSession,
  plan: FreshnessPlan,
) => Promise<Result<Evaluation, CallFailure>>;
