import * as z from 'zod';
import { APPROVER_LENGTH, NOTE_LENGTH, VERDICTS } from '../core/gates/approval.ts';
import { GATE_ORDER } from '../core/gates/gate.ts';
import type { ApprovalPredicate, ApprovalStatement } from './approval.ts';
import { sha256Schema } from './records.schema.ts';
import { commitSchema, statementSchema } from './statement.schema.ts';
import { PREDICATE_TYPES } from './statement.ts';

const predicateSchema: z.ZodType<ApprovalPredicate> = z.strictObject({
  run_id: z.string().min(1).max(64),
  gate: z.enum(GATE_ORDER),
  verdict: z.enum(VERDICTS),
  approver: z.string().min(1).max(APPROVER_LENGTH),
  note: z.string().max(NOTE_LENGTH).nullable(),
  head_sha: commitSchema.nullable(),
  tree_digest: sha256Schema.nullable(),
  plan_digest: sha256Schema.nullable(),
  issued_at_unix_secs: z.int().nonnegative(),
  expires_at_unix_secs: z.int().nonnegative(),
});

/** The in-toto statement of an approval. */
export const approvalSchema: z.ZodType<ApprovalStatement> = statementSchema(
  PREDICATE_TYPES.approval,
  predicateSchema,
).meta({
  title: 'Approval',
  description: 'A signed word on one gate, bound to run, commit, content tree and plan.',
});
