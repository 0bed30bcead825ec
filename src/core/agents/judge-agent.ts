import type { FailureReason } from '../failure.ts';
import type { AgentEnding, AgentResult } from './agent-profile.ts';
import type { LimitFinding } from './limits.ts';

/** What is known of an agent's attempt beside how its process ended. */
export interface AgentFacts {
  readonly result: AgentResult;
  /** What the agent's exit code means; null where it has no meaning of its own. */
  readonly exitMeaning: AgentEnding | null;
  /** On all attempts of this invocation. */
  readonly limit: LimitFinding | null;
  /** Whether its limits leave room for another attempt. */
  readonly roomLeft: boolean;
}

/** Why an agent's attempt is not good, in the words after "the executor …". */
export interface AgentProblem {
  readonly reason: FailureReason;
  readonly text: string;
  readonly again: boolean;
}

/**
 * Whether what an agent used is within its limits. `ended` is how its process ended where that was no success. What
 * cannot be told while a limit is set fails the stage as well, unless it has failed by itself: then that is the reason.
 * No limit that was passed is tried again.
 */
export function judgeUse(facts: AgentFacts, ended: string | null): AgentProblem | null {
  const { limit, exitMeaning, result } = facts;
  const before = ended === null ? '' : `${ended}, and `;
  if (limit?.code === 'BUDGET_EXCEEDED') {
    return { reason: 'budget_exceeded', text: `${before}${limit.text} (${limit.code})`, again: false };
  }
  const capped = [exitMeaning, result.ending].find((one) => one?.kind === 'capped');
  if (capped?.kind === 'capped') {
    const text = `${before}stopped at a limit: ${capped.problem} (BUDGET_EXCEEDED)`;
    return { reason: 'budget_exceeded', text, again: false };
  }
  if (limit === null || ended !== null || result.ending.kind === 'failed') return null;
  return { reason: 'budget_unknown', text: `${limit.text} (${limit.code})`, again: false };
}

/** What the agent itself says of an attempt that exited 0: many do so although they gave up. */
export function judgeEnding(facts: AgentFacts): AgentProblem | null {
  const { result, roomLeft } = facts;
  const { ending } = result;
  switch (ending.kind) {
    case 'success':
    case 'capped':
      return null;
    case 'failed':
      return {
        reason: 'stage_failed',
        text: `says that it failed: ${ending.problem}${afterUnknown(facts)}`,
        again: roomLeft,
      };
    case 'unreadable':
      return {
        reason: 'agent_result_unreadable',
        text: `left no result that can be read: ${ending.problem}`,
        again: roomLeft,
      };
  }
}

/** Why what failed by itself is not tried again under a limit; empty where it may be. */
export function afterUnknown({ limit }: AgentFacts): string {
  return limit?.code === 'BUDGET_UNKNOWN'
    ? `; not tried again: what it used is not known, and ${limit.flag} is set (${limit.code})`
    : '';
}
