import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import type { RunPorts } from './ports.ts';

/**
 * The commit that the change of this run is measured against, found before any stage has started: afterwards every
 * ref is an agent's word. null outside git, and before a first commit.
 */
export async function takeBase(
  ports: Pick<RunPorts, 'env'>,
  plan: RunPlan,
  workTree: WorkTree | null,
  signal: AbortSignal,
): Promise<Result<string | null, Failure>> {
  if (workTree === null) return ok(null);
  const { findBase } = await import('../../git/base-commit.ts');
  return findBase({
    workTree,
    revision: plan.closure.base,
    environment: { path: ports.env.PATH ?? '', home: ports.env.HOME ?? null },
    signal,
  });
}
