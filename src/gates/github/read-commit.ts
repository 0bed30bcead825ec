import type { CheckRunFact, CommitFacts, StatusFact } from '../../core/gates/github/facts.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  checkRunsPageSchema,
  checkSuitesPageSchema,
  combinedStatusPageSchema,
} from '../../formats/github/checks.schema.ts';
import { checkRunFact, statusFacts } from '../../formats/github/facts.ts';
import { type CallFailure, untrusted } from './call-failure.ts';
import type { WholeList } from './pages.ts';
import type { PullPlace } from './place.ts';
import { readList, readOne } from './read-list.ts';
import type { Freshness, ReadSession } from './reader.ts';

/** Suites of one commit whose runs its list covers (docs, "List check runs for a Git reference"). */
const COVERED_SUITES = 1000;

/** Suites that are walked one by one; more cost more requests than an hour has. */
const MAX_SUITES = 2000;

const NEEDS_CHECKS = 'Checks: read';

/** One reading of a commit: where and how fresh. */
export interface CommitRead {
  readonly place: PullPlace;
  readonly sha: string;
  readonly freshness: Freshness;
}

/** How many check suites a commit has, asked apart because the list of runs does not tell what it leaves out. */
export async function countSuites(
  session: ReadSession,
  at: CommitRead,
): Promise<Result<number, CallFailure>> {
  const { owner, repo } = at.place;
  const answer = await readOne(session, {
    call: `check suites of ${at.sha}`,
    needs: NEEDS_CHECKS,
    route: '/repos/{owner}/{repo}/commits/{ref}/check-suites',
    parameters: { owner, repo, ref: at.sha, per_page: 1, page: 1 },
    schema: checkSuitesPageSchema,
    freshness: at.freshness,
  });
  return answer.ok ? ok(answer.value.value.total_count) : answer;
}

/** Every commit status, the latest of each context. */
export async function readStatuses(
  session: ReadSession,
  at: CommitRead,
): Promise<Result<WholeList<StatusFact>, CallFailure>> {
  const { owner, repo } = at.place;
  const call = `statuses of ${at.sha}`;
  let elsewhere = false;
  const listed = await readList(
    session,
    {
      call,
      needs: 'Commit statuses: read',
      route: '/repos/{owner}/{repo}/commits/{ref}/status',
      parameters: { owner, repo, ref: at.sha },
      schema: combinedStatusPageSchema,
      freshness: at.freshness,
    },
    {
      page: (value) => {
        elsewhere ||= value.sha !== at.sha;
        return { items: statusFacts(value), total: value.total_count };
      },
      idOf: (status) => String(status.id),
    },
  );
  return listed.ok && elsewhere ? fail(untrusted(call, 'is about another commit')) : listed;
}

/** Every check run, earlier runs of the same name included; `suites` is how many suites the commit has. */
export async function readCheckRuns(
  session: ReadSession,
  at: CommitRead,
  suites: number,
): Promise<Result<WholeList<CheckRunFact>, CallFailure>> {
  const { owner, repo } = at.place;
  const route = '/repos/{owner}/{repo}/commits/{ref}/check-runs';
  if (suites <= COVERED_SUITES) return readRuns(session, at, route, { owner, repo, ref: at.sha });
  return walkSuites(session, at);
}

async function walkSuites(
  session: ReadSession,
  at: CommitRead,
): Promise<Result<WholeList<CheckRunFact>, CallFailure>> {
  const { owner, repo } = at.place;
  const call = `check suites of ${at.sha}`;
  const suites = await readList(
    session,
    {
      call,
      needs: NEEDS_CHECKS,
      route: '/repos/{owner}/{repo}/commits/{ref}/check-suites',
      parameters: { owner, repo, ref: at.sha },
      schema: checkSuitesPageSchema,
      freshness: at.freshness,
    },
    {
      page: (value) => ({ items: value.check_suites, total: value.total_count }),
      idOf: (suite) => String(suite.id),
    },
  );
  if (!suites.ok) return suites;
  if (suites.value.items.length > MAX_SUITES)
    return fail(untrusted(call, `has more than ${MAX_SUITES} suites`));
  const items: CheckRunFact[] = [];
  const route = '/repos/{owner}/{repo}/check-suites/{suite}/check-runs';
  for (const { id } of suites.value.items) {
    const runs = await readRuns(session, at, route, { owner, repo, suite: id });
    if (!runs.ok) return runs;
    items.push(...runs.value.items);
  }
  return ok({ items, addresses: suites.value.addresses, total: null });
}

async function readRuns(
  session: ReadSession,
  at: CommitRead,
  route: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<Result<WholeList<CheckRunFact>, CallFailure>> {
  const call = `check runs of ${at.sha}`;
  let elsewhere = false;
  const listed = await readList(
    session,
    {
      call,
      needs: NEEDS_CHECKS,
      route,
      parameters: { ...parameters, filter: 'all' },
      schema: checkRunsPageSchema,
      freshness: at.freshness,
    },
    {
      page: (value) => {
        elsewhere ||= value.check_runs.some((run) => run.head_sha !== at.sha);
        return { items: value.check_runs.map(checkRunFact), total: value.total_count };
      },
      idOf: (run) => String(run.id),
    },
  );
  return listed.ok && elsewhere ? fail(untrusted(call, 'has a run of another commit')) : listed;
}

/** A commit's signals, and the addresses that they came from. */
export interface CommitAnswers {
  readonly facts: CommitFacts;
  readonly addresses: readonly string[];
}

/** Both kinds of a commit's signals. */
export async function readCommit(
  session: ReadSession,
  at: CommitRead,
  suitesFreshness: Freshness,
): Promise<Result<CommitAnswers, CallFailure>> {
  const suites = await countSuites(session, { ...at, freshness: suitesFreshness });
  if (!suites.ok) return suites;
  const statuses = await readStatuses(session, at);
  if (!statuses.ok) return statuses;
  const runs = await readCheckRuns(session, at, suites.value);
  if (!runs.ok) return runs;
  return ok({
    facts: { sha: at.sha, checks: runs.value.items, statuses: statuses.value.items },
    addresses: [...runs.value.addresses, ...statuses.value.addresses],
  });
}
