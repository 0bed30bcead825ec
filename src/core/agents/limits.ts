import { type AgentName, type AgentUsage, UNKNOWN_USAGE } from './agent-profile.ts';
import { sum } from './json-fields.ts';

/** What an agent may use in one invocation of the orchestrator, all its attempts together; null is no limit. */
export interface AgentLimits {
  /** US dollars. */
  readonly maxCostUsd: number | null;
  /** Input and output together. */
  readonly maxTokens: number | null;
  readonly maxTurns: number | null;
}

/** The part of a role that says which agent it is, and what for. */
export interface AgentSettings extends AgentLimits {
  /** null: a program of which only its exit code and its artifacts are known. */
  readonly agent: AgentName | null;
  readonly prompt: string | null;
  readonly model: string | null;
}

/** A role that is no agent. */
export const NO_AGENT: AgentSettings = {
  agent: null,
  prompt: null,
  model: null,
  maxCostUsd: null,
  maxTokens: null,
  maxTurns: null,
};

/** A limit that was passed, or that nobody can hold. */
export interface LimitFinding {
  readonly code: 'BUDGET_EXCEEDED' | 'BUDGET_UNKNOWN';
  /** The one that sets it. */
  readonly flag: string;
  readonly text: string;
}

const NOTHING: AgentUsage = { cost_usd: 0, input_tokens: 0, output_tokens: 0, turns: 0 };

/** All usages together; a part is known only where each usage has it, and null is one of nothing known. */
export function addUsages(usages: readonly (AgentUsage | null)[]): AgentUsage {
  return usages.reduce<AgentUsage>((total, next) => {
    const one = next ?? UNKNOWN_USAGE;
    return {
      cost_usd: roundCost(sum([total.cost_usd, one.cost_usd])),
      input_tokens: sum([total.input_tokens, one.input_tokens]),
      output_tokens: sum([total.output_tokens, one.output_tokens]),
      turns: sum([total.turns, one.turns]),
    };
  }, NOTHING);
}

/** To a billionth of a dollar, so that sums read as what was added. */
function roundCost(cost: number | null): number | null {
  return cost === null ? null : Math.round(cost * 1e9) / 1e9;
}

interface Measure {
  readonly flag: string;
  readonly unit: string;
  readonly limit: number | null;
  readonly used: number | null;
}

function measures(limits: AgentLimits, used: AgentUsage): readonly Measure[] {
  const tokens = sum([used.input_tokens, used.output_tokens]);
  return [
    { flag: 'max-cost-usd', unit: 'USD', limit: limits.maxCostUsd, used: used.cost_usd },
    { flag: 'max-tokens', unit: 'tokens', limit: limits.maxTokens, used: tokens },
    { flag: 'max-turns', unit: 'turns', limit: limits.maxTurns, used: used.turns },
  ];
}

/** What of the limits was passed, before what cannot be told; null where all are held. */
export function judgeLimits(role: string, limits: AgentLimits, used: AgentUsage): LimitFinding | null {
  const set = measures(limits, used).filter((one) => one.limit !== null);
  const over = set.find((one) => one.used !== null && one.used > (one.limit ?? 0));
  if (over !== undefined) {
    const flag = `--${role}-${over.flag}`;
    return {
      code: 'BUDGET_EXCEEDED',
      flag,
      text: `used ${over.used} ${over.unit}, over ${flag} ${over.limit}`,
    };
  }
  const unknown = set.find((one) => one.used === null);
  if (unknown === undefined) return null;
  const flag = `--${role}-${unknown.flag}`;
  const text = `does not say how many ${unknown.unit} it used, and ${flag} is ${unknown.limit}`;
  return { code: 'BUDGET_UNKNOWN', flag, text };
}

/** Whether another attempt could use anything at all. */
export function hasRoomLeft(limits: AgentLimits, used: AgentUsage): boolean {
  return measures(limits, used).every(
    (one) => one.limit === null || (one.used !== null && one.used < one.limit),
  );
}

/** What is left of a limit; null where there is none. Never below the least that an agent can be told. */
export function leftOf(limit: number | null, used: number | null, least: number): number | null {
  return limit === null ? null : Math.max(least, roundCost(limit - (used ?? 0)) ?? least);
}
