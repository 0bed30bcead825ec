import type { GateName } from '../../../core/gates/gate.ts';
import { gatePlanOf } from '../../../core/gates/plan-of-settings.ts';
import type { RunContext } from '../context.ts';

/**
 * Whether any of these gates is decided by more than the operator's word; the work tree's own rules are policy's. A
 * scope is asked for outside of git as well: there it has to say that it cannot hold.
 */
export function needsReading(context: RunContext, gates: readonly GateName[]): boolean {
  const { closure } = context.plan;
  const { sources } = gatePlanOf(closure);
  return gates.some(
    (gate) =>
      sources[gate].some((one) => one.kind !== 'operator') ||
      (gate === 'policy' && (context.workTree !== null || closure.scope)),
  );
}
