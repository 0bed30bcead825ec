import * as z from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { firstIssue } from './policy-decision.schema.ts';
import { parseStrictJson } from './strict-json.ts';

/** `policy.json` of a policy folder: what the policy calls itself, and how many rules it must have at least. */
const policyManifestSchema = z.strictObject({
  version: z.string().min(1).max(200),
  min_rules: z.number().int().min(1),
});
export type PolicyManifest = z.infer<typeof policyManifestSchema>;

/** Reads `policy.json`; the failure says in words what is wrong with it. */
export function parsePolicyManifest(bytes: Uint8Array): Result<PolicyManifest, string> {
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(json.failure.problem);
  const parsed = policyManifestSchema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : fail(firstIssue(parsed.error));
}
