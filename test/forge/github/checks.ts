import { type Answer, found, listed, type Route, refused } from '../answer.ts';
import { commitOf, deliveredBranch, type World } from '../world.ts';
import { account, app, idOf } from './people.ts';

/** So many suites of one commit the list of its runs covers, the newest ones. */
const COVERED_SUITES = 1000;

interface Run {
  readonly id: number;
  readonly name: string;
  readonly suite: number;
  readonly appSlug: string;
  readonly body: Record<string, unknown>;
}

/** Check runs, check suites and commit statuses. */
export function checkRoutes(world: World): readonly Route[] {
  const commit = '/repos/([^/]+/[^/]+)/commits/([^/]+)';
  return [
    {
      name: 'check-runs',
      method: 'GET',
      path: new RegExp(`^${commit}/check-runs$`),
      answer: ([, sha = ''], { url }) => {
        const runs = runsOf(world, sha);
        const suites = new Set(suitesOf(runs, world).slice(-COVERED_SUITES));
        const covered = runs.filter((run) => suites.has(run.suite));
        return listed(filtered(covered, url.searchParams.get('filter')), 'check_runs');
      },
    },
    {
      name: 'check-suites',
      method: 'GET',
      path: new RegExp(`^${commit}/check-suites$`),
      answer: ([, sha = '']) => {
        const runs = runsOf(world, sha);
        return listed(
          suitesOf(runs, world).map((suite) => suiteBody(suite, runs, sha)),
          'check_suites',
        );
      },
    },
    {
      name: 'suite-runs',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/check-suites\/(\d+)\/check-runs$/,
      answer: ([, suite], { url }) => {
        const sha = commitOf(world, '@pushed', deliveredBranch(world)) ?? '';
        const own = runsOf(world, sha, Number(suite));
        return listed(filtered(own, url.searchParams.get('filter')), 'check_runs');
      },
    },
    {
      name: 'status',
      method: 'GET',
      path: new RegExp(`^${commit}/status$`),
      answer: ([, sha = ''], request) => combined(world, sha, request.url),
    },
  ];
}

/** The runs of a commit, or of one suite of it; those that are made up are made for it alone. */
function runsOf(world: World, sha: string, suite: number | null = null): readonly Run[] {
  const { checkRuns, moreSuites, pull, repo } = world.scenario.github;
  const fork = pull.fork !== null;
  const listedRuns = checkRuns.flatMap((run, index): readonly Run[] => {
    if (commitOf(world, run.sha, deliveredBranch(world)) !== sha) return [];
    const { name, app: appSlug } = run;
    const id = 1000 + index;
    const done = run.status === 'completed';
    return [
      {
        ...{ id, name, suite: run.suite, appSlug },
        body: {
          id,
          name,
          head_sha: sha,
          status: run.status,
          conclusion: done ? run.conclusion : null,
          started_at: '2026-01-02T12:00:00Z',
          completed_at: done ? '2026-01-02T12:05:00Z' : null,
          check_suite: { id: run.suite },
          app: app(appSlug),
          pull_requests: fork ? [] : [{ number: pull.number, head: { ref: pull.branch, sha } }],
          output: { title: null, summary: null, text: null, annotations_count: 0 },
          html_url: `https://forge.example/${repo}/runs/${id}`,
          ...run.extra,
        },
      },
    ];
  });
  const own = listedRuns.filter((run) => suite === null || run.suite === suite);
  return [...own, ...madeUp(sha, moreSuites, suite)];
}

const FIRST_MADE_UP = 10_000;

function madeUp(
  sha: string,
  more: { readonly count: number; readonly runs: number } | null,
  suite: number | null,
): readonly Run[] {
  if (more === null) return [];
  const suites =
    suite === null
      ? Array.from({ length: more.count }, (_, index) => FIRST_MADE_UP + index)
      : [suite].filter((one) => one >= FIRST_MADE_UP && one < FIRST_MADE_UP + more.count);
  return suites.flatMap((one) =>
    Array.from({ length: more.runs }, (_, index): Run => {
      const number = (one - FIRST_MADE_UP) * more.runs + index;
      const [id, name] = [100_000 + number, `extra-${number}`];
      const body = {
        ...{ id, name, head_sha: sha, status: 'completed', conclusion: 'success' },
        ...{ check_suite: { id: one }, app: app('extra-app'), pull_requests: [] },
      };
      return { id, name, suite: one, appSlug: 'extra-app', body };
    }),
  );
}

/** Oldest first. Suites without a run are there as well: an app that was told of a push makes one. */
function suitesOf(runs: readonly Run[], world: World): readonly number[] {
  const more = world.scenario.github.moreSuites;
  const empty = more === null ? [] : Array.from({ length: more.count }, (_, index) => FIRST_MADE_UP + index);
  return [...new Set([...runs.map((run) => run.suite), ...empty])].sort((a, b) => a - b);
}

function suiteBody(id: number, runs: readonly Run[], sha: string): Record<string, unknown> {
  const own = runs.filter((run) => run.suite === id);
  return {
    ...{ id, head_sha: sha, status: 'completed', conclusion: 'success', pull_requests: [] },
    ...{ app: app(own[0]?.appSlug ?? 'extra-app'), latest_check_runs_count: own.length },
  };
}

/** `latest` is the newest run of each name within one suite of one app, and what is given where nothing is asked. */
function filtered(runs: readonly Run[], filter: string | null): readonly unknown[] {
  const newestFirst = runs.toReversed();
  if (filter === 'all') return newestFirst.map((run) => run.body);
  const newest = new Map<string, Run>();
  for (const run of newestFirst) {
    const key = JSON.stringify([run.appSlug, run.suite, run.name]);
    if (!newest.has(key)) newest.set(key, run);
  }
  return [...newest.values()].map((run) => run.body);
}

/** The combined status: its statuses are paged, its `state` is `pending` where there are none. */
function combined(world: World, sha: string, url: URL): Answer {
  if (!/^[0-9a-f]{40}$/.test(sha)) return refused(422, `No commit found for SHA: ${sha}`);
  const { statuses, repo } = world.scenario.github;
  const own = statuses.filter((one) => commitOf(world, one.sha, deliveredBranch(world)) === sha);
  const newest = own
    .toReversed()
    .filter((one, at, all) => all.findIndex((x) => x.context === one.context) === at);
  const [perPage, page] = [
    Number(url.searchParams.get('per_page') ?? 30),
    Number(url.searchParams.get('page') ?? 1),
  ];
  const shown = newest.slice((page - 1) * perPage, page * perPage).map((one) => ({
    id: 5000 + own.indexOf(one),
    context: one.context,
    state: one.state,
    description: null,
    target_url: null,
    creator: account('status[bot]'),
    ...one.extra,
  }));
  const bad = newest.some((one) => one.state === 'failure' || one.state === 'error');
  const waiting = newest.length === 0 || newest.some((one) => one.state === 'pending');
  const next = new URL(url);
  next.searchParams.set('page', `${page + 1}`);
  return {
    ...found({
      state: bad ? 'failure' : waiting ? 'pending' : 'success',
      statuses: shown,
      sha,
      total_count: newest.length,
      repository: { id: idOf(repo), full_name: repo },
    }),
    headers: page * perPage < newest.length ? { link: `<${next.href}>; rel="next"` } : {},
  };
}
