import * as z from 'zod';
import { idSchema, shaSchema } from './account.schema.ts';

const totalSchema = z.int().nonnegative();

/** One check run; `status` and `conclusion` stay words, because the verdict table decides on unknown ones. */
export const checkRunSchema = z.looseObject({
  id: idSchema,
  name: z.string().min(1),
  head_sha: shaSchema,
  status: z.string().min(1),
  conclusion: z.string().min(1).nullable(),
  app: z.looseObject({ id: idSchema, slug: z.string().min(1).nullish() }).nullable(),
});

/** A page of `GET /repos/{owner}/{repo}/commits/{ref}/check-runs`, and of those of one suite. */
export const checkRunsPageSchema = z.looseObject({
  total_count: totalSchema,
  check_runs: z.array(checkRunSchema),
});

/** A page of `GET /repos/{owner}/{repo}/commits/{ref}/check-suites`. */
export const checkSuitesPageSchema = z.looseObject({
  total_count: totalSchema,
  check_suites: z.array(z.looseObject({ id: idSchema, head_sha: shaSchema })),
});

/** A page of `GET /repos/{owner}/{repo}/commits/{ref}/status`. Its combined `state` is not used. */
export const combinedStatusPageSchema = z.looseObject({
  sha: shaSchema,
  total_count: totalSchema,
  statuses: z.array(z.looseObject({ id: idSchema, context: z.string().min(1), state: z.string().min(1) })),
});
