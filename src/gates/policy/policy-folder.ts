import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { GateSource } from '../../core/gates/gate-plan.ts';
import type { PolicyFolder, PolicyFolderProblem } from '../../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type PolicyManifest, parsePolicyManifest } from '../../formats/policy-manifest.schema.ts';

export type PolicySource = Extract<GateSource, { readonly kind: 'cedar' | 'opa' | 'conftest' }>;

/**
 * Reads a policy from where the agent cannot have written it: for a source without a digest from the base commit,
 * otherwise from the folder, which must have that digest.
 */
export type ReadPolicyFolder = (source: PolicySource) => Promise<Result<PolicyFolder, PolicyFolderProblem>>;

/** The policy's description of itself. */
export const MANIFEST = 'policy.json';

/** What is in `policy.json`; null where the folder has none. */
export function manifestOf(folder: PolicyFolder): Result<PolicyManifest | null, GateDetail> {
  const bytes = folder.files.get(MANIFEST);
  if (bytes === undefined) return ok(null);
  const manifest = parsePolicyManifest(bytes);
  return manifest.ok
    ? manifest
    : fail(blocking('policy_malformed', MANIFEST, `the policy's own description: ${manifest.failure}`));
}

/** What a policy is called in evidence where it does not name itself: the start of its digest. */
export function versionOf(folder: PolicyFolder, manifest: PolicyManifest | null): string {
  return manifest?.version ?? folder.digest.slice(0, 16);
}
