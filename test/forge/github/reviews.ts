import { found, listed, type Route, refused } from '../answer.ts';
import { commitOf, type World } from '../world.ts';
import { account, idOf } from './people.ts';
import { pullOf } from './pulls.ts';

/** Reviews, commits of a change, and what an account may do. */
export function reviewRoutes(world: World): readonly Route[] {
  const pull = '/repos/([^/]+/[^/]+)/pulls/(\\d+)';
  return [
    {
      name: 'reviews',
      method: 'GET',
      path: new RegExp(`^${pull}/reviews$`),
      answer: ([, number]) => {
        const change = pullOf(world, Number(number));
        return change === null ? refused(404, 'Not Found') : listed(reviewsOf(world, change.branch));
      },
    },
    {
      name: 'commits',
      method: 'GET',
      path: new RegExp(`^${pull}/commits$`),
      answer: ([, number]) => {
        const change = pullOf(world, Number(number));
        if (change === null) return refused(404, 'Not Found');
        // GitHub lists at most 250 commits of a pull request, the oldest ones first.
        return listed(commitsOf(world, change.branch).slice(0, 250));
      },
    },
    {
      name: 'compare',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/compare\/([^/]+)$/,
      answer: (_, request) => {
        const all = commitsOf(world, world.scenario.github.pull.branch);
        const perPage = Number(request.url.searchParams.get('per_page') ?? 250);
        const page = Number(request.url.searchParams.get('page') ?? 1);
        const commits = all.slice((page - 1) * perPage, page * perPage);
        const next = new URL(request.url);
        next.searchParams.set('page', `${page + 1}`);
        const link = page * perPage < all.length ? { link: `<${next.href}>; rel="next"` } : {};
        return {
          ...found({ status: 'ahead', ahead_by: all.length, total_commits: all.length, commits }),
          headers: link,
        };
      },
    },
    {
      name: 'permission',
      method: 'GET',
      path: /^\/repos\/([^/]+\/[^/]+)\/collaborators\/([^/]+)\/permission$/,
      answer: ([, login = '']) => {
        const role = world.scenario.github.permissions[decodeURIComponent(login)] ?? 'read';
        // The older word knows neither maintain nor triage.
        const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
        return found({ permission, role_name: role, user: account(decodeURIComponent(login)) });
      },
    },
  ];
}

function reviewsOf(world: World, branch: string): readonly unknown[] {
  return world.scenario.github.reviews.map((review, index) => ({
    id: 8000 + index,
    user: account(review.user),
    body: review.body,
    state: review.state,
    commit_id: commitOf(world, review.commit, branch),
    submitted_at: `2026-01-03T12:${String(index).padStart(2, '0')}:00Z`,
    author_association: 'MEMBER',
    ...review.extra,
  }));
}

function commitsOf(world: World, branch: string): readonly unknown[] {
  const { commits, moreCommits } = world.scenario.github;
  const more = Array.from({ length: moreCommits }, (_, index) => ({
    sha: (index + 1).toString(16).padStart(40, 'c'),
    author: 'adam',
    committer: 'adam',
    extra: {},
  }));
  return [...more, ...commits].map((commit) => ({
    sha: commitOf(world, commit.sha, branch),
    commit: {
      message: 'A change',
      author: {
        name: commit.author ?? 'Nobody',
        email: `${commit.author}@example.org`,
        date: '2026-01-02T11:00:00Z',
      },
      committer: {
        name: commit.committer ?? 'Nobody',
        email: `${commit.committer}@example.org`,
        date: '2026-01-02T11:00:00Z',
      },
    },
    author: commit.author === null ? null : account(commit.author),
    committer: commit.committer === null ? null : account(commit.committer),
    parents: [{ sha: commitOf(world, '@base', branch) }],
    node_id: `C_${idOf(commit.sha)}`,
    ...commit.extra,
  }));
}
