import { sandboxOf } from '../asked-sandbox.ts';
import { type Failure, failure } from '../failure.ts';
import type { StageExecution } from '../records.ts';
import { fail, ok, type Result } from '../result.ts';
import { ROLES, type RunPlan } from '../run-plan.ts';
import type { NetworkMode } from '../sandbox.ts';
import { countingExecutions } from './stages.ts';

/**
 * A completed stage that ran without the sandbox which is required by now, or with a network that it would not have now,
 * does not count: exit 2, by name. What it
 * may have reached then, no later sandbox takes back.
 */
export function refuseUnsandboxed(
  plan: RunPlan,
  executions: readonly StageExecution[],
  standing: readonly string[],
): Result<void, Failure> {
  const required = countingExecutions(executions, standing).filter(
    (one) => sandboxOf(plan, { role: roleOf(one.step) }).mode === 'required',
  );
  const bare = required.find((one) => one.isolation?.tier === 'none');
  const open = required.find((one) => one.isolation?.network === 'host' && networkOf(plan, one) === 'off');
  const weaker = bare ?? open;
  if (weaker === undefined) return ok(undefined);
  const ran = bare === undefined ? 'with the network' : 'without a sandbox';
  const message = `--sandbox required: ${weaker.stage} has completed, and its ${weaker.step} ran ${ran}`;
  return fail(
    failure('precondition', message, {
      stage: weaker.stage,
      remedy: `run that stage again: --resume --rerun-from ${weaker.stage}`,
    }),
  );
}

function networkOf(plan: RunPlan, execution: StageExecution): NetworkMode {
  return sandboxOf(plan, { role: roleOf(execution.step) }).network;
}

function roleOf(step: string) {
  return ROLES.find((role) => role === step) ?? null;
}
