import type { StoredConfig } from './config/stored-config.ts';
import type { DeliveryRecord } from './delivery/delivery-record.ts';
import type { ReasonCode } from './gates/gate.ts';
import type { GitSetting } from './git-settings.ts';
import type { RunState } from './machine/state.ts';
import type {
  ArtifactRecord,
  FailureRecord,
  GateAssertion,
  GateDecision,
  HostRecord,
  InvocationRecord,
  NextStep,
  RepoRecord,
  StageExecution,
  TransitionRecord,
  TrustedFile,
} from './records.ts';
import type { IsolationSummary } from './sandbox.ts';

/** The repository context that the manager was given, and what of it later stages depend on. */
export interface PlanningContextRecord {
  /** Stored path of the file the manager reads. */
  readonly path: string;
  readonly sha256: string;
  /** Detected validation commands, argv arrays: from the copy in memory, never from what a stage wrote. */
  readonly commands: readonly (readonly string[])[];
}

/** The attempt whose intent was committed and whose outcome is not known yet. */
export interface AttemptIntent {
  readonly stage: string;
  readonly step: string;
  readonly attempt: number;
  readonly cycle: number;
  readonly command: string;
  readonly started_at_unix_ms: number;
}

/** Digests of artifacts in place before their stage first ran in this run: freshness is measured from here. */
export interface Baseline {
  /** Stored path. */
  readonly path: string;
  /** null: it did not exist. */
  readonly sha256: string | null;
}

/**
 * Everything that is known about a run, and the only thing that is committed: the checkpoint is this document
 * with its envelope, the report is a view of it.
 */
export interface RunDocument {
  readonly run_id: string;
  readonly pipeline: string;
  readonly state: RunState;
  readonly intent: AttemptIntent | null;
  readonly failure: FailureRecord | null;
  readonly policy_admission: GateDecision | null;
  readonly gate_decisions: readonly GateDecision[];
  readonly blocked_reason_codes: readonly ReasonCode[];
  /** The first paths that differ, where `WORKTREE_CHANGED_SINCE_VALIDATION` blocked. */
  readonly worktree_changes: readonly string[];
  /** What stages have changed of it, where `GIT_SETTINGS_CHANGED` blocked. */
  readonly git_changes: readonly string[];
  /** The repository's settings that can make git run something, before the first stage; null outside git. */
  readonly git_settings: readonly GitSetting[] | null;
  /** The config file that the run began with, where a stage can write to it; a stored path. */
  readonly config_file: TrustedFile | null;
  /** Folders that hid themselves before the first stage, from repo-root: no stage has hidden what is in them. */
  readonly hidden_before: readonly string[];
  /** Executables and keys that gates are decided with. */
  readonly trusted_files: readonly TrustedFile[];
  readonly assertions: readonly GateAssertion[];
  readonly reviewer_next_steps: readonly NextStep[];
  readonly transitions: readonly TransitionRecord[];
  readonly stage_executions: readonly StageExecution[];
  readonly artifacts: readonly ArtifactRecord[];
  readonly baselines: readonly Baseline[];
  readonly planning_context: PlanningContextRecord | null;
  readonly config: StoredConfig;
  readonly repo: RepoRecord;
  /** null where nothing is to be delivered. */
  readonly delivery: DeliveryRecord | null;
  readonly host: HostRecord;
  /** Of every attempt that started something. */
  readonly isolation: IsolationSummary;
  readonly invocations: readonly InvocationRecord[];
  readonly started_at: string;
  readonly finished_at: string | null;
}
