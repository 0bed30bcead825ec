import { type Answer, found, listed, type Route, refused } from '../answer.ts';
import { COMMITS } from '../scenario.ts';
import { commitOf, headOf, type Opened, type World } from '../world.ts';
import { account } from './people.ts';
import { openPull, updatePull } from './write-pulls.ts';

/** The change with this number, the scenario's own or one that was opened here. */
export function pullOf(world: World, number: number): { readonly branch: string } | null {
  const { pull } = world.scenario.github;
  if (number === pull.number) return pull;
  return world.opened.find((one) => one.number === number) ?? null;
}

/** Everything about pull requests themselves. */
export function pullRoutes(world: World, base: string): readonly Route[] {
  const root = '/repos/([^/]+/[^/]+)/pulls';
  const shown = (number: number): Answer => {
    const body = pullBody(world, base, number);
    return body === null ? refused(404, 'Not Found') : found(body);
  };
  return [
    {
      name: 'pull',
      method: 'GET',
      path: new RegExp(`^${root}/(\\d+)$`),
      answer: ([, number]) => shown(Number(number)),
    },
    {
      name: 'pulls',
      method: 'GET',
      path: new RegExp(`^${root}$`),
      answer: (_, { url }) => listed(searchPulls(world, base, url.searchParams)),
    },
    {
      name: 'open-pull',
      method: 'POST',
      path: new RegExp(`^${root}$`),
      answer: (_, { body }) => openPull(world, body, (number) => pullBody(world, base, number)),
    },
    {
      name: 'update-pull',
      method: 'PATCH',
      path: new RegExp(`^${root}/(\\d+)$`),
      answer: ([, number], { body }) => updatePull(world, Number(number), body) ?? shown(Number(number)),
    },
  ];
}

function searchPulls(world: World, base: string, asked: URLSearchParams): readonly unknown[] {
  const numbers = [world.scenario.github.pull.number, ...world.opened.map((one) => one.number)];
  const state = asked.get('state') ?? 'open';
  const owner = world.scenario.github.repo.split('/')[0] ?? '';
  return numbers.flatMap((number) => {
    const change = changeOf(world, number);
    if (change === null) return [];
    const wanted =
      (state === 'all' || state === change.state) &&
      (asked.get('base') ?? change.base) === change.base &&
      (asked.get('head') ?? `${owner}:${change.branch}`) === `${owner}:${change.branch}`;
    return wanted ? [pullBody(world, base, number)] : [];
  });
}

function changeOf(world: World, number: number): Opened | null {
  const { pull } = world.scenario.github;
  if (number !== pull.number) return world.opened.find((one) => one.number === number) ?? null;
  return { ...pull, title: 'A change', body: '' };
}

function pullBody(world: World, base: string, number: number): Record<string, unknown> | null {
  const change = changeOf(world, number);
  const { github } = world.scenario;
  if (change === null) return null;
  const own = number === github.pull.number;
  const owner = github.repo.split('/')[0] ?? '';
  const headRepo = own ? (github.pull.fork ?? github.repo) : github.repo;
  return {
    id: 1000 + number,
    number,
    state: change.state,
    locked: false,
    title: change.title,
    body: change.body,
    user: account(github.pull.author),
    draft: change.draft,
    merged: own && github.pull.merged,
    merged_at: own && github.pull.merged ? '2026-01-04T12:00:00Z' : null,
    merge_commit_sha: COMMITS.merge,
    mergeable: true,
    mergeable_state: 'clean',
    html_url: `${new URL(base).origin}/${github.repo}/pull/${number}`,
    url: `${base}/repos/${github.repo}/pulls/${number}`,
    head: {
      label: `${headRepo.split('/')[0]}:${change.branch}`,
      ref: change.branch,
      sha: headOf(world, change.branch),
      user: account(headRepo.split('/')[0] ?? ''),
      repo: { id: 1, full_name: headRepo, fork: headRepo !== github.repo, private: true },
    },
    base: {
      label: `${owner}:${change.base}`,
      ref: change.base,
      sha: commitOf(world, '@base', change.branch),
      user: account(owner),
      repo: { id: 1, full_name: github.repo, fork: false, private: true },
    },
    commits: github.commits.length + github.moreCommits,
    ...(own ? github.pull.extra : {}),
  };
}
