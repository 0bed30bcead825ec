import { AGENT_NAMES } from '../core/agents/agent-profile.ts';
import type { Role } from '../core/run-plan.ts';
import { FLAG_GROUPS } from './flag-groups.ts';
import { type FlagKind, type FlagSpec, numberKind, valueFlag } from './flag-spec.ts';

const TEXT: FlagKind = { type: 'text' };

/** The flags of a role that is an agent with a profile. */
export function agentFlags(role: Role): readonly FlagSpec[] {
  const flag = (kind: FlagKind, placeholder: string, name: string, help: string): FlagSpec =>
    valueFlag(kind, placeholder, {
      name: `${role}-${name}`,
      group: FLAG_GROUPS.agents,
      help,
      configKey: `${role}.${name.replaceAll('-', '_')}`,
    });
  return [
    flag(
      { type: 'choice', choices: AGENT_NAMES },
      AGENT_NAMES.join('|'),
      'agent',
      `the ${role} is this agent: its command line is built, its result and usage are read`,
    ),
    flag(TEXT, 'TEXT', 'prompt', 'what the agent is told'),
    flag({ type: 'path' }, 'P', 'prompt-file', 'a file of what it is told, read as the run begins'),
    flag(TEXT, 'NAME', 'model', 'the model, as the agent spells it'),
    flag(
      { type: 'dollars' },
      'USD|none',
      'max-cost-usd',
      'what its attempts may cost; none takes it back on a resume',
    ),
    flag(numberKind('max_tokens'), 'N|none', 'max-tokens', 'tokens that its attempts may use, in and out'),
    flag(numberKind('max_turns'), 'N|none', 'max-turns', 'answers of the model that its attempts may use'),
  ];
}
