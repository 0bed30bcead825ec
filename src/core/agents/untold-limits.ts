import type { Role, RolePlan } from '../run-plan.ts';
import { profileOf } from './profiles.ts';

/** The limits of a role that its agent never reports anything on: the stage can only end as BUDGET_UNKNOWN. */
export function untoldLimits(role: Role, plan: RolePlan): readonly string[] {
  if (plan.agent === null) return [];
  const { neverTold } = profileOf(plan.agent);
  return [
    ...(neverTold.includes('cost') && plan.maxCostUsd !== null ? [`--${role}-max-cost-usd`] : []),
    ...(neverTold.includes('turns') && plan.maxTurns !== null ? [`--${role}-max-turns`] : []),
  ];
}
