import * as z from 'zod';
import type { AgentUsage } from '../core/agents/agent-profile.ts';
import { FAILURE_REASONS, type Failure } from '../core/failure.ts';
import { GATE_ORDER, REASON_CODES, type ReasonCode } from '../core/gates/gate.ts';
import type { GateDocument } from '../core/gates/gate-document.ts';
import type {
  ArtifactRecord,
  AuditHead,
  ExecutableRecord,
  GateAssertion,
  GateDecision,
  HostRecord,
  InvocationRecord,
  NextStep,
  ProcessTreeRecord,
  RepoRecord,
  StageExecution,
  StreamRecord,
  TransitionRecord,
} from '../core/records.ts';
import { EXECUTION_STATUSES, TERMINAL_STATES } from '../core/records.ts';
import type { IsolationRecord } from '../core/sandbox.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
export const stateKeyIdSchema = z.string().regex(/^[0-9a-f]{16}$/);
const count = z.int().nonnegative();
const unixSecs = z.int();
const reasonCodes: readonly ReasonCode[] = Object.values(REASON_CODES);
export const reasonCodeSchema = z.enum(reasonCodes);
export const terminalStateSchema = z.enum(TERMINAL_STATES);

export const failureSchema: z.ZodType<Failure> = z.strictObject({
  reason: z.enum(FAILURE_REASONS),
  message: z.string(),
  stage: z.string().nullable(),
  remedy: z.string().nullable(),
  retryable: z.boolean(),
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).nullable(),
});

export const transitionRecordSchema: z.ZodType<TransitionRecord> = z.strictObject({
  run_id: z.string(),
  from_stage: z.string().nullable(),
  to_stage: z.string(),
  timestamp_unix_secs: unixSecs,
  timestamp_unix_ms: z.int(),
});

export const artifactRecordSchema: z.ZodType<ArtifactRecord> = z.strictObject({
  path: z.string(),
  sha256: sha256Schema,
  bytes: count,
  stage: z.string(),
  step: z.string(),
  attempt: count,
  copy: z.string(),
  schema: z.string().nullable(),
});

const executableSchema: z.ZodType<ExecutableRecord> = z.strictObject({
  path: z.string(),
  sha256: sha256Schema,
  bytes: count,
});

const streamSchema: z.ZodType<StreamRecord> = z.strictObject({
  log: z.string(),
  bytes: count,
  kept_bytes: count,
  truncated: z.boolean(),
});

const processTreeSchema: z.ZodType<ProcessTreeRecord> = z.strictObject({
  killed: count,
  survivors: count,
  clean_sweeps: count,
  method: z.enum(['proc', 'ps', 'none']),
  stopped: z
    .strictObject({ term_after_ms: count, kill_after_ms: count.nullable(), gone_after_ms: count })
    .exactOptional(),
});

const isolationSchema: z.ZodType<IsolationRecord> = z.strictObject({
  tier: z.enum(['none', 'sandbox']),
  network: z.enum(['host', 'none']),
  reason: z.string().nullable(),
});

export const agentUsageSchema: z.ZodType<AgentUsage> = z.strictObject({
  cost_usd: z.number().nonnegative().nullable(),
  input_tokens: count.nullable(),
  output_tokens: count.nullable(),
  turns: count.nullable(),
});

export const stageExecutionSchema: z.ZodType<StageExecution> = z.strictObject({
  stage: z.string(),
  step: z.string(),
  attempt: count,
  cycle: count,
  idempotency_key: z.string(),
  command: z.string().nullable(),
  args: z.array(z.string()),
  args_withheld: z.array(count),
  cwd: z.string().nullable(),
  env_keys: z.array(z.string()),
  env_withheld: count,
  binary: executableSchema.nullable(),
  script: executableSchema.nullable(),
  started_at_unix_secs: unixSecs,
  started_at_unix_ms: z.int(),
  duration_ms: count,
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  status: z.enum(EXECUTION_STATUSES),
  error: z.string().nullable(),
  missing_artifacts: z.array(z.string()),
  malformed_artifacts: z.array(z.string()),
  stale_artifacts: z.array(z.string()),
  artifacts: z.array(artifactRecordSchema),
  stdout: streamSchema.nullable(),
  stderr: streamSchema.nullable(),
  process_tree: processTreeSchema.nullable(),
  isolation: isolationSchema.nullable(),
  usage: agentUsageSchema.nullable(),
  counts: z.string().nullable(),
});

const gateDocumentRecordSchema: z.ZodType<GateDocument> = z.strictObject({
  gate: z.enum(GATE_ORDER),
  status: z.string(),
  passed: z.boolean(),
  source: z.string(),
  details: z.array(
    z.strictObject({
      code: z.string(),
      about: z.string().nullable(),
      message: z.string(),
      remedy: z.string().nullable(),
      blocks: z.boolean(),
    }),
  ),
  not_evaluated: z.array(z.string()),
  subject: z.strictObject({
    head_sha: z.string().nullable(),
    base_sha: z.string().nullable(),
    tree_digest: sha256Schema.nullable(),
    run_id: z.string(),
  }),
  evaluated_at_unix_secs: z.int(),
  inputs_digest: sha256Schema.nullable(),
});

export const gateDecisionSchema: z.ZodType<GateDecision> = z.strictObject({
  gate: z.enum(GATE_ORDER),
  status: z.string(),
  passed: z.boolean(),
  reason_code: reasonCodeSchema.nullable(),
  source: z.string(),
  asserted_at_unix_secs: z.int().nullable(),
  carried_over: z.boolean(),
  details: z.array(z.string()),
  documents: z.array(gateDocumentRecordSchema),
});

export const nextStepSchema: z.ZodType<NextStep> = z.strictObject({
  priority: z.union([z.string(), z.number()]).nullable(),
  source: z.string().nullable(),
  code: z.string().nullable(),
  action: z.string(),
});

export const repoRecordSchema: z.ZodType<RepoRecord> = z.strictObject({
  root: z.string(),
  is_git: z.boolean(),
  base: z.string().nullable(),
  validated_commit: z.string().nullable(),
  head: z.string().nullable(),
  dirty: z.boolean().nullable(),
  tree_digest: sha256Schema.nullable(),
});

export const hostRecordSchema: z.ZodType<HostRecord> = z.strictObject({
  hostname: z.string(),
  platform: z.string(),
  arch: z.string(),
  user: z.string(),
  out_dir: z.string(),
});

export const invocationRecordSchema: z.ZodType<InvocationRecord> = z.strictObject({
  started_at: z.string(),
  ended_at: z.string().nullable(),
  resumed: z.boolean(),
  argv: z.array(z.string()),
  version: z.string(),
  pid: count,
  host: hostRecordSchema,
  cookie: z.string(),
  generation: count,
  earlier_executions: count,
  earlier_transitions: count,
  changes: z.array(z.string()),
  ended_by: z.enum([...TERMINAL_STATES, 'interrupted']).nullable(),
});

export const gateAssertionSchema: z.ZodType<GateAssertion> = z.strictObject({
  gate: z.enum(GATE_ORDER),
  status: z.string(),
  source: z.string(),
  asserted_at_unix_secs: z.int(),
  decided_tree: z.string().nullable(),
});

export const auditHeadSchema: z.ZodType<AuditHead> = z.strictObject({
  seq: count,
  sha256: sha256Schema,
});
