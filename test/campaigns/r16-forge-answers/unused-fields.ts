import type { Scenario } from '../../forge/scenario.ts';
import type { Edit, EditKind } from './edits.ts';

/** A spoiled answer of one scenario. */
export interface Spoiled {
  readonly scenario: Scenario;
  readonly route: string;
  readonly edit: Edit;
}

/** Fields that no verdict looks at, with all that is in them: whatever is done to them, the gate stays open. */
interface Unused {
  readonly forge: 'github' | 'gitlab';
  readonly gates: readonly ('ci' | 'review')[];
  readonly route: string;
  readonly fields: readonly string[];
}

/** What the API documents a meaning for, under which the gate may rightly stay open. */
interface Meaning {
  readonly forge: 'github' | 'gitlab';
  readonly gate: 'ci' | 'review';
  readonly route: string;
  /** Null for the answer as a whole, then `edits` names what is done to it. */
  readonly field: string | null;
  readonly kinds: readonly EditKind[];
  readonly edits?: readonly string[];
  readonly where: (scenario: Scenario) => boolean;
  readonly why: string;
}

const BOTH = ['ci', 'review'] as const;
const always = (): boolean => true;

/** Texts and links for people, numbers of other things, and summaries that the spec says not to use. */
const UNUSED: readonly Unused[] = [
  {
    ...{ forge: 'github', gates: BOTH, route: 'pull' },
    fields: [
      ...['id', 'locked', 'title', 'body', 'url', 'merged_at', 'mergeable', 'mergeable_state'],
      ...[
        'user.site_admin',
        'head.label',
        'head.user',
        'head.repo.id',
        'head.repo.fork',
        'head.repo.private',
      ],
      ...['base.label', 'base.user', 'base.repo.id', 'base.repo.fork', 'base.repo.private'],
    ],
  },
  {
    ...{ forge: 'github', gates: ['ci'], route: 'check-suites' },
    fields: [
      ...['check_suites.*.status', 'check_suites.*.conclusion', 'check_suites.*.pull_requests'],
      ...['check_suites.*.app', 'check_suites.*.latest_check_runs_count'],
    ],
  },
  {
    ...{ forge: 'github', gates: ['ci'], route: 'check-runs' },
    fields: [
      ...['started_at', 'completed_at', 'check_suite', 'pull_requests', 'output', 'html_url', 'app.name'],
      ...['app.owner', 'app.permissions', 'app.events'],
    ].map((field) => `check_runs.*.${field}`),
  },
  {
    ...{ forge: 'github', gates: ['ci'], route: 'status' },
    fields: ['state', 'repository', 'statuses.*.description', 'statuses.*.target_url', 'statuses.*.creator'],
  },
  {
    ...{ forge: 'github', gates: ['ci'], route: 'rules' },
    fields: ['*.ruleset_source_type', '*.ruleset_source', '*.ruleset_id'],
  },
  {
    ...{ forge: 'github', gates: ['review'], route: 'commits' },
    fields: ['*.commit', '*.author.site_admin', '*.committer.site_admin', '*.parents', '*.node_id'],
  },
  {
    ...{ forge: 'github', gates: ['review'], route: 'activity' },
    fields: ['*.id', '*.before', '*.timestamp', '*.actor.site_admin'],
  },
  {
    ...{ forge: 'github', gates: ['review'], route: 'reviews' },
    fields: ['*.user.site_admin', '*.body', '*.submitted_at', '*.author_association'],
  },
  { forge: 'github', gates: ['review'], route: 'permission', fields: ['user.site_admin'] },
  {
    ...{ forge: 'gitlab', gates: BOTH, route: 'merge-request' },
    fields: [
      ...['id', 'project_id', 'title', 'description', 'author.state', 'author.web_url', 'source_branch'],
      ...['source_project_id', 'merge_status', 'diff_refs', 'web_url'],
      ...['head_pipeline.iid', 'head_pipeline.ref', 'head_pipeline.source'],
      'head_pipeline.web_url',
    ],
  },
  {
    ...{ forge: 'gitlab', gates: ['ci'], route: 'jobs' },
    fields: ['*.stage', '*.pipeline.status', '*.commit', '*.web_url', '*.retried'],
  },
  {
    ...{ forge: 'gitlab', gates: ['review'], route: 'approvals' },
    fields: [
      ...['id', 'iid', 'project_id', 'state', 'merge_status', 'approved', 'approvals_left'],
      ...['approved_by.*.user.state', 'approved_by.*.user.web_url'],
    ],
  },
  {
    ...{ forge: 'gitlab', gates: ['review'], route: 'approval-state' },
    fields: [
      ...['approval_rules_overwritten', 'rules.*.id', 'rules.*.rule_type', 'rules.*.eligible_approvers'],
      ...['rules.*.users', 'rules.*.groups', 'rules.*.contains_hidden_groups'],
      ...['rules.*.approved_by.*.state', 'rules.*.approved_by.*.web_url'],
    ],
  },
  {
    ...{ forge: 'gitlab', gates: ['review'], route: 'versions' },
    fields: ['*.base_commit_sha', '*.start_commit_sha', '*.merge_request_id', '*.state'],
  },
  { forge: 'gitlab', gates: ['review'], route: 'merge-request-commits', fields: ['*.title'] },
];

const bindsNoApp = ({ ci, github }: Scenario): boolean =>
  ci.required.every((check) => check.app === null) && !github.rules.some((rule) => rule.includes('@'));

const MEANINGS: readonly Meaning[] = [
  {
    ...{ forge: 'github', gate: 'ci', route: 'protection', field: null, kinds: ['whole'] },
    edits: ['status 403', 'status 404'],
    where: ({ github }) => github.protection === null,
    why: 'no information on classic protection: the set that is known otherwise counts',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'check-suites', field: null, kinds: ['whole'] },
    edits: ['next page lost', 'link to another host'],
    where: always,
    why: 'one suite is asked for, for the sake of the total',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'rules', kinds: ['drop', 'null'], where: always },
    field: '*.parameters.required_status_checks.*.integration_id',
    why: 'optional: without it any app may report the check',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'protection', kinds: ['drop', 'null'], where: always },
    field: 'checks.*.app_id',
    why: 'optional: without it any app may report the check',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'check-runs', kinds: ['null'], where: bindsNoApp },
    field: 'check_runs.*.app',
    why: 'a run whose app is gone; no app is demanded',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'check-runs', kinds: ['drop', 'null'], where: always },
    field: 'check_runs.*.app.slug',
    why: 'optional: apps are told apart by id',
  },
  {
    ...{
      forge: 'github',
      gate: 'ci',
      route: 'check-runs',
      field: 'check_runs.*.conclusion',
      kinds: ['null'],
    },
    where: ({ github }) => github.moreSuites !== null || github.checkRuns.length > 1,
    why: 'of a run that nobody demands, or that a newer one has replaced',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'pull', field: 'user', kinds: ['null'], where: always },
    why: 'an account that is gone; the ci gate does not ask who opened the change',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'pull', field: 'head.repo', kinds: ['null'], where: always },
    why: 'a fork that is gone; checks are matched by commit',
  },
  {
    ...{ forge: 'github', gate: 'ci', route: 'pull', field: 'merge_commit_sha', kinds: ['drop', 'null'] },
    where: ({ github }) => !github.strict,
    why: 'the test merge is looked at only where the branch has to be up to date',
  },
  {
    ...{ forge: 'github', gate: 'review', route: 'pull', field: 'merge_commit_sha', kinds: ['drop', 'null'] },
    where: always,
    why: 'the review gate does not look at the test merge',
  },
  {
    ...{ forge: 'github', gate: 'review', route: 'pull', field: 'user', kinds: ['null'] },
    where: ({ github }) => github.reviews.length > 1,
    why: 'an account that is gone, which cannot have approved: two approvals are wanted then',
  },
  {
    ...{ forge: 'github', gate: 'review', route: 'reviews', field: '*.user', kinds: ['null'] },
    where: ({ github }) => github.reviews.some((review) => review.state !== 'APPROVED'),
    why: 'an account that is gone, whose comment or dismissed review never counted',
  },
  {
    ...{ forge: 'github', gate: 'review', route: 'reviews', field: '*.commit_id', kinds: ['null'] },
    where: ({ github }) => github.reviews.some((review) => review.state !== 'APPROVED'),
    why: 'of a review that is no approval',
  },
  {
    ...{ forge: 'gitlab', gate: 'review', route: 'merge-request', kinds: ['null'], where: always },
    field: 'head_pipeline',
    why: 'the review gate does not look at the pipeline',
  },
  {
    ...{ forge: 'gitlab', gate: 'review', route: 'approvals', kinds: ['drop', 'null'], where: always },
    field: 'approvals_required',
    why: 'only asked where the approval rules cannot be read',
  },
];

/** Whether the gate must stay open, may stay open, or has to be closed by a spoiled answer. */
export function expectedOf({ scenario, route, edit }: Spoiled): 'open' | 'either' | 'closed' {
  const { forge, gate } = scenario.verdict;
  const { field } = edit;
  const isHere = (one: { readonly forge: string; readonly route: string }): boolean =>
    one.forge === forge && one.route === route;
  const unused = UNUSED.some(
    (one) => isHere(one) && one.gates.includes(gate) && one.fields.some((name) => covers(name, field)),
  );
  if (unused) return 'open';
  const meaning = MEANINGS.some(
    (one) =>
      isHere(one) &&
      one.gate === gate &&
      one.field === field &&
      one.kinds.includes(edit.kind) &&
      (one.edits?.includes(edit.name) ?? true) &&
      one.where(scenario),
  );
  return meaning ? 'either' : 'closed';
}

function covers(name: string, field: string | null): boolean {
  return field !== null && (field === name || field.startsWith(`${name}.`));
}
