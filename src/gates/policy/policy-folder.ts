import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { GateSource } from '../../core/gates/gate-plan.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type PolicyManifest, parsePolicyManifest } from '../../formats/policy-manifest.schema.ts';

export type PolicySource = Extract<GateSource, { readonly kind: 'cedar' | 'opa' | 'conftest' }>;

/** A policy folder as it was read from the base commit, or held to its digest. */
export interface PolicyFolder {
  /** Name, `/` between folders, to content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** `folderDigest` of the files, hex. */
  readonly digest: string;
}

/** Why there is no policy: `policy_missing`, `policy_unsafe`, `policy_too_big`, `policy_moved`, `policy_unreadable`. */
export interface PolicyFolderProblem {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a policy from where the agent cannot have written it: for a source without a digest from the base commit,
 * otherwise from the folder, which must have that digest.
 */
export type ReadPolicyFolder = (source: PolicySource) => Promise<Result<PolicyFolder, PolicyFolderProblem>>;

/** What is in `policy.json`; null where the folder has none. */
export function manifestOf(folder: PolicyFolder): Result<PolicyManifest | null, GateDetail> {
  const bytes = folder.files.get(MANIFEST);
  if (bytes === undefined) return ok(null);
  const manifest = parsePolicyManifest(bytes);
  return manifest.ok
    ? manifest
    : fail(blocking('policy_malformed', MANIFEST, `the policy's own description: ${manifest.failure}`));
}

export const MANIFEST = 'policy.json';

/** What a policy is called in evidence where it does not name itself: the start of its digest. */
export function versionOf(folder: PolicyFolder, manifest: PolicyManifest | null): string {
  return manifest?.version ?? folder.digest.slice(0, 16);
}
