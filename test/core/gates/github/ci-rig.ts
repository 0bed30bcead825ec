import type { RequiredCheck } from '../../../../src/core/gates/gate-plan.ts';
import type {
  CheckRunFact,
  CommitFacts,
  ForgeDemand,
  PullRequestFact,
  StatusFact,
} from '../../../../src/core/gates/github/facts.ts';
import { judgeCi } from '../../../../src/core/gates/github/judge-ci.ts';
import { combineFindings, type Verdict } from '../../../../src/core/gates/github/verdict.ts';

export const HEAD = 'a'.repeat(40);
export const MERGE = 'b'.repeat(40);
export const ACTIONS = { id: 15_368, slug: 'github-actions' };
export const OTHER = { id: 99, slug: 'other-ci' };

let nextId = 0;

/** A completed check run; ids rise in the order of the calls. */
export function check(
  name: string,
  conclusion: string | null,
  more: Partial<CheckRunFact> = {},
): CheckRunFact {
  nextId += 1;
  return { id: nextId, name, app: ACTIONS, status: 'completed', conclusion, ...more };
}

export function status(context: string, state: string): StatusFact {
  nextId += 1;
  return { id: nextId, context, state };
}

export function required(name: string, more: Partial<RequiredCheck> = {}): RequiredCheck {
  return { name, app: null, accept: [], ...more };
}

export function pullRequest(more: Partial<PullRequestFact> = {}): PullRequestFact {
  return {
    number: 7,
    open: true,
    merged: false,
    draft: false,
    headSha: HEAD,
    headRepository: 'octo/repo',
    headRef: 'agent/change',
    baseRef: 'main',
    baseRepository: 'octo/repo',
    mergeSha: MERGE,
    author: { id: 1, login: 'author', type: 'User' },
    commits: 1,
    ...more,
  };
}

export interface Given {
  readonly pull?: Partial<PullRequestFact>;
  readonly own?: readonly RequiredCheck[];
  readonly forge?: readonly ForgeDemand[];
  readonly checks?: readonly CheckRunFact[];
  readonly statuses?: readonly StatusFact[];
  readonly merge?: Partial<CommitFacts>;
  readonly strict?: boolean;
  readonly acceptFlaky?: boolean;
}

/** The ci verdict on a pull request that requires `build`, where nothing else is given. */
export function ciVerdict(given: Given): Verdict {
  const commit = { sha: HEAD, checks: given.checks ?? [], statuses: given.statuses ?? [] };
  return combineFindings(
    judgeCi(
      {
        headSha: HEAD,
        pull: pullRequest(given.pull),
        demands: given.forge ?? [],
        head: commit,
        strict: given.strict ?? given.merge !== undefined,
        merge: given.merge === undefined ? null : { sha: MERGE, checks: [], statuses: [], ...given.merge },
      },
      { required: given.own ?? [required('build')], acceptFlaky: given.acceptFlaky ?? false },
    ),
  );
}

/** The codes that close the gate. */
export function blockingCodesOf(verdict: Verdict): readonly string[] {
  return verdict.details.filter((detail) => detail.blocks).map((detail) => detail.code);
}
