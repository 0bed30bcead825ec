import type { RunDocument } from '../run-document.ts';
import type { Role, RolePlan } from '../run-plan.ts';
import type { AgentUsage } from './agent-profile.ts';
import { addUsages, leftOf } from './limits.ts';
import { profileOf } from './profiles.ts';

/** What the agent of a role has used in this invocation; an attempt that says nothing makes the sum unknown. */
export function usedSoFar(document: RunDocument, role: Role): AgentUsage {
  const since = Date.parse(document.invocations.at(-1)?.started_at ?? '');
  const own = document.stage_executions.filter(
    (one) =>
      one.step === role &&
      // Nothing was started, so nothing was used.
      one.binary !== null &&
      // A start that cannot be read counts everything. It is kept to the second.
      !(Math.floor(one.started_at_unix_ms / 1000) < Math.floor(since / 1000)),
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
