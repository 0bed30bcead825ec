import * as z from 'zod';
import { GATE_ORDER } from '../core/gates/gate.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { firstIssue } from './policy-decision.schema.ts';
import { parseStrictJson } from './strict-json.ts';

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(2_000);

/**
 * The gate document as a `command:` source prints it and a `file:` source holds it. Strict: a key that nobody knows
 * could be the word that would have closed the gate.
 */
export const gateDocumentSchema = z
  .strictObject({
    schema_version: z.literal('1.0'),
    gate: z.enum(GATE_ORDER),
    /** In document 004's words; another one is no pass. */
    status: z.string().min(1).max(64),
    passed: z.boolean(),
    source: text.optional(),
    details: z
      .array(
        z.strictObject({
          code: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
          about: text.nullable().optional(),
          message: text,
          remedy: text.nullable().optional(),
          blocks: z.boolean(),
        }),
      )
      .max(1_000),
    not_evaluated: z.array(text).max(1_000),
    subject: z.strictObject({
      run_id: text.nullable().optional(),
      head_sha: objectId.nullable().optional(),
      base_sha: objectId.nullable().optional(),
      tree_digest: digest.nullable().optional(),
    }),
    evaluated_at_unix_secs: z.number().int().nonnegative(),
    inputs_digest: digest.nullable().optional(),
  })
  .meta({
    title: 'Gate document',
    description: 'What a source says of one gate: printed by command:, held and signed by file:.',
  });
export type ForeignGateDocument = z.infer<typeof gateDocumentSchema>;

/** Reads a gate document that was made elsewhere; the failure says in words why it is none. */
export function parseGateDocument(bytes: Uint8Array): Result<ForeignGateDocument, string> {
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(json.failure.problem);
  const parsed = gateDocumentSchema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : fail(firstIssue(parsed.error));
}
