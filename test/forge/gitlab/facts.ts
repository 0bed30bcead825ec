import { type Answer, found, listed, type Route, refused } from '../answer.ts';
import { idOf } from '../github/people.ts';
import { commitOf, deliveredBranch, type World } from '../world.ts';
import { user } from './merge-requests.ts';

/** What is known beside a merge request: pipelines, jobs, approvals, versions, commits. */
export function factRoutes(world: World): readonly Route[] {
  const change = '/projects/([^/]+)/merge_requests/(\\d+)';
  const pipeline = '/projects/([^/]+)/pipelines/(\\d+)';
  const get = (name: string, path: string, answer: () => Answer): Route => ({
    ...{ name, method: 'GET', path: new RegExp(`^${path}$`), answer },
  });
  return [
    get('approvals', `${change}/approvals`, () => found(approvalsOf(world))),
    get('approval-state', `${change}/approval_state`, () => {
      const { rules } = world.scenario.gitlab;
      if (rules === null) return { status: 404, headers: {}, body: { error: '404 Not Found' } };
      return found({ approval_rules_overwritten: false, rules: rules.map(ruleBody) });
    }),
    get('versions', `${change}/versions`, () => listed(versionsOf(world))),
    get('merge-request-commits', `${change}/commits`, () => listed(commitsOf(world))),
    get('pipeline', pipeline, () => {
      const own = world.scenario.gitlab.pipeline;
      return own === null ? refused(404, '404 Not found') : found({ id: own.id, status: own.status });
    }),
    get('jobs', `${pipeline}/jobs`, () => listed(jobsOf(world))),
  ];
}

function approvalsOf(world: World): unknown {
  const { approvals, rules, mergeRequest } = world.scenario.gitlab;
  const required = (rules ?? []).reduce((most, rule) => Math.max(most, rule.required), 0);
  const licensed = { approvals_required: required, approvals_left: Math.max(0, required - approvals.length) };
  return {
    id: 9000 + mergeRequest.iid,
    iid: mergeRequest.iid,
    project_id: idOf(world.scenario.gitlab.project),
    state: mergeRequest.state,
    merge_status: 'can_be_merged',
    // True as well where nothing is required and nobody has approved.
    approved: rules === null ? approvals.length > 0 : approvals.length >= required,
    ...(rules === null ? {} : licensed),
    approved_by: approvals.map((one) => ({
      user: user(one.user),
      ...(one.at === null ? {} : { approved_at: one.at }),
      ...one.extra,
    })),
  };
}

function ruleBody(
  rule: NonNullable<World['scenario']['gitlab']['rules']>[number],
  index: number,
): Record<string, unknown> {
  return {
    id: index + 1,
    name: rule.name,
    rule_type: rule.type,
    eligible_approvers: rule.eligible.map(user),
    approvals_required: rule.required,
    users: rule.eligible.map(user),
    groups: [],
    contains_hidden_groups: false,
    approved_by: rule.by.map(user),
    approved: rule.approved,
    ...rule.extra,
  };
}

function versionsOf(world: World): readonly unknown[] {
  const { versions, mergeRequest } = world.scenario.gitlab;
  return versions.map((version, index) => ({
    id: 600 - index,
    head_commit_sha: commitOf(world, version.sha, deliveredBranch(world)),
    base_commit_sha: commitOf(world, '@base', deliveredBranch(world)),
    start_commit_sha: commitOf(world, '@base', deliveredBranch(world)),
    created_at: version.at,
    merge_request_id: 9000 + mergeRequest.iid,
    state: 'collected',
    ...version.extra,
  }));
}

function commitsOf(world: World): readonly unknown[] {
  const { commits } = world.scenario.gitlab;
  return commits.map((commit) => ({
    id: commitOf(world, commit.sha, deliveredBranch(world)),
    title: 'A change',
    author_name: commit.author === null ? '' : String(user(commit.author).name),
    author_email: `${commit.author}@example.org`,
    committer_name: commit.committer === null ? '' : String(user(commit.committer).name),
    committer_email: `${commit.committer}@example.org`,
    ...commit.extra,
  }));
}

function jobsOf(world: World): readonly unknown[] {
  const { jobs, moreJobs, pipeline } = world.scenario.gitlab;
  const more = Array.from({ length: moreJobs }, (_, index) => ({
    ...{ name: `more-${index}`, status: 'success', allowFailure: false, extra: {} },
  }));
  const sha = pipeline === null ? null : commitOf(world, pipeline.sha, deliveredBranch(world));
  return [...jobs, ...more].map((job, index) => ({
    id: 300 + index,
    name: job.name,
    stage: 'test',
    status: job.status,
    allow_failure: job.allowFailure,
    pipeline: { id: pipeline?.id, sha, status: pipeline?.status },
    commit: { id: sha },
    web_url: `https://forge.example/-/jobs/${300 + index}`,
    ...job.extra,
  }));
}
