import { type Failure, failure } from '../failure.ts';
import type { StageExecution } from '../records.ts';
import { fail, ok, type Result } from '../result.ts';
import { ROLES, type RunPlan } from '../run-plan.ts';
import { sandboxOf } from '../sandbox.ts';
import { countingExecutions } from './stages.ts';

/**
 * A completed stage that ran without the sandbox which is required by now does not count: exit 2, by name. What it
 * may have reached then, no later sandbox takes back.
 */
export function refuseUnsandboxed(
  plan: RunPlan,
  executions: readonly StageExecution[],
  standing: readonly string[],
): Result<void, Failure> {
  const bare = countingExecutions(executions, standing).find(
    (one) =>
      one.isolation?.tier === 'none' && sandboxOf(plan, { role: roleOf(one.step) }).mode === 'required',
  );
  if (bare === undefined) return ok(undefined);
  const message = `--sandbox required: ${bare.stage} has completed, and its ${bare.step} ran without a sandbox`;
  return fail(
    failure('precondition', message, {
      stage: bare.stage,
      remedy: `run that stage again: --resume --rerun-from ${bare.stage}`,
    }),
  );
}

function roleOf(step: string) {
  return ROLES.find((role) => role === step) ?? null;
}
