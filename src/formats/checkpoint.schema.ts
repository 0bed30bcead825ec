import * as z from 'zod';
import { ORCHESTRATE, stageNames } from '../core/machine/pipeline.ts';
import type { Progress, RunState } from '../core/machine/state.ts';
import type { RunDocument } from '../core/run-document.ts';
import { ISOLATION_SUMMARIES } from '../core/sandbox.ts';
import { CHECKPOINT_SCHEMA_VERSION, type Checkpoint } from './checkpoint.ts';
import { deliveryRecordSchema } from './delivery-record.schema.ts';
import {
  artifactRecordSchema,
  auditHeadSchema,
  failureSchema,
  gateAssertionSchema,
  gateDecisionSchema,
  hostRecordSchema,
  invocationRecordSchema,
  nextStepSchema,
  reasonCodeSchema,
  repoRecordSchema,
  sha256Schema,
  stageExecutionSchema,
  stateKeyIdSchema,
  transitionRecordSchema,
} from './records.schema.ts';
import { AUTHENTICATION_ALGORITHM, PRODUCT } from './report.ts';
import { storedConfigSchema } from './stored-config.schema.ts';

const count = z.int().nonnegative();

const stageSchema = z.enum(stageNames(ORCHESTRATE));

function namesStages(attempts: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(attempts).every((name) => stageNames(ORCHESTRATE).includes(name));
}

const progressSchema: z.ZodType<Progress> = z.strictObject({
  stage: stageSchema,
  task: count,
  before: z.array(z.enum(['admit', 'compare-tree'])),
  attempts: z.record(z.string(), count).refine(namesStages, 'expected the names of stages'),
  charged: count,
  cycle: count,
  cyclesUsed: count,
  nextSteps: z.array(nextStepSchema),
  completed: z.array(stageSchema),
  tree: z.strictObject({ digest: sha256Schema.nullable() }).nullable(),
  contextCommands: count,
  closed: z.array(gateDecisionSchema).length(3).nullable(),
});

const decisions = z.array(gateDecisionSchema).length(3);

const stateSchema: z.ZodType<RunState> = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pending') }),
  z.strictObject({ status: z.literal('working'), progress: progressSchema }),
  z.strictObject({ status: z.literal('done'), progress: progressSchema, decisions }),
  z.strictObject({
    status: z.literal('blocked'),
    progress: progressSchema,
    decisions,
    codes: z.array(reasonCodeSchema).min(1),
  }),
  z.strictObject({ status: z.literal('failed'), progress: progressSchema, failure: failureSchema }),
  z.strictObject({ status: z.literal('timeout'), progress: progressSchema, failure: failureSchema }),
  z.strictObject({ status: z.literal('interrupted'), progress: progressSchema, failure: failureSchema }),
]);

const trustedFile = z.strictObject({ path: z.string(), sha256: sha256Schema });

const runDocumentSchema: z.ZodType<RunDocument> = z.strictObject({
  run_id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  pipeline: z.literal('orchestrate'),
  state: stateSchema,
  intent: z
    .strictObject({
      stage: z.string(),
      step: z.string(),
      attempt: count,
      cycle: count,
      command: z.string(),
      started_at_unix_ms: z.int(),
    })
    .nullable(),
  failure: failureSchema.nullable(),
  policy_admission: gateDecisionSchema.nullable(),
  gate_decisions: decisions,
  blocked_reason_codes: z.array(reasonCodeSchema),
  worktree_changes: z.array(z.string()),
  git_changes: z.array(z.string()),
  config_file: trustedFile.nullable(),
  hidden_before: z.array(z.string()),
  trusted_files: z.array(trustedFile),
  git_settings: z.array(z.strictObject({ name: z.string(), sha256: sha256Schema })).nullable(),
  assertions: z.array(gateAssertionSchema),
  reviewer_next_steps: z.array(nextStepSchema),
  transitions: z.array(transitionRecordSchema),
  stage_executions: z.array(stageExecutionSchema),
  artifacts: z.array(artifactRecordSchema),
  baselines: z.array(z.strictObject({ path: z.string(), sha256: sha256Schema.nullable() })),
  planning_context: z
    .strictObject({
      path: z.string(),
      sha256: sha256Schema,
      commands: z.array(z.array(z.string()).min(1)),
    })
    .nullable(),
  config: storedConfigSchema,
  repo: repoRecordSchema,
  delivery: deliveryRecordSchema.nullable(),
  host: hostRecordSchema,
  isolation: z.enum(ISOLATION_SUMMARIES),
  invocations: z.array(invocationRecordSchema).min(1),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});

/** `orchestrator_checkpoint.json`. */
export const checkpointSchema: z.ZodType<Checkpoint> = z
  .strictObject({
    schema_version: z.literal(CHECKPOINT_SCHEMA_VERSION),
    product: z.literal(PRODUCT),
    version: z.string(),
    sequence: count,
    generation: count,
    report_sha256: sha256Schema,
    audit_head: auditHeadSchema,
    run: runDocumentSchema,
    authentication: z
      .strictObject({
        algorithm: z.literal(AUTHENTICATION_ALGORITHM),
        key_id: stateKeyIdSchema,
        mac: sha256Schema,
      })
      .nullable(),
    digest: sha256Schema,
  })
  .meta({
    title: 'Checkpoint',
    description: 'The commit point of a run: what has happened, to the last stage.',
  });
