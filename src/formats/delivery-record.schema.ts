import * as z from 'zod';
import type {
  CommitRecord,
  DeliveryRecord,
  PullRequestRecord,
  PushRecord,
} from '../core/delivery/delivery-record.ts';

const state = z.enum(['intended', 'done']);
const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

const commitSchema: z.ZodType<CommitRecord> = z.strictObject({
  state,
  tree_digest: z.string().regex(/^[0-9a-f]{64}$/),
  base_sha: sha,
  parent_sha: sha,
  message: z.string(),
  author_name: z.string(),
  author_email: z.string(),
  date_unix_secs: z.int(),
  sha: sha.nullable(),
});

const pushSchema: z.ZodType<PushRecord> = z.strictObject({
  state,
  sha,
  branch: z.string(),
  expected_sha: sha.nullable(),
  seen_at_unix_secs: z.int().nullable(),
});

const pullRequestSchema: z.ZodType<PullRequestRecord> = z.strictObject({
  state,
  on: z.enum(['github', 'gitlab']),
  project: z.string(),
  head: z.string(),
  base: z.string(),
  title: z.string(),
  number: z.int().positive().nullable(),
  url: z.string().nullable(),
  head_sha: sha.nullable(),
});

export const deliveryRecordSchema: z.ZodType<DeliveryRecord> = z.strictObject({
  remote: z.string(),
  remote_url: z.string(),
  branch: z.string(),
  refused: z.string().nullable(),
  commit: commitSchema.nullable(),
  push: pushSchema.nullable(),
  pull_request: pullRequestSchema.nullable(),
});
