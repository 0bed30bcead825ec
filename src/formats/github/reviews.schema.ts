import * as z from 'zod';
import { accountSchema, idSchema, shaSchema } from './account.schema.ts';

/** An entry of `GET /repos/{owner}/{repo}/pulls/{number}/reviews`, which is in the order of submission. */
export const reviewSchema = z.looseObject({
  id: idSchema,
  user: accountSchema.nullable(),
  state: z.string().min(1),
  commit_id: shaSchema.nullable(),
});

/** An entry of `GET /repos/{owner}/{repo}/pulls/{number}/commits`. */
export const pullCommitSchema = z.looseObject({
  sha: shaSchema,
  author: z.union([accountSchema, z.strictObject({}), z.null()]),
  committer: z.union([accountSchema, z.strictObject({}), z.null()]),
});

/** `GET /repos/{owner}/{repo}/collaborators/{username}/permission`. */
export const permissionSchema = z.looseObject({
  permission: z.string().min(1),
  role_name: z.string().min(1),
  user: accountSchema.nullable(),
});

/** An entry of `GET /repos/{owner}/{repo}/activity`. */
export const activitySchema = z.looseObject({
  after: shaSchema,
  ref: z.string().min(1),
  activity_type: z.string().min(1),
  actor: accountSchema.nullable(),
});
