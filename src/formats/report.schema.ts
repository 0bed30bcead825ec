import * as z from 'zod';
import { ISOLATION_SUMMARIES } from '../core/sandbox.ts';
import { deliveryRecordSchema } from './delivery-record.schema.ts';
import {
  agentUsageSchema,
  artifactRecordSchema,
  auditHeadSchema,
  failureSchema,
  gateDecisionSchema,
  hostRecordSchema,
  invocationRecordSchema,
  nextStepSchema,
  reasonCodeSchema,
  repoRecordSchema,
  sha256Schema,
  stageExecutionSchema,
  stateKeyIdSchema,
  terminalStateSchema,
  transitionRecordSchema,
} from './records.schema.ts';
import { AUTHENTICATION_ALGORITHM, PRODUCT, REPORT_SCHEMA_VERSION, type RunReport } from './report.ts';
import { storedConfigSchema } from './stored-config.schema.ts';

/** `orchestrator_run_report.json`. */
export const runReportSchema: z.ZodType<RunReport> = z
  .strictObject({
    schema_version: z.literal(REPORT_SCHEMA_VERSION),
    product: z.literal(PRODUCT),
    version: z.string(),
    run_id: z.string(),
    current_stage: z.string().nullable(),
    terminal_state: terminalStateSchema.nullable(),
    failure: failureSchema.nullable(),
    gate_decisions: z.array(gateDecisionSchema).length(3),
    blocked_reason_codes: z.array(reasonCodeSchema),
    worktree_changes: z.array(z.string()),
    git_changes: z.array(z.string()),
    policy_admission: gateDecisionSchema.nullable(),
    reviewer_next_steps: z.array(nextStepSchema),
    transitions: z.array(transitionRecordSchema),
    stage_executions: z.array(stageExecutionSchema),
    artifacts: z.array(artifactRecordSchema),
    config: storedConfigSchema,
    config_digest: sha256Schema,
    repo: repoRecordSchema,
    delivery: deliveryRecordSchema.nullable(),
    host: hostRecordSchema,
    isolation: z.enum(ISOLATION_SUMMARIES),
    usage: agentUsageSchema.nullable(),
    invocations: z.array(invocationRecordSchema),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    audit_head: auditHeadSchema,
    authenticity: z.enum([AUTHENTICATION_ALGORITHM, 'unauthenticated']),
    state_key_id: stateKeyIdSchema.nullable(),
  })
  .meta({ title: 'Run report', description: 'What a run did, decided and left behind.' });
