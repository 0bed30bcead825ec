import * as z from 'zod';
import { CHANGE_KINDS, PATH_MODES, type PolicyInput } from './policy-input.ts';

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const mode = z.enum(PATH_MODES);

const change = z.strictObject({
  path: z.string(),
  old_path: z.string().nullable(),
  kind: z.enum(CHANGE_KINDS),
  old_mode: mode.nullable(),
  new_mode: mode.nullable(),
  lines_added: count.nullable(),
  lines_deleted: count.nullable(),
  binary: z.boolean(),
  symlink_target: z.string().nullable(),
});

const diff = z.strictObject({
  base_sha: objectId.nullable(),
  head_sha: objectId.nullable(),
  tree_digest: digest.nullable(),
  files: count,
  new_files: count,
  deleted_files: count,
  lines_added: count,
  lines_deleted: count,
  uncounted_files: count,
  path_count: count,
  truncated: z.boolean(),
  changes: z.array(change),
});

/** What a policy engine is told. */
export const policyInputSchema: z.ZodType<PolicyInput> = z
  .strictObject({
    schema_version: z.string(),
    run_id: z.string(),
    moment: z.enum(['admission', 'closure']),
    mode: z.string().nullable(),
    anchor: z.null(),
    plan: z.strictObject({
      digest: digest.nullable(),
      changes: z.array(z.strictObject({ path: z.string(), kind: z.string().nullable() })).nullable(),
    }),
    diff: diff.nullable(),
    budget: z.strictObject({ attempts: count, cycles: count, elapsed_ms: count }),
    actor: z.strictObject({ user: z.string().nullable(), host: z.string(), ci: z.boolean() }),
    agents: z.strictObject({
      manager: digest.nullable(),
      executor: digest.nullable(),
      reviewer: digest.nullable(),
    }),
    versions: z.strictObject({ orchestrator: z.string(), node: z.string() }),
  })
  .meta({
    title: 'Policy input',
    description: 'The decision document that policy engines judge: input of Rego, context of Cedar.',
  });
