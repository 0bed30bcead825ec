import * as z from 'zod';
import { accountSchema, idSchema, shaSchema } from './account.schema.ts';

const repositorySchema = z.looseObject({ full_name: z.string().min(1) });

/** `GET /repos/{owner}/{repo}/pulls/{number}`, what we use of it. */
export const pullRequestSchema = z.looseObject({
  number: idSchema,
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  draft: z.boolean(),
  html_url: z.string().min(1),
  user: accountSchema.nullable(),
  head: z.looseObject({ sha: shaSchema, ref: z.string().min(1), repo: repositorySchema.nullable() }),
  base: z.looseObject({ sha: shaSchema, ref: z.string().min(1), repo: repositorySchema }),
  merge_commit_sha: shaSchema.nullish(),
  commits: z.int().nonnegative(),
});

/** An entry of `GET /repos/{owner}/{repo}/pulls`, and the answer to creating or changing one. */
export const listedPullRequestSchema = z.looseObject({
  number: idSchema,
  state: z.enum(['open', 'closed']),
  html_url: z.string().min(1),
  head: z.looseObject({ sha: shaSchema, ref: z.string().min(1), repo: repositorySchema.nullable() }),
  base: z.looseObject({ ref: z.string().min(1), repo: repositorySchema }),
});
