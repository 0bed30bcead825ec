import type { RunDocument } from '../run-document.ts';
import type { Role, RolePlan } from '../run-plan.ts';
import type { AgentUsage } from './agent-profile.ts';
import { addUsages, leftOf } from './limits.ts';
import { profileOf } from './profiles.ts';

/**
 * What the agent of a role has used in this invocation, whose first attempt has the place `from` in the document; an
 * attempt that says nothing makes the sum unknown. No clock is asked: it may have been set back meanwhile.
 */
export function usedSoFar(document: RunDocument, role: Role, from: number): AgentUsage {
  const own = document.stage_executions.slice(from).filter(
    // Nothing was started, so nothing was used.
    (one) => one.step === role && one.binary !== null,
  );
  return addUsages(own.map((one) => one.usage));
}

/** The arguments that a role is started with: its own, or the command line of its agent around them. */
export function argumentsOf(plan: RolePlan, used: AgentUsage): readonly string[] {
  if (plan.agent === null) return plan.args;
  return profileOf(plan.agent).commandLine({
    prompt: plan.prompt ?? '',
    model: plan.model,
    args: plan.args,
    costUsd: leftOf(plan.maxCostUsd, used.cost_usd, 0.000001),
    turns: leftOf(plan.maxTurns, used.turns, 1),
  });
}

/** Whether a variable of the caller reaches a role because its agent needs it. */
export function needsVariable(plan: RolePlan | null, name: string): boolean {
  return plan !== null && plan.agent !== null && profileOf(plan.agent).env.includes(name);
}
