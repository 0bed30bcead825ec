/**
 * The records of a run in the shape they have on disk (snake_case, spec/orchestrate.md section 5).
 * The zod definitions in `formats/` are held to these types by the compiler.
 */
import type { AgentUsage } from './agents/agent-profile.ts';
import type { Failure } from './failure.ts';
import type { GateName, ReasonCode } from './gates/gate.ts';
import type { GateDocument } from './gates/gate-document.ts';
import type { IsolationRecord } from './sandbox.ts';

export const TERMINAL_STATES = ['done', 'blocked', 'failed', 'timeout'] as const;
export type TerminalState = (typeof TERMINAL_STATES)[number];

/** What became of one invocation of a binary, or of a stage that needed none; whatever happened first. */
export const EXECUTION_STATUSES = [
  'success',
  'failed',
  'timeout',
  'spawn_failed',
  'artifact_missing',
  'artifact_malformed',
  'artifact_stale',
  'cancelled',
  'skipped',
  'not_configured',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** One entry per stage entered. */
export interface TransitionRecord {
  readonly run_id: string;
  readonly from_stage: string | null;
  readonly to_stage: string;
  readonly timestamp_unix_secs: number;
  readonly timestamp_unix_ms: number;
}

/** A file that a stage had to leave: where it was, what was in it, and the copy that later steps read. */
export interface ArtifactRecord {
  /** Relative to repo-root (`repo:`), to out_dir (`out:`), or absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly stage: string;
  readonly step: string;
  readonly attempt: number;
  /** The content-addressed copy, relative to out_dir: `artifacts/<sha256>`. */
  readonly copy: string;
  /** The JSON Schema (stored path) that it was held to, if one is bound. */
  readonly schema: string | null;
}

/** A file that was executed: the binary, or the script that an interpreter was given. */
export interface ExecutableRecord {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** One captured stream. `bytes` is what the child wrote, `kept_bytes` what the log holds. */
export interface StreamRecord {
  readonly log: string;
  readonly bytes: number;
  readonly kept_bytes: number;
  readonly truncated: boolean;
}

/** What was left of the process tree when the child had ended. */
export interface ProcessTreeRecord {
  /** Processes beside the stage's own that had to be signalled, at a timeout or an interruption or after the end. */
  readonly killed: number;
  /** Processes still there after SIGKILL and the last sweep; more than 0 fails the run. */
  readonly survivors: number;
  /** How many sweeps in a row found nothing, at the end. */
  readonly clean_sweeps: number;
  /** How processes were found: `proc` (Linux), `ps` (macOS), `none` (only the direct tree is killed). */
  readonly method: 'proc' | 'ps' | 'none';
  /** Absent where nothing had to be stopped, and in evidence that is older than this key. */
  readonly stopped?: StopRecord;
}

/** When a tree was stopped, in ms after the attempt began. */
export interface StopRecord {
  /** The first SIGTERM: the grace period begins. */
  readonly term_after_ms: number;
  /** The first SIGKILL; null where the grace period was enough. */
  readonly kill_after_ms: number | null;
  /** Nothing was left, or it was given up. */
  readonly gone_after_ms: number;
}

/** One invocation of a binary, or a line that says why there was none. */
export interface StageExecution {
  readonly stage: string;
  /** `manager`, `executor`, `reviewer`, `command-1` …; `gate` for policy_ingestion and closure. */
  readonly step: string;
  readonly attempt: number;
  /** Remediation cycle, 0 for the first pass. */
  readonly cycle: number;
  /** `<run>:<stage>:<attempt>`, for native validation commands `…:<step>`; what ORCHESTRATOR_ATTEMPT_ID holds. */
  readonly idempotency_key: string;
  readonly command: string | null;
  readonly args: readonly string[];
  /** Positions in `args` whose text held a secret and is masked here. */
  readonly args_withheld: readonly number[];
  readonly cwd: string | null;
  readonly env_keys: readonly string[];
  /** How many of the caller's variables did not reach the child. */
  readonly env_withheld: number;
  readonly binary: ExecutableRecord | null;
  readonly script: ExecutableRecord | null;
  readonly started_at_unix_secs: number;
  readonly started_at_unix_ms: number;
  readonly duration_ms: number;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly status: ExecutionStatus;
  readonly error: string | null;
  readonly missing_artifacts: readonly string[];
  readonly malformed_artifacts: readonly string[];
  readonly stale_artifacts: readonly string[];
  readonly artifacts: readonly ArtifactRecord[];
  readonly stdout: StreamRecord | null;
  readonly stderr: StreamRecord | null;
  readonly process_tree: ProcessTreeRecord | null;
  /** null where nothing was started. */
  readonly isolation: IsolationRecord | null;
  /** What the agent says it has used; null where nobody is asked: no agent with a profile, nothing started. */
  readonly usage: AgentUsage | null;
  /** For `skipped`: the idempotency key of the attempt that counts. */
  readonly counts: string | null;
}

/** One gate, decided. */
export interface GateDecision {
  readonly gate: GateName;
  readonly status: string;
  readonly passed: boolean;
  readonly reason_code: ReasonCode | null;
  /** `operator` for a status flag, `none` when nobody said anything. */
  readonly source: string;
  readonly asserted_at_unix_secs: number | null;
  /** True where an earlier invocation's assertion counted. */
  readonly carried_over: boolean;
  readonly details: readonly string[];
  /** One per source but the operator, and one of the built-in rules. */
  readonly documents: readonly GateDocument[];
}

/** One step that a reviewer asks for before it would pass. */
export interface NextStep {
  readonly priority: string | number | null;
  readonly source: string | null;
  readonly code: string | null;
  readonly action: string;
}

/** The repository the run is about. `tree_digest` is null until the content tree was taken, or outside git. */
export interface RepoRecord {
  readonly root: string;
  readonly is_git: boolean;
  /** The commit that the change is measured against; null outside git, or before a first commit. */
  readonly base: string | null;
  /** HEAD where it was found to hold exactly the validated content; null where it does not, or nobody has looked. */
  readonly validated_commit: string | null;
  readonly head: string | null;
  readonly dirty: boolean | null;
  readonly tree_digest: string | null;
}

export interface HostRecord {
  readonly hostname: string;
  readonly platform: string;
  readonly arch: string;
  readonly user: string;
  /** Absolute path of out_dir as this host saw it. */
  readonly out_dir: string;
}

/** One process that worked on this run. */
export interface InvocationRecord {
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly resumed: boolean;
  readonly argv: readonly string[];
  readonly version: string;
  readonly pid: number;
  readonly host: HostRecord;
  /** Marks this invocation's processes (ORCHESTRATOR_TREES): a later one sweeps what carries it. */
  readonly cookie: string;
  /** Fencing token: the lock's generation. */
  readonly generation: number;
  /** How many stage executions had been recorded when it began: those that follow are its own. */
  readonly earlier_executions: number;
  /** The same of stages entered: one is known to the millisecond, the invocation to the second. */
  readonly earlier_transitions: number;
  /** What this invocation's flags changed against the run so far, in words. */
  readonly changes: readonly string[];
  readonly ended_by: TerminalState | 'interrupted' | null;
}

/** A gate assertion as an operator made it. */
export interface GateAssertion {
  readonly gate: GateName;
  readonly status: string;
  readonly source: string;
  readonly asserted_at_unix_secs: number;
  /** Content tree that a closure has decided with it, null while none has (spec section 6). */
  readonly decided_tree: string | null;
}

/** A file that gates are decided with, as it was before a stage could touch it. `path` is a stored path. */
export interface TrustedFile {
  readonly path: string;
  readonly sha256: string;
}

export interface AuditHead {
  /** Number of records in the log. */
  readonly seq: number;
  /** SHA-256 (hex) of the last of them. */
  readonly sha256: string;
}

export type FailureRecord = Failure;
