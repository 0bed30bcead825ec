import * as z from 'zod';

/** A whole number as GitLab counts: ids and amounts. */
export const countSchema = z.number().int().nonnegative();

/** A full commit id. */
export const shaSchema = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** An account, as it stands in other documents. */
export const userSchema = z.looseObject({ id: countSchema, username: z.string().min(1), name: z.string() });

/** GET /projects/:id/merge_requests/:iid: what is used of it. A field that is missing is no `null`. */
export const mergeRequestSchema = z.looseObject({
  iid: countSchema,
  state: z.string(),
  draft: z.boolean(),
  sha: shaSchema.nullable(),
  target_branch: z.string(),
  target_project_id: countSchema,
  detailed_merge_status: z.string(),
  author: userSchema,
  head_pipeline: z
    .looseObject({ id: countSchema, project_id: countSchema, sha: shaSchema, status: z.string() })
    .nullable(),
});

/** What is used of a merge request that was found, opened or changed. */
export const deliveredMergeRequestSchema = z.looseObject({
  iid: countSchema,
  state: z.string(),
  sha: shaSchema.nullable(),
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: countSchema.nullable(),
  target_project_id: countSchema,
  web_url: z.string(),
});

/** GET /projects/:id/merge_requests: a page of it. */
export const foundMergeRequestsSchema = z.array(deliveredMergeRequestSchema);
