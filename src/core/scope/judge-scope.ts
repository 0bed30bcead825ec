import type { Breach } from './breach.ts';
import { budgetUse, judgeBudgets } from './budgets.ts';
import type { ChangeSet } from './change.ts';
import { judgeChange } from './judge-change.ts';
import { judgeAgainstPlan, type PlannedChanges } from './planned-changes.ts';
import type { ScopeRules } from './scope-rules.ts';

export interface ScopeQuestion {
  readonly changes: ChangeSet;
  /** Null where no scope is configured: then only what is always refused is. */
  readonly rules: ScopeRules | null;
  /** What the plan declared; null where it declared nothing, or where no scope is configured. */
  readonly planned: PlannedChanges | null;
}

/** The scope guard at closure: every rule that the change breaks, in the order of the paths. Empty lets it through. */
export function judgeScope({ changes, rules, planned }: ScopeQuestion): readonly Breach[] {
  return [
    ...changes.changes.flatMap((change) => judgeChange(change, rules)),
    ...(rules === null ? [] : judgeBudgets(budgetUse(changes.changes), rules.plan)),
    ...(planned === null ? [] : judgeAgainstPlan(changes.changes, planned)),
  ];
}
