import * as z from 'zod';

/** Numeric id of an app; null and -1 are "any app". */
const appIdSchema = z.int().min(-1).nullish();

/** A rule of `GET /repos/{owner}/{repo}/rules/branches/{branch}` that demands checks. */
export const requiredStatusChecksRuleSchema = z.looseObject({
  type: z.literal('required_status_checks'),
  parameters: z.looseObject({
    required_status_checks: z.array(
      z.looseObject({ context: z.string().min(1), integration_id: appIdSchema }),
    ),
    strict_required_status_checks_policy: z.boolean(),
  }),
});

/** Any rule of a branch: which kind it is. */
export const branchRuleSchema = z.looseObject({ type: z.string().min(1) });

/** `GET /repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks`. */
export const classicProtectionSchema = z.looseObject({
  strict: z.boolean(),
  contexts: z.array(z.string().min(1)),
  checks: z.array(z.looseObject({ context: z.string().min(1), app_id: appIdSchema })),
});
