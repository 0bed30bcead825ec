import type { RequiredCheck } from '../gates/gate-plan.ts';

/**
 * What decides whether a run closes, beside the stages: where gates are read, what may change, what is delivered. Flat
 * and in the names that evidence stores; `gatePlanOf` and its neighbours give each user its own view.
 */
export interface ClosureSettings {
  /** Gate sources as texts (`parseGateSource`), paths absolute; empty is the operator's word. */
  readonly policy_from: readonly string[];
  readonly ci_from: readonly string[];
  readonly review_from: readonly string[];
  readonly require_external: readonly string[];
  readonly gate_wait_ms: number;
  readonly gate_poll_ms: number;
  readonly gate_commit: string | null;
  readonly ci_required: readonly RequiredCheck[];
  readonly ci_accept_flaky: boolean;
  readonly review_approvals: number | null;
  readonly reviewers: readonly string[];
  readonly review_agents: readonly string[];
  readonly policy_min_rules: number;
  readonly opa_bin: string;
  readonly opa_sha256: string | null;
  readonly conftest_bin: string;
  readonly conftest_sha256: string | null;
  readonly approver_keys: readonly string[];
  readonly approvers_required: number;
  readonly github_url: string;
  readonly github_token_env: string;
  readonly gitlab_url: string;
  readonly gitlab_token_env: string;
  /** What the change is measured against; null is HEAD when the run began. */
  readonly base: string | null;
  readonly scope: boolean;
  readonly scope_allow: readonly string[];
  readonly scope_protect: readonly string[];
  readonly scope_unprotect: readonly string[];
  readonly scope_max_files: number | null;
  readonly scope_max_lines: number | null;
  readonly scope_max_new_files: number | null;
  readonly scope_max_deleted_files: number | null;
  readonly delivery_branch: string | null;
  readonly delivery_commit_message: string | null;
  readonly delivery_remote: string;
  readonly delivery_protected_branches: readonly string[];
  /** `github:owner/repo` or `gitlab:project`. */
  readonly delivery_pr: string | null;
  readonly delivery_pr_base: string | null;
  readonly delivery_pr_title: string | null;
  readonly delivery_pr_body: string | null;
  readonly delivery_pr_draft: boolean;
}

/** What holds where nothing was given. */
export const CLOSURE_DEFAULTS: ClosureSettings = {
  policy_from: [],
  ci_from: [],
  review_from: [],
  require_external: [],
  gate_wait_ms: 0,
  gate_poll_ms: 60_000,
  gate_commit: null,
  ci_required: [],
  ci_accept_flaky: false,
  review_approvals: null,
  reviewers: [],
  review_agents: [],
  policy_min_rules: 1,
  opa_bin: 'opa',
  opa_sha256: null,
  conftest_bin: 'conftest',
  conftest_sha256: null,
  approver_keys: [],
  approvers_required: 1,
  github_url: 'https://api.github.com',
  github_token_env: 'GITHUB_TOKEN',
  gitlab_url: 'https://gitlab.com/api/v4',
  gitlab_token_env: 'GITLAB_TOKEN',
  base: null,
  scope: false,
  scope_allow: [],
  scope_protect: [],
  scope_unprotect: [],
  scope_max_files: null,
  scope_max_lines: null,
  scope_max_new_files: null,
  scope_max_deleted_files: null,
  delivery_branch: null,
  delivery_commit_message: null,
  delivery_remote: 'origin',
  delivery_protected_branches: [],
  delivery_pr: null,
  delivery_pr_base: null,
  delivery_pr_title: null,
  delivery_pr_body: null,
  delivery_pr_draft: false,
};

/** Every setting, in the order in which help, files and reports have them. */
export const CLOSURE_KEYS = Object.keys(CLOSURE_DEFAULTS) as readonly (keyof ClosureSettings)[];

/** A path as the config file has it (`gates.policy.from`); null where only the command line may say it. */
export const CLOSURE_CONFIG_KEYS: Readonly<Record<keyof ClosureSettings, string | null>> = {
  policy_from: 'gates.policy.from',
  ci_from: 'gates.ci.from',
  review_from: 'gates.review.from',
  require_external: 'gates.require_external',
  gate_wait_ms: 'gates.wait_ms',
  gate_poll_ms: 'gates.poll_ms',
  gate_commit: null,
  ci_required: 'gates.ci.required',
  ci_accept_flaky: 'gates.ci.accept_flaky',
  review_approvals: 'gates.review.approvals',
  reviewers: 'gates.review.reviewers',
  review_agents: 'gates.review.agents',
  policy_min_rules: 'gates.policy.min_rules',
  opa_bin: 'gates.policy.opa.bin',
  opa_sha256: 'gates.policy.opa.sha256',
  conftest_bin: 'gates.policy.conftest.bin',
  conftest_sha256: 'gates.policy.conftest.sha256',
  approver_keys: 'gates.approvers.keys',
  approvers_required: 'gates.approvers.required',
  github_url: 'gates.github.url',
  github_token_env: 'gates.github.token_env',
  gitlab_url: 'gates.gitlab.url',
  gitlab_token_env: 'gates.gitlab.token_env',
  base: 'base',
  scope: 'scope.enabled',
  scope_allow: 'scope.allow',
  scope_protect: 'scope.protect',
  scope_unprotect: 'scope.unprotect',
  scope_max_files: 'scope.max_files',
  scope_max_lines: 'scope.max_lines',
  scope_max_new_files: 'scope.max_new_files',
  scope_max_deleted_files: 'scope.max_deleted_files',
  delivery_branch: 'delivery.branch',
  delivery_commit_message: 'delivery.commit_message',
  delivery_remote: 'delivery.remote',
  delivery_protected_branches: 'delivery.protected_branches',
  delivery_pr: 'delivery.pr.on',
  delivery_pr_base: 'delivery.pr.base',
  delivery_pr_title: 'delivery.pr.title',
  delivery_pr_body: 'delivery.pr.body',
  delivery_pr_draft: 'delivery.pr.draft',
};
