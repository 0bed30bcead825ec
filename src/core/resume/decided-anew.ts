import type { ClosureSettings } from '../config/closure-settings.ts';
import { GATE_ORDER, type GateName } from '../gates/gate.ts';
import { gatePlanOf } from '../gates/plan-of-settings.ts';
import type { GivenClosure } from '../run-plan.ts';

const FORGES = ['ci', 'review'] as const;
const NONE = [] as const;

/** The gates that a setting has a part in; what only says how long is waited, or what is delivered, has none. */
const GATES_OF: Readonly<Record<keyof ClosureSettings, readonly GateName[]>> = {
  policy_from: ['policy'],
  ci_from: ['ci'],
  review_from: ['review'],
  // Refused where the sources do not have it; where they do, they have been asked.
  require_external: NONE,
  gate_wait_ms: NONE,
  gate_poll_ms: NONE,
  gate_commit: GATE_ORDER,
  ci_required: ['ci'],
  ci_accept_flaky: ['ci'],
  review_approvals: ['review'],
  reviewers: ['review'],
  review_agents: ['review'],
  policy_min_rules: ['policy'],
  opa_bin: ['policy'],
  opa_sha256: ['policy'],
  conftest_bin: ['policy'],
  conftest_sha256: ['policy'],
  approver_keys: GATE_ORDER,
  approvers_required: GATE_ORDER,
  github_url: FORGES,
  github_token_env: NONE,
  gitlab_url: FORGES,
  gitlab_token_env: NONE,
  base: GATE_ORDER,
  scope: ['policy'],
  scope_allow: ['policy'],
  scope_protect: ['policy'],
  scope_unprotect: ['policy'],
  scope_max_files: ['policy'],
  scope_max_lines: ['policy'],
  scope_max_new_files: ['policy'],
  scope_max_deleted_files: ['policy'],
  delivery_branch: NONE,
  delivery_commit_message: NONE,
  delivery_remote: NONE,
  delivery_protected_branches: NONE,
  delivery_pr: NONE,
  delivery_pr_base: NONE,
  delivery_pr_title: NONE,
  delivery_pr_body: NONE,
  delivery_pr_draft: NONE,
};

/**
 * Gates of a done run whose recorded decisions a resume does not let stand: their sources were given, if only once
 * more, or what they are decided by is another. An operator's word alone depends on its source only, but for policy,
 * which has rules of its own.
 */
export function gatesDecidedAnew(
  before: ClosureSettings,
  after: ClosureSettings,
  given: GivenClosure,
): readonly GateName[] {
  const keys = Object.keys(GATES_OF) as (keyof ClosureSettings)[];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const { sources } = gatePlanOf(after);
  return GATE_ORDER.filter((gate) => {
    const source = `${gate}_from` as const;
    if (given[source] !== undefined || changed.includes(source)) return true;
    const hasRules = gate === 'policy' || sources[gate].some((one) => one.kind !== 'operator');
    return hasRules && changed.some((key) => GATES_OF[key].includes(gate));
  });
}
