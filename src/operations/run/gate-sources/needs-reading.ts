import type { GateName } from '../../../core/gates/gate.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunContext } from '../context.ts';

/** Whether any of these gates is decided by more than the operator's word; the work tree's own rules are policy's. */
export function needsReading(context: RunContext, gates: readonly GateName[]): boolean {
  const { sources } = gatePlanOf(context.plan.closure);
  return gates.some(
    (gate) =>
      sources[gate].some((one) => one.kind !== 'operator') ||
      (gate === 'policy' && (context.workTree !== null || context.plan.closure.scope)),
  );
}
