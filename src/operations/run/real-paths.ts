import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { RolePlan, RunPlan } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import { realOrSame } from '../../store/real-path.ts';

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
  const isInRoots = (path: string) => isInside(outDir, path) || isInside(plan.repoRoot, path);
  const role = (one: RolePlan | null): RolePlan | null =>
    one === null
      ? null
      : {
          ...one,
          bin: one.bin.includes('/') ? real(one.bin) : one.bin,
          expectedArtifacts: one.expectedArtifacts.map((artifact) => ({
            path: isInRoots(artifact.path) ? real(artifact.path) : realPlace(artifact.path),
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

/**
 * A path outside out_dir and repo-root with the folder it lies in by its real path, as far as that exists; its last
 * part is taken as it is. So a folder on the way that becomes a link during an attempt leads nowhere.
 */
function realPlace(path: string): string {
  const folder = dirname(path);
  if (folder === path) return path;
  try {
    return join(realpathSync.native(folder), basename(path));
  } catch {
    return join(realPlace(folder), basename(path));
  }
}
