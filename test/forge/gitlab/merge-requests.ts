import { type Answer, found, listed, type Route, refused } from '../answer.ts';
import { idOf } from '../github/people.ts';
import { fieldOf, textOf } from '../github/write-pulls.ts';
import { commitOf, headOf, type Opened, type World } from '../world.ts';

/** An account as GitLab shows it. */
export function user(username: string): Record<string, unknown> {
  const name = `${username.charAt(0).toUpperCase()}${username.slice(1)} Example`;
  return {
    id: idOf(username),
    username,
    name,
    state: 'active',
    web_url: `https://forge.example/${username}`,
  };
}

/** Merge requests themselves: read, searched, opened, changed. */
export function mergeRequestRoutes(world: World, base: string): readonly Route[] {
  const root = '/projects/([^/]+)/merge_requests';
  const shown = (iid: number, status = 200): Answer => {
    const body = mergeRequestBody(world, base, iid);
    return body === null ? refused(404, '404 Not found') : found(body, status);
  };
  return [
    {
      name: 'merge-request',
      method: 'GET',
      path: new RegExp(`^${root}/(\\d+)$`),
      answer: ([, iid]) => shown(Number(iid)),
    },
    {
      name: 'merge-requests',
      method: 'GET',
      path: new RegExp(`^${root}$`),
      answer: (_, { url }) => listed(search(world, base, url.searchParams)),
    },
    {
      name: 'open-merge-request',
      method: 'POST',
      path: new RegExp(`^${root}$`),
      answer: (_, { body }) => open(world, body, (iid) => shown(iid, 201)),
    },
    {
      name: 'update-merge-request',
      method: 'PUT',
      path: new RegExp(`^${root}/(\\d+)$`),
      answer: ([, iid], { body }) => update(world, Number(iid), body) ?? shown(Number(iid)),
    },
  ];
}

function changeOf(world: World, iid: number): Opened | null {
  const { mergeRequest } = world.scenario.gitlab;
  if (iid !== mergeRequest.iid) return world.opened.find((one) => one.number === iid) ?? null;
  return { ...mergeRequest, number: iid, title: 'A change', body: '' };
}

function search(world: World, base: string, asked: URLSearchParams): readonly unknown[] {
  const iids = [world.scenario.gitlab.mergeRequest.iid, ...world.opened.map((one) => one.number)];
  return iids.flatMap((iid) => {
    const change = changeOf(world, iid);
    const wanted =
      change !== null &&
      (asked.get('state') ?? change.state) === change.state &&
      (asked.get('source_branch') ?? change.branch) === change.branch &&
      (asked.get('target_branch') ?? change.base) === change.base;
    return wanted ? [mergeRequestBody(world, base, iid)] : [];
  });
}

/** A second open one of the same branches is refused with 409, as GitLab does. */
function open(world: World, body: unknown, show: (iid: number) => Answer): Answer {
  const [branch, base] = [textOf(body, 'source_branch'), textOf(body, 'target_branch')];
  const title = textOf(body, 'title');
  if (branch === null || base === null || title === null) return refused(400, 'title is missing');
  if (headOf(world, branch) === null) return refused(400, { source_branch: ['does not exist'] });
  const own = world.scenario.gitlab.mergeRequest;
  const twin = [{ ...own, number: own.iid }, ...world.opened].find(
    (one) => one.branch === branch && one.base === base && one.state === 'opened',
  );
  if (twin !== undefined) {
    const words = `Another open merge request already exists for this source branch: !${twin.number}`;
    return refused(409, [words]);
  }
  const number = own.iid + world.opened.length + 1;
  const draft = title.startsWith('Draft:');
  const text = textOf(body, 'description') ?? '';
  world.opened.push({ number, branch, base, title, body: text, draft, state: 'opened' });
  return show(number);
}

function update(world: World, iid: number, body: unknown): Answer | null {
  const own = world.scenario.gitlab.mergeRequest;
  const state = fieldOf(body, 'state_event') === 'close' ? 'closed' : undefined;
  if (iid === own.iid) {
    own.state = state ?? own.state;
    return null;
  }
  const one = world.opened.find((opened) => opened.number === iid);
  if (one === undefined) return refused(404, '404 Not found');
  one.title = textOf(body, 'title') ?? one.title;
  one.body = textOf(body, 'description') ?? one.body;
  one.base = textOf(body, 'target_branch') ?? one.base;
  one.state = state ?? one.state;
  return null;
}

function mergeRequestBody(world: World, base: string, iid: number): Record<string, unknown> | null {
  const change = changeOf(world, iid);
  const { gitlab } = world.scenario;
  if (change === null) return null;
  const sha = headOf(world, change.branch);
  const target = commitOf(world, '@base', change.branch);
  const { pipeline } = gitlab;
  return {
    id: 9000 + iid,
    iid,
    project_id: idOf(gitlab.project),
    title: change.title,
    description: change.body,
    state: change.state,
    draft: change.draft,
    author: user(gitlab.mergeRequest.author),
    source_branch: change.branch,
    target_branch: change.base,
    source_project_id: idOf(gitlab.project),
    target_project_id: idOf(gitlab.project),
    sha,
    merge_status: 'can_be_merged',
    detailed_merge_status: gitlab.mergeRequest.status,
    diff_refs: { base_sha: target, head_sha: sha, start_sha: target },
    head_pipeline:
      pipeline === null
        ? null
        : {
            ...{ id: pipeline.id, iid: 1, project_id: idOf(gitlab.project), ref: change.branch },
            ...{ sha: commitOf(world, pipeline.sha, change.branch), status: pipeline.status },
            ...{ source: 'merge_request_event', web_url: `https://forge.example/-/pipelines/${pipeline.id}` },
            ...pipeline.extra,
          },
    web_url: `${new URL(base).origin}/${gitlab.project}/-/merge_requests/${iid}`,
    ...(iid === gitlab.mergeRequest.iid ? gitlab.mergeRequest.extra : {}),
  };
}
