import { join } from 'node:path';
import { usedSoFar } from '../../../core/agents/agent-command.ts';
import {
  type AgentEnding,
  type AgentResult,
  type AgentUsage,
  UNKNOWN_USAGE,
} from '../../../core/agents/agent-profile.ts';
import type { AgentFacts } from '../../../core/agents/judge-agent.ts';
import { addUsages, hasRoomLeft, judgeLimits } from '../../../core/agents/limits.ts';
import { profileOf } from '../../../core/agents/profiles.ts';
import type { RunOrder } from '../../../core/machine/effect.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { RunContext } from '../context.ts';
import type { StartedProcess } from '../start-process.ts';
import { readLogLines } from './log-lines.ts';

/** What an agent's attempt is worth beside its exit code; null where the role is no agent, or nothing was started. */
export interface ReadAgent {
  readonly usage: AgentUsage;
  readonly facts: AgentFacts;
}

/** Reads the kept log of an attempt, masked as it is, by the profile of its agent. */
export function readAgent(
  context: RunContext,
  document: RunDocument,
  order: RunOrder,
  process: StartedProcess,
): ReadAgent | null {
  const { role } = order.run;
  const plan = role === null ? null : context.plan.roles[role];
  const agent = plan?.agent ?? null;
  if (role === null || plan === null || agent === null || process.binary === null) return null;
  const { usage, ending } = readLog(context, agent, process);
  const result = { usage: wholeTokens(usage), ending: masked(ending, context) };
  const used = addUsages([usedSoFar(document, role, context.earlierAttempts), result.usage]);
  const { end } = process;
  const exitMeaning = end.kind === 'exited' ? (profileOf(agent).exitCodes[end.code] ?? null) : null;
  const limit = judgeLimits(role, plan, used);
  return { usage: result.usage, facts: { result, exitMeaning, limit, roomLeft: hasRoomLeft(plan, used) } };
}

function readLog(
  context: RunContext,
  agent: Parameters<typeof profileOf>[0],
  process: StartedProcess,
): AgentResult {
  const { stdout } = process;
  if (stdout === null) return unreadable('its output was not kept');
  // What was dropped may have been the result, or more use of it.
  if (stdout.truncated) return unreadable('its output is longer than --max-log-bytes');
  try {
    const log = readLogLines(join(context.paths.outDir, stdout.log), stdout.kept_bytes + 1);
    const result = profileOf(agent).read(log.lines());
    // Without a sandbox a stage can write to its own log.
    if (log.sha256() !== process.stdoutSha256) return unreadable('its log is not what it has printed');
    return log.cut() ? unreadable('a line of its output is too long') : result;
  } catch (error) {
    return unreadable(`its log cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unreadable(problem: string): AgentResult {
  return { usage: UNKNOWN_USAGE, ending: { kind: 'unreadable', problem } };
}

/** A sum beyond what a whole number can hold is none. */
function wholeTokens(usage: AgentUsage): AgentUsage {
  const whole = (value: number | null) => (value !== null && Number.isSafeInteger(value) ? value : null);
  const cost = usage.cost_usd;
  return {
    cost_usd: cost !== null && Number.isFinite(cost) ? cost : null,
    input_tokens: whole(usage.input_tokens),
    output_tokens: whole(usage.output_tokens),
    turns: whole(usage.turns),
  };
}

function masked(ending: AgentEnding, context: RunContext): AgentEnding {
  return ending.kind === 'success' ? ending : { ...ending, problem: context.mask.text(ending.problem) };
}
