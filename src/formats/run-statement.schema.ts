import * as z from 'zod';
import { FAILURE_REASONS } from '../core/failure.ts';
import {
  auditHeadSchema,
  gateDecisionSchema,
  reasonCodeSchema,
  sha256Schema,
  terminalStateSchema,
} from './records.schema.ts';
import type { RunPredicate, RunStatement } from './run-statement.ts';
import { statementSchema } from './statement.schema.ts';
import { PREDICATE_TYPES } from './statement.ts';
import type { SummaryPredicate, SummaryStatement } from './verification-summary.ts';

const predicateSchema: z.ZodType<RunPredicate> = z.strictObject({
  run_id: z.string(),
  sequence: z.int().positive(),
  previous_statement: sha256Schema.nullable(),
  version: z.string(),
  terminal_state: terminalStateSchema.nullable(),
  closure_ready: z.boolean(),
  gate_decisions: z.array(gateDecisionSchema).length(3),
  blocked_reason_codes: z.array(reasonCodeSchema),
  failure_reason: z.enum(FAILURE_REASONS).nullable(),
  config_digest: sha256Schema,
  tree_digest: sha256Schema.nullable(),
  audit_head: auditHeadSchema,
  invocations: z.int().positive(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});

/** The in-toto statement of a run report. */
export const runStatementSchema: z.ZodType<RunStatement> = statementSchema(
  PREDICATE_TYPES.runReport,
  predicateSchema,
).meta({ title: 'Run report statement', description: 'What is signed of a run: an in-toto statement.' });

const summarySchema: z.ZodType<SummaryPredicate> = z.strictObject({
  verifier: z.strictObject({ id: z.string(), version: z.record(z.string(), z.string()) }),
  timeVerified: z.iso.datetime(),
  resourceUri: z.string(),
  policy: z.strictObject({ uri: z.string(), digest: z.strictObject({ sha256: sha256Schema }) }),
  inputAttestations: z.array(
    z.strictObject({ uri: z.string(), digest: z.strictObject({ sha256: sha256Schema }) }),
  ),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()),
});

/** The verification summary that stands after each run statement. */
export const summaryStatementSchema: z.ZodType<SummaryStatement> = statementSchema(
  PREDICATE_TYPES.verificationSummary,
  summarySchema,
);
