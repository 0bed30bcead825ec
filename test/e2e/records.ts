/** The part of the published records that the black-box tests look at, by its published names. */

export interface GateDecision {
  readonly gate: string;
  readonly status: string;
  readonly passed: boolean;
  readonly reason_code: string | null;
  readonly source: string;
  readonly carried_over?: boolean;
  readonly details?: readonly string[];
}

export interface StageExecution {
  readonly stage: string;
  readonly step: string;
  readonly attempt: number;
  readonly idempotency_key: string;
  readonly command: string | null;
  readonly args: readonly string[];
  readonly env_keys: readonly string[];
  readonly env_withheld: number;
  readonly started_at_unix_secs: number;
  readonly duration_ms: number;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly status: string;
  readonly error: string | null;
  readonly missing_artifacts: readonly string[];
  readonly malformed_artifacts: readonly string[];
  readonly stale_artifacts: readonly string[];
  readonly binary: { readonly path: string; readonly sha256: string } | null;
  readonly script: { readonly path: string; readonly sha256: string } | null;
  readonly process_tree: {
    readonly killed: number;
    readonly survivors: number;
    readonly clean_sweeps: number;
    readonly stopped?: {
      readonly term_after_ms: number;
      readonly kill_after_ms: number | null;
      readonly gone_after_ms: number;
    };
  } | null;
  readonly stdout: {
    readonly log: string;
    readonly bytes: number;
    readonly kept_bytes: number;
    readonly truncated: boolean;
  } | null;
  readonly isolation: {
    readonly tier: string;
    readonly network: string;
    readonly reason: string | null;
  } | null;
  readonly usage: {
    readonly cost_usd: number | null;
    readonly input_tokens: number | null;
    readonly output_tokens: number | null;
    readonly turns: number | null;
  } | null;
  readonly counts: string | null;
}

export interface Transition {
  readonly run_id: string;
  readonly from_stage: string | null;
  readonly to_stage: string;
  readonly timestamp_unix_secs: number;
}

export interface Invocation {
  readonly pid: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly resumed: boolean;
  readonly earlier_executions: number;
  readonly earlier_transitions: number;
  readonly argv: readonly string[];
  readonly changes: readonly string[];
}

export interface DeliveryRecord {
  readonly remote_url: string;
  readonly refused: string | null;
  readonly commit: { readonly state: string; readonly sha: string | null } | null;
  readonly push: { readonly state: string; readonly sha: string; readonly branch: string } | null;
  readonly pull_request: {
    readonly state: string;
    readonly number: number | null;
    readonly url: string | null;
    readonly head_sha: string | null;
  } | null;
}

export interface Report {
  readonly delivery: DeliveryRecord | null;
  readonly schema_version: string;
  readonly run_id: string;
  readonly current_stage: string | null;
  readonly terminal_state: string | null;
  readonly failure: {
    readonly reason: string;
    readonly message: string;
    readonly remedy: string | null;
  } | null;
  readonly gate_decisions: readonly GateDecision[];
  readonly blocked_reason_codes: readonly string[];
  readonly reviewer_next_steps: readonly { readonly action: string }[];
  readonly transitions: readonly Transition[];
  readonly stage_executions: readonly StageExecution[];
  readonly artifacts: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly copy: string;
    readonly bytes: number;
  }[];
  readonly repo: {
    readonly root: string;
    readonly is_git: boolean;
    readonly head: string | null;
    readonly tree_digest: string | null;
  };
  readonly invocations: readonly Invocation[];
  readonly isolation: string;
  readonly authenticity: string;
  readonly state_key_id: string | null;
  readonly finished_at: string | null;
}

export interface Checkpoint {
  readonly report_sha256: string;
  readonly digest: string;
  readonly authentication: {
    readonly algorithm: string;
    readonly key_id: string;
    readonly mac: string;
  } | null;
  readonly run: { readonly run_id: string };
}
