import * as z from 'zod';
import { countSchema, shaSchema, userSchema } from './merge-request.schema.ts';

/** RFC 3339 as GitLab writes it. */
const timeSchema = z.iso.datetime({ offset: true });

/** GET /projects/:id/pipelines/:pipeline_id/jobs: one job. */
export const jobSchema = z.looseObject({
  id: countSchema,
  name: z.string().min(1),
  status: z.string(),
  allow_failure: z.boolean(),
  pipeline: z.looseObject({ id: countSchema, sha: shaSchema }),
});

/** GET …/approvals. `approvals_required` is there on instances that have approval rules. */
export const approvalsSchema = z.looseObject({
  approved_by: z.array(z.looseObject({ user: userSchema, approved_at: timeSchema.nullish() })),
  approvals_required: countSchema.nullish(),
});

/** GET …/approval_state. */
export const approvalStateSchema = z.looseObject({
  rules: z.array(
    z.looseObject({
      name: z.string(),
      approvals_required: countSchema,
      approved: z.boolean(),
      approved_by: z.array(userSchema),
    }),
  ),
});

/** GET …/versions: one head that the merge request has had. */
export const versionSchema = z.looseObject({
  id: countSchema,
  head_commit_sha: shaSchema,
  created_at: timeSchema,
});

/** GET …/merge_requests/:iid/commits: one commit. */
export const commitSchema = z.looseObject({
  id: shaSchema,
  author_name: z.string(),
  author_email: z.string(),
  committer_name: z.string(),
  committer_email: z.string(),
});
