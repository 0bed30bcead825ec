import type { StageExecution } from '../records.ts';
import type { AgentUsage } from './agent-profile.ts';
import { addUsages } from './limits.ts';

/** What all attempts of agents have used together; null where no attempt was one. */
export function totalUsage(executions: readonly StageExecution[]): AgentUsage | null {
  const usages = executions.flatMap((one) => (one.usage === null ? [] : [one.usage]));
  return usages.length === 0 ? null : addUsages(usages);
}
