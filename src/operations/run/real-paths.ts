import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RolePlan, RunPlan } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';

/**
 * The plan with out_dir and repo-root by their real paths, and what lies in them with them: one file has one
 * name, however the operator came to it, and evidence stores it relative to its folder.
 */
export function withRealPaths(plan: RunPlan, outDir: string, realOutDir: string): RunPlan {
  const repoRoot = realOrSame(plan.repoRoot);
  const real = (path: string): string => {
    if (isInside(outDir, path)) return join(realOutDir, relative(outDir, path));
    return isInside(plan.repoRoot, path) ? join(repoRoot, relative(plan.repoRoot, path)) : path;
  };
  const role = (one: RolePlan | null): RolePlan | null =>
    one === null
      ? null
      : {
          ...one,
          bin: one.bin.includes('/') ? real(one.bin) : one.bin,
          expectedArtifacts: one.expectedArtifacts.map((artifact) => ({
            path: real(artifact.path),
            schema: artifact.schema === null ? null : real(artifact.schema),
          })),
        };
  return {
    ...plan,
    repoRoot,
    planningContextArtifact:
      plan.planningContextArtifact === null ? null : real(plan.planningContextArtifact),
    validation: plan.validation.map((one) => ({
      ...one,
      bin: one.bin.includes('/') ? real(one.bin) : one.bin,
    })),
    roles: {
      manager: role(plan.roles.manager),
      executor: role(plan.roles.executor),
      reviewer: role(plan.roles.reviewer),
    },
  };
}

/** The real path, or the path itself where nothing is there yet. */
export function realOrSame(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
