import * as z from 'zod';
import { fail, ok, type Result } from '../core/result.ts';

const MAX_DENIALS = 1_000;

/**
 * What a policy engine answers. Strict: a key that nobody knows (`Allow`, `denied`, `errors`) may be what the policy
 * meant, so it is no answer.
 */
export const policyDecisionSchema = z
  .strictObject({
    allow: z.boolean(),
    deny: z
      .array(z.strictObject({ code: z.string().min(1).max(200), msg: z.string().max(4_000) }))
      .max(MAX_DENIALS),
    policy_version: z.string().min(1).max(200),
    rules_evaluated: z.number().int().nonnegative(),
  })
  .meta({
    title: 'Policy decision',
    description: 'Passes only with allow true, an empty deny, and enough rules evaluated.',
  });
export type PolicyDecision = z.infer<typeof policyDecisionSchema>;

/** The decision in a value, or why it is none, in words and without the value. */
export function parsePolicyDecision(value: unknown): Result<PolicyDecision, string> {
  const parsed = policyDecisionSchema.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(firstIssue(parsed.error));
}

/** The first thing that is wrong, with where it is: `deny.0.code: …`. Bounded: keys come from outside. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'is not of the expected shape';
  const path = issue.path.map(String).join('.');
  return `${path === '' ? '' : `${path}: `}${issue.message}`.slice(0, 300);
}
