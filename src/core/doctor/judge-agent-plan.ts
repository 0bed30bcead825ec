import { type Finding, fine, problem, warning } from './finding.ts';

/** What is known of a stage's agent before it is started. */
export interface AgentFacts {
  readonly role: string;
  readonly agent: string;
  /** Limits that it never reports anything on. */
  readonly untold: readonly string[];
  /** Variables that it can take a key or a login from, and whether one of them is there. */
  readonly keys: readonly string[];
  readonly hasKey: boolean;
  /** Whether it will run in a sandbox without a network. */
  readonly cutOff: boolean;
}

/** What would make an agent useless however well it starts; whether its login is good, only it can tell. */
export function judgeAgentPlan(facts: AgentFacts): Finding {
  const said = { check: 'agent', subject: facts.role } as const;
  const [limit] = facts.untold;
  if (limit !== undefined) {
    return problem({
      ...said,
      seen: `${facts.untold.join(' and ')} with ${facts.agent}, which never says how much that was`,
      means: 'the stage would do its work, and then fail as BUDGET_UNKNOWN',
      fix: `leave ${limit} out, or limit what it reports (docs/agents.md)`,
    });
  }
  if (facts.cutOff) {
    return warning({
      ...said,
      seen: `${facts.agent} in a sandbox without a network`,
      means: 'it cannot reach its model',
      fix: `--${facts.role}-sandbox-network on`,
    });
  }
  if (!facts.hasKey) {
    return warning({
      ...said,
      seen: `none of ${facts.keys.join(', ')} is set`,
      means: `${facts.agent} has no key unless it is logged in by a file in HOME`,
      fix: 'set one of them here; those of its agent reach the stage by themselves',
    });
  }
  return fine({ ...said, seen: facts.agent, means: 'a key is set; whether it is a good one was not tried' });
}
