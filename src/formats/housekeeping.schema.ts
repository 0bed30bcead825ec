import * as z from 'zod';
import { COMPARED } from '../core/compare-runs.ts';
import { FAILURE_REASONS } from '../core/failure.ts';
import { LISTED_STATES, type RunSummary } from '../core/run-summary.ts';
import {
  type CleanDocument,
  type CleanedRunRecord,
  HOUSEKEEPING_SCHEMA_VERSION,
  type RunDiffDocument,
  type RunListDocument,
} from './housekeeping-documents.ts';

const version = z.literal(HOUSEKEEPING_SCHEMA_VERSION);
const text = z.string();
const count = z.int().nonnegative();
const state = z.enum(LISTED_STATES);

const runSummary: z.ZodType<RunSummary> = z.strictObject({
  out_dir: text,
  run_id: text.nullable(),
  state,
  started_at: text.nullable(),
  ended_at: text.nullable(),
  duration_ms: z.number().nonnegative().nullable(),
  blocked_by: z.array(text),
  failure: z.strictObject({ reason: z.enum(FAILURE_REASONS), message: text }).nullable(),
  problem: text.nullable(),
});

/** What `list --json` prints. */
export const runListSchema: z.ZodType<RunListDocument> = z
  .strictObject({ schema_version: version, dir: text, runs: z.array(runSummary), missed: z.array(text) })
  .meta({
    title: 'List of runs',
    description: 'What `orchestrator list --json` prints, the newest run first.',
  });

const comparedRun = z.strictObject({ out_dir: text, run_id: text });

/** What `diff --json` prints. */
export const runDiffSchema: z.ZodType<RunDiffDocument> = z
  .strictObject({
    schema_version: version,
    a: comparedRun,
    b: comparedRun,
    differences: z.array(
      z.strictObject({ section: z.enum(COMPARED), what: text, a: text.nullable(), b: text.nullable() }),
    ),
    secrets_not_compared: z.array(text),
  })
  .meta({ title: 'Difference of two runs', description: 'What `orchestrator diff --json` prints.' });

const about = { out_dir: text, run_id: text.nullable(), state };

const cleanedRun: z.ZodType<CleanedRunRecord> = z.union([
  z.strictObject({ ...about, outcome: z.enum(['removed', 'removable']), files: count, bytes: count }),
  z.strictObject({ ...about, outcome: z.enum(['stays', 'failed']), why: text }),
]);

/** What `clean --json` prints. */
export const cleanSchema: z.ZodType<CleanDocument> = z
  .strictObject({
    schema_version: version,
    dir: text,
    executed: z.boolean(),
    runs: z.array(cleanedRun),
    missed: z.array(text),
  })
  .meta({
    title: 'Cleaned runs',
    description: 'What `orchestrator clean --json` removed, or would, and what stays.',
  });
