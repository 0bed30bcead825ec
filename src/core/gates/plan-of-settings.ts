import type { ClosureSettings } from '../config/closure-settings.ts';
import { GATE_ORDER, type GateName } from './gate.ts';
import type { DeliveryPlan, GatePlan, GateSource, PullRequestPlan, ScopePlan } from './gate-plan.ts';
import { parseGateSource } from './parse-source.ts';

const OPERATOR: GateSource = { kind: 'operator', text: 'operator' };

/** The gates' part of the settings. A source that cannot be read is a bug: settings are checked when they are given. */
export function gatePlanOf(closure: ClosureSettings): GatePlan {
  return {
    sources: {
      policy: sourcesOf('policy', closure.policy_from),
      ci: sourcesOf('ci', closure.ci_from),
      review: sourcesOf('review', closure.review_from),
    },
    requireExternal: GATE_ORDER.filter((gate) => closure.require_external.includes(gate)),
    waitMs: closure.gate_wait_ms,
    pollMs: closure.gate_poll_ms,
    commit: closure.gate_commit,
    ci: { required: closure.ci_required, acceptFlaky: closure.ci_accept_flaky },
    review: {
      approvals: closure.review_approvals,
      reviewers: closure.reviewers,
      agents: closure.review_agents,
    },
    policy: {
      minRules: closure.policy_min_rules,
      opa: { bin: closure.opa_bin, sha256: closure.opa_sha256 },
      conftest: { bin: closure.conftest_bin, sha256: closure.conftest_sha256 },
    },
    signers: { keys: closure.approver_keys, required: closure.approvers_required },
    github: { url: closure.github_url, tokenEnv: closure.github_token_env },
    gitlab: { url: closure.gitlab_url, tokenEnv: closure.gitlab_token_env },
  };
}

function sourcesOf(gate: GateName, texts: readonly string[]): readonly GateSource[] {
  if (texts.length === 0) return [OPERATOR];
  return texts.map((text) => {
    const source = parseGateSource(gate, text);
    if (!source.ok) throw new Error(`the ${gate} gate has a source that cannot be read: ${text}`);
    return source.value;
  });
}

/** The scope guard's rules, null where no scope is configured. */
export function scopePlanOf(closure: ClosureSettings): ScopePlan | null {
  if (!closure.scope) return null;
  return {
    allowed: closure.scope_allow,
    protected: closure.scope_protect,
    unprotected: closure.scope_unprotect,
    maxFiles: closure.scope_max_files,
    maxLines: closure.scope_max_lines,
    maxNewFiles: closure.scope_max_new_files,
    maxDeletedFiles: closure.scope_max_deleted_files,
  };
}

/** What is delivered, null where nothing is. */
export function deliveryPlanOf(closure: ClosureSettings): DeliveryPlan | null {
  const { delivery_branch: branch, delivery_commit_message: message } = closure;
  if (branch === null || message === null) return null;
  return {
    branch,
    message,
    remote: closure.delivery_remote,
    protectedBranches: closure.delivery_protected_branches,
    pullRequest: pullRequestOf(closure, message),
  };
}

function pullRequestOf(closure: ClosureSettings, message: string): PullRequestPlan | null {
  const { delivery_pr: place, delivery_pr_base: base } = closure;
  if (place === null || base === null) return null;
  const colon = place.indexOf(':');
  const [subject = message] = message.split('\n');
  return {
    on: place.slice(0, colon) === 'gitlab' ? 'gitlab' : 'github',
    project: place.slice(colon + 1),
    base,
    title: closure.delivery_pr_title ?? subject,
    body: closure.delivery_pr_body ?? '',
    draft: closure.delivery_pr_draft,
  };
}

/** The variables that hold tokens of the forges this run speaks to. */
export function tokenVariables(closure: ClosureSettings): readonly string[] {
  const sources = Object.values(gatePlanOf(closure).sources).flat();
  const on = deliveryPlanOf(closure)?.pullRequest?.on;
  const uses = (forge: 'github' | 'gitlab') => on === forge || sources.some((one) => one.kind === forge);
  return [
    ...(uses('github') ? [closure.github_token_env] : []),
    ...(uses('gitlab') ? [closure.gitlab_token_env] : []),
  ];
}
