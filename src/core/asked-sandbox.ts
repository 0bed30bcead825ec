import type { Run } from './machine/tasks.ts';
import type { RunPlan } from './run-plan.ts';
import { type NetworkMode, SANDBOX_MODES, type SandboxMode } from './sandbox.ts';

/** What is asked for one run of a binary: a role's own word, else the run's. */
export function sandboxOf(
  plan: RunPlan,
  run: Pick<Run, 'role'>,
): { readonly mode: SandboxMode; readonly network: NetworkMode } {
  const role = run.role === null ? null : plan.roles[run.role];
  return { mode: role?.sandbox ?? plan.sandbox, network: role?.sandboxNetwork ?? plan.sandboxNetwork };
}

/** The strictest mode that anything this plan can run asks for. */
export function strictestMode(plan: RunPlan): SandboxMode {
  const roles = Object.values(plan.roles).filter((role) => role !== null);
  const commands = plan.validation.length > 0 || plan.validationFromPlanningContext ? [plan.sandbox] : [];
  const modes = [...roles.map((role) => role.sandbox ?? plan.sandbox), ...commands];
  return SANDBOX_MODES.find((mode) => modes.includes(mode)) ?? 'off';
}
