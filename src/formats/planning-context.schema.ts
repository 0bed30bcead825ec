import * as z from 'zod';
import { PLANNING_CONTEXT_SCHEMA_VERSION, type PlanningContext } from './planning-context.ts';
import { PRODUCT } from './report.ts';

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const count = z.number().int().nonnegative();

/** What `--planning-context-artifact` writes for the manager to read. */
export const planningContextSchema: z.ZodType<PlanningContext> = z
  .strictObject({
    schema_version: z.literal(PLANNING_CONTEXT_SCHEMA_VERSION),
    product: z.literal(PRODUCT),
    run_id: z.string(),
    repo: z.strictObject({
      name: z.string(),
      is_git: z.boolean(),
      head: objectId.nullable(),
      branch: z.string().nullable(),
      dirty: z.boolean().nullable(),
    }),
    files: z.strictObject({
      count,
      listing: z.array(z.string()),
      listing_truncated: z.boolean(),
      top_level: z.array(z.string()),
      extensions: z.array(z.strictObject({ extension: z.string(), count })),
    }),
    readme: z.strictObject({ path: z.string(), excerpt: z.string(), truncated: z.boolean() }).nullable(),
    recent_commits: z.array(z.strictObject({ commit: objectId, subject: z.string() })),
    validation_commands: z.array(z.strictObject({ argv: z.array(z.string()).min(1), source: z.string() })),
    notes: z.array(z.string()),
  })
  .meta({
    title: 'Planning context',
    description:
      'What the manager is told about the repository; ORCHESTRATOR_PLANNING_CONTEXT names the file.',
  });
