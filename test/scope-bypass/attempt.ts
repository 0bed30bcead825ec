import type { ScopePlan } from '../../src/core/gates/gate-plan.ts';
import type { BreachCode } from '../../src/core/scope/breach-codes.ts';
import type { Victim } from './repository.ts';

/** One way in which an agent gets a change past somebody who reads a diff. */
export interface Attempt {
  /** What the agent tries, in words. */
  readonly tries: string;
  /** What is judged: the content of the work tree, or HEAD's commit. */
  readonly view: 'content' | 'commit';
  /** What must refuse it. `git_failed`: nothing is judged, because the repository is not what it says. */
  readonly refusedBy: BreachCode | 'git_failed';
  /** Whether a guard that reads `git diff` with the repository's own configuration refuses it, too. */
  readonly naiveSees: boolean;
  /** Beside the budgets of the starter policy. */
  readonly scope?: Partial<ScopePlan>;
  /** Repo-root, from the top of the work tree. */
  readonly root?: string;
  act(victim: Victim): void;
}
