import type { AgentName } from '../agents/agent-profile.ts';
import type { NetworkMode, SandboxMode } from '../sandbox.ts';
import type { ClosureSettings } from './closure-settings.ts';

/**
 * The configuration as evidence stores it: snake_case, paths inside repo-root or out_dir relative to them
 * (spec section 5), and no secret, not even as a digest.
 */
export interface StoredVariable {
  readonly name: string;
  /** null where the value is a secret and was withheld. */
  readonly value: string | null;
}

export interface StoredCommand {
  readonly bin: string;
  readonly args: readonly string[];
  /** Positions in `args` that held a secret; the text there is masked. */
  readonly args_withheld: readonly number[];
  readonly env: readonly StoredVariable[];
}

export interface StoredArtifactPlan {
  readonly path: string;
  readonly schema: string | null;
}

export interface StoredRole extends StoredCommand {
  readonly expected_artifacts: readonly StoredArtifactPlan[];
  readonly timeout_ms: number | null;
  readonly sandbox: SandboxMode | null;
  readonly sandbox_network: NetworkMode | null;
  readonly agent: AgentName | null;
  readonly prompt: string | null;
  /** Whether the prompt held a secret; the text here is masked. */
  readonly prompt_withheld: boolean;
  readonly model: string | null;
  readonly max_cost_usd: number | null;
  readonly max_tokens: number | null;
  readonly max_turns: number | null;
}

export interface StoredConfig {
  readonly manager: StoredRole | null;
  readonly executor: StoredRole | null;
  readonly reviewer: StoredRole | null;
  readonly validation: readonly StoredCommand[];
  readonly validation_from_planning_context: boolean;
  readonly repo_root: string;
  readonly planning_context_artifact: string | null;
  readonly execution_max_iterations: number;
  readonly reviewer_remediation_max_cycles: number;
  readonly timeout_ms: number;
  readonly run_timeout_ms: number | null;
  readonly kill_grace_ms: number;
  readonly gate_max_age_ms: number;
  readonly pass_env: readonly string[];
  readonly inherit_env: boolean;
  readonly redact_env: readonly string[];
  /** Names of secret-looking variables that --pass-env took from the caller: a resume needs them again. */
  readonly passed_secrets: readonly string[];
  readonly allow_stale_artifacts: boolean;
  readonly tree_ignore: readonly string[];
  readonly accept_git_change: readonly string[];
  readonly sandbox: SandboxMode;
  readonly sandbox_network: NetworkMode;
  readonly sandbox_read: readonly string[];
  readonly sandbox_write: readonly string[];
  readonly max_artifact_bytes: number;
  readonly max_log_bytes: number;
  /** Its sources and keys as stored paths. */
  readonly closure: ClosureSettings;
}
