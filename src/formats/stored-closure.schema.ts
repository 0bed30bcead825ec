import * as z from 'zod';
import type { ClosureSettings } from '../core/config/closure-settings.ts';
import { GATE_ORDER, type GateName } from '../core/gates/gate.ts';
import { parseGateSource } from '../core/gates/parse-source.ts';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();
/** Only what can be read: everything behind this takes it for granted. */
const sources = (gate: GateName) =>
  z.array(text.refine((one) => parseGateSource(gate, one).ok, { error: `a source of the ${gate} gate` }));

export const storedClosureSchema: z.ZodType<ClosureSettings> = z.strictObject({
  policy_from: sources('policy'),
  ci_from: sources('ci'),
  review_from: sources('review'),
  require_external: z.array(z.enum(GATE_ORDER)),
  gate_wait_ms: count,
  gate_poll_ms: count,
  gate_commit: text.nullable(),
  ci_required: z.array(z.strictObject({ name: text, app: text.nullable(), accept: texts })),
  ci_accept_flaky: z.boolean(),
  review_approvals: count.nullable(),
  reviewers: texts,
  review_agents: texts,
  policy_min_rules: count,
  opa_bin: text,
  opa_sha256: text.nullable(),
  conftest_bin: text,
  conftest_sha256: text.nullable(),
  approver_keys: texts,
  approvers_required: count,
  github_url: text,
  github_token_env: text,
  gitlab_url: text,
  gitlab_token_env: text,
  base: text.nullable(),
  scope: z.boolean(),
  scope_allow: texts,
  scope_protect: texts,
  scope_unprotect: texts,
  scope_max_files: count.nullable(),
  scope_max_lines: count.nullable(),
  scope_max_new_files: count.nullable(),
  scope_max_deleted_files: count.nullable(),
  delivery_branch: text.nullable(),
  delivery_commit_message: text.nullable(),
  delivery_remote: text,
  delivery_protected_branches: texts,
  delivery_pr: text.nullable(),
  delivery_pr_base: text.nullable(),
  delivery_pr_title: text.nullable(),
  delivery_pr_body: text.nullable(),
  delivery_pr_draft: z.boolean(),
});
