import type { DeliveryPlan } from '../gates/gate-plan.ts';

/** What a delivery is made of, in the order in which it is done. */
export const DELIVERY_STEPS = ['commit', 'push', 'pull-request'] as const;
export type DeliveryStep = (typeof DELIVERY_STEPS)[number];

/** The steps of a plan: all of them need the commit, and a pull request needs the push. */
export function deliverySteps(plan: DeliveryPlan | null): readonly DeliveryStep[] {
  if (plan === null) return [];
  return DELIVERY_STEPS.filter((step) => step !== 'pull-request' || plan.pullRequest !== null);
}
