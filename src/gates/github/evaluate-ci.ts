import type { CiRules } from '../../core/gates/gate-plan.ts';
import type { CheckRunFact, PullRequestFact, StatusFact } from '../../core/gates/github/facts.ts';
import { judgeCi } from '../../core/gates/github/judge-ci.ts';
import { combineFindings, type Verdict } from '../../core/gates/github/verdict.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type CallFailure, transient } from './call-failure.ts';
import type { Evaluate } from './evaluation.ts';
import type { WholeList } from './pages.ts';
import { nameOf, type PullPlace } from './place.ts';
import { type CommitAnswers, countSuites, readCheckRuns, readCommit, readStatuses } from './read-commit.ts';
import { type BranchDemands, readDemands } from './read-demands.ts';
import type { Answered } from './read-list.ts';
import { readPull } from './read-pull.ts';

/** The whole of what the ci gate looks at. */
interface CiAnswers {
  readonly pull: Answered<PullRequestFact>;
  readonly branch: BranchDemands;
  readonly statuses: WholeList<StatusFact>;
  readonly checks: WholeList<CheckRunFact>;
  readonly merge: CommitAnswers | null;
}

/**
 * Reads and judges the ci gate. The pull request and the check runs come last, with nothing between them: what is
 * decided is as the forge was at one moment, as nearly as its API allows.
 */
export function evaluateCi(place: PullPlace, rules: CiRules): Evaluate {
  return async (session, plan) => {
    const answers = await readAll(place, session, plan);
    if (!answers.ok) return answers;
    const { pull, branch, statuses, checks, merge } = answers.value;
    const head = { sha: place.sha, checks: checks.items, statuses: statuses.items };
    const { demands, strict } = branch;
    const facts = {
      headSha: place.sha,
      pull: pull.value,
      demands,
      strict,
      head,
      merge: merge?.facts ?? null,
    };
    const verdict = combineFindings(judgeCi(facts, rules));
    return ok({
      verdict,
      notEvaluated: [...branch.notEvaluated, ...unseen(answers.value)],
      watch: [...watchedLists(verdict, checks, statuses), ...(merge?.addresses ?? []), pull.address],
    });
  };
}

async function readAll(
  place: PullPlace,
  ...[session, plan]: Parameters<Evaluate>
): Promise<Result<CiAnswers, CallFailure>> {
  const early = await readPull(session, place, plan.context);
  if (!early.ok) return early;
  const { baseRef, mergeSha } = early.value.value;
  const branch = await readDemands(session, place, baseRef, plan.context);
  if (!branch.ok) return branch;
  const at = { place, sha: place.sha, freshness: plan.judged };
  const suites = await countSuites(session, { ...at, freshness: plan.context });
  if (!suites.ok) return suites;
  const merge =
    branch.value.strict && mergeSha !== null
      ? await readCommit(session, { ...at, sha: mergeSha }, plan.context)
      : ok(null);
  if (!merge.ok) return merge;
  const statuses = await readStatuses(session, at);
  if (!statuses.ok) return statuses;
  const pull = await readPull(session, place, plan.judged);
  if (!pull.ok) return pull;
  const checks = await readCheckRuns(session, at, suites.value);
  if (!checks.ok) return checks;
  if (
    pull.value.value.baseRef !== baseRef ||
    (branch.value.strict && pull.value.value.mergeSha !== mergeSha)
  ) {
    return fail(transient(`pull request ${nameOf(place)}`, 'it changed while it was read'));
  }
  return ok({
    pull: pull.value,
    branch: branch.value,
    statuses: statuses.value,
    checks: checks.value,
    merge: merge.value,
  });
}

/** Statuses are polled only where one of them is awaited, or could be what is missing. */
function watchedLists(
  verdict: Verdict,
  checks: WholeList<CheckRunFact>,
  statuses: WholeList<StatusFact>,
): readonly string[] {
  const missing = verdict.details.some((detail) => detail.code === 'check_missing');
  const pendingStatus = statuses.items.some((status) => status.state === 'pending');
  return [...checks.addresses, ...(missing || pendingStatus ? statuses.addresses : [])];
}

function unseen({ pull, merge }: CiAnswers): readonly string[] {
  const { mergeSha } = pull.value;
  const words = ['earlier states of commit statuses: the API reports the latest of each context'];
  if (merge === null && mergeSha !== null) {
    words.push(`the test merge commit ${mergeSha}: the branch need not be up to date`);
  }
  return words;
}
