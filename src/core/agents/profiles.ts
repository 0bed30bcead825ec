import type { AgentName, AgentProfile } from './agent-profile.ts';
import { aider } from './aider.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';

const PROFILES: Readonly<Record<AgentName, AgentProfile>> = {
  'claude-code': claudeCode,
  codex,
  opencode,
  gemini,
  aider,
};

export function profileOf(agent: AgentName): AgentProfile {
  return PROFILES[agent];
}
