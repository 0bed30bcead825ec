import * as z from 'zod';

/** What a reviewer leaves (spec section 3): only `passed: true` passes; unknown keys are its own affair. */
export const reviewerReportSchema = z
  .looseObject({
    passed: z.boolean(),
    findings: z.array(z.unknown()).optional(),
    next_step_plan: z
      .array(
        z.looseObject({
          priority: z.union([z.string(), z.number()]).nullish(),
          source: z.string().nullish(),
          code: z.string().nullish(),
          action: z.string(),
        }),
      )
      .optional(),
  })
  .meta({
    title: "Reviewer's report",
    description: 'The first .json among the expected artifacts of the reviewer.',
  });
