import * as z from 'zod';
import { AGENT_NAMES } from '../core/agents/agent-profile.ts';
import type { StoredCommand, StoredConfig, StoredRole } from '../core/config/stored-config.ts';
import { NETWORK_MODES, SANDBOX_MODES } from '../core/sandbox.ts';
import { storedClosureSchema } from './stored-closure.schema.ts';

const command = {
  bin: z.string(),
  args: z.array(z.string()),
  args_withheld: z.array(z.int().nonnegative()),
  env: z.array(z.strictObject({ name: z.string(), value: z.string().nullable() })),
};

const commandSchema: z.ZodType<StoredCommand> = z.strictObject(command);

const roleSchema: z.ZodType<StoredRole> = z.strictObject({
  ...command,
  expected_artifacts: z.array(z.strictObject({ path: z.string(), schema: z.string().nullable() })),
  timeout_ms: z.int().positive().nullable(),
  sandbox: z.enum(SANDBOX_MODES).nullable(),
  sandbox_network: z.enum(NETWORK_MODES).nullable(),
  agent: z.enum(AGENT_NAMES).nullable(),
  prompt: z.string().nullable(),
  prompt_withheld: z.boolean(),
  model: z.string().nullable(),
  max_cost_usd: z.number().positive().nullable(),
  max_tokens: z.int().positive().nullable(),
  max_turns: z.int().positive().nullable(),
});

export const storedConfigSchema: z.ZodType<StoredConfig> = z.strictObject({
  manager: roleSchema.nullable(),
  executor: roleSchema.nullable(),
  reviewer: roleSchema.nullable(),
  validation: z.array(commandSchema),
  validation_from_planning_context: z.boolean(),
  repo_root: z.string(),
  planning_context_artifact: z.string().nullable(),
  execution_max_iterations: z.int().positive(),
  reviewer_remediation_max_cycles: z.int().nonnegative(),
  timeout_ms: z.int().positive(),
  run_timeout_ms: z.int().positive().nullable(),
  kill_grace_ms: z.int().nonnegative(),
  gate_max_age_ms: z.int().nonnegative(),
  pass_env: z.array(z.string()),
  inherit_env: z.boolean(),
  redact_env: z.array(z.string()),
  passed_secrets: z.array(z.string()),
  allow_stale_artifacts: z.boolean(),
  tree_ignore: z.array(z.string()),
  accept_git_change: z.array(z.string()),
  sandbox: z.enum(SANDBOX_MODES),
  sandbox_network: z.enum(NETWORK_MODES),
  sandbox_read: z.array(z.string()),
  sandbox_write: z.array(z.string()),
  max_artifact_bytes: z.int().positive(),
  max_log_bytes: z.int().nonnegative(),
  closure: storedClosureSchema,
});
