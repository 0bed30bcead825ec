import {
  type AgentFacts,
  type AgentProblem,
  afterUnknown,
  judgeEnding,
  judgeUse,
} from './agents/judge-agent.ts';
import { type Failure, type FailureReason, failure } from './failure.ts';
import type { CommandEnd } from './machine/event.ts';
import type { ExecutionStatus, NextStep } from './records.ts';
import { unreachable } from './unreachable.ts';

/** How a process ended, as far as the verdict depends on it. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'spawn-failed'; readonly problem: string };

/** What became of the artifacts that the stage had to leave; paths as they are displayed. */
export interface ArtifactFindings {
  readonly missing: readonly string[];
  readonly malformed: readonly { readonly path: string; readonly problem: string }[];
  readonly stale: readonly string[];
}

/** What the reviewer's report says; null for runs that have none. */
export type ReviewerVerdict =
  | { readonly said: 'passed' }
  | { readonly said: 'not-passed'; readonly nextSteps: readonly NextStep[] }
  | { readonly said: 'unusable'; readonly problem: string };

export interface AttemptFacts {
  readonly stage: string;
  readonly step: string;
  readonly end: ProcessEnd;
  readonly artifacts: ArtifactFindings;
  readonly reviewer: ReviewerVerdict | null;
  /** null where the binary is no agent with a profile, or was not started. */
  readonly agent: AgentFacts | null;
  /** Variables of the caller that the child did not get: the commonest cause of "works in my shell". */
  readonly envWithheld: number;
  /** A program that needs more than a sandbox shows fails in it: the next thing to look at. */
  readonly sandboxed: boolean;
}

/** One attempt, judged: the status for the record and the event for the machine. */
export interface AttemptVerdict {
  readonly status: ExecutionStatus;
  readonly error: string | null;
  readonly end: CommandEnd;
}

/**
 * The verdict on an attempt: what went wrong first names it (spec section 4). Success needs exit code 0, every
 * expected artifact there, well-formed and made by this attempt, and a reviewer that says `passed: true`; of an agent
 * also a result that says success, and use within its limits.
 */
export function judgeAttempt(facts: AttemptFacts): AttemptVerdict {
  return (
    judgeProcess(facts) ?? judgeAgent(facts) ?? judgeArtifacts(facts) ?? judgeReviewer(facts) ?? success()
  );
}

function success(): AttemptVerdict {
  return { status: 'success', error: null, end: { ended: 'success' } };
}

function judgeProcess(facts: AttemptFacts): AttemptVerdict | null {
  const { end } = facts;
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? null : ended(facts, `exited with code ${end.code}`);
    case 'signalled':
      return ended(facts, `was ended by ${end.signal}`);
    case 'timed-out':
      return bad(facts, { status: 'timeout', reason: 'stage_timeout', text: `exceeded ${end.limitMs} ms` });
    case 'cancelled':
      return bad(facts, { status: 'cancelled', reason: 'interrupted', text: 'was cancelled', again: false });
    case 'spawn-failed':
      return bad(facts, {
        status: 'spawn_failed',
        reason: 'spawn_failed',
        text: `could not start: ${end.problem}`,
        again: false,
      });
    default:
      return unreachable(end);
  }
}

/** A reviewer that exits non-zero may still have said what it wants done. */
function ended(facts: AttemptFacts, text: string): AttemptVerdict {
  const use = facts.agent === null ? null : judgeUse(facts.agent, text);
  if (use !== null) return agentProblem(facts, use);
  const meaning = facts.agent?.exitMeaning;
  const meant = meaning === undefined || meaning === null || meaning.kind === 'success' ? null : meaning;
  const said = meant ?? (facts.agent?.result.ending.kind === 'failed' ? facts.agent.result.ending : null);
  const why = said === null ? text : `${text}: ${said.problem}`;
  const after = facts.agent === null ? '' : afterUnknown(facts.agent);
  return bad(facts, { status: 'failed', reason: 'stage_failed', text: `${why}${after}` });
}

function judgeAgent(facts: AttemptFacts): AttemptVerdict | null {
  if (facts.agent === null) return null;
  const problem = judgeUse(facts.agent, null) ?? judgeEnding(facts.agent);
  return problem === null ? null : agentProblem(facts, problem);
}

function agentProblem(facts: AttemptFacts, { reason, text, again }: AgentProblem): AttemptVerdict {
  return bad(facts, { status: 'failed', reason, text, again });
}

function judgeArtifacts(facts: AttemptFacts): AttemptVerdict | null {
  const { missing, malformed, stale } = facts.artifacts;
  const [broken] = malformed;
  const reason = 'stage_failed';
  if (missing.length > 0) {
    return bad(facts, { status: 'artifact_missing', reason, text: `left no ${missing.join(', ')}` });
  }
  if (broken !== undefined) {
    const text = `left an unusable ${broken.path}: ${broken.problem}`;
    return bad(facts, { status: 'artifact_malformed', reason, text });
  }
  if (stale.length > 0) {
    const text = `did not write ${stale.join(', ')}: it is what was there before`;
    return bad(facts, { status: 'artifact_stale', reason, text });
  }
  return null;
}

function judgeReviewer(facts: AttemptFacts): AttemptVerdict | null {
  const { reviewer } = facts;
  if (reviewer === null || reviewer.said === 'passed') return null;
  if (reviewer.said === 'unusable') {
    const text = `left an unusable report: ${reviewer.problem}`;
    return bad(facts, { status: 'artifact_malformed', reason: 'stage_failed', text });
  }
  const count = reviewer.nextSteps.length;
  const asks = count === 0 ? '' : `, and asks for ${count} next step${count === 1 ? '' : 's'}`;
  return bad(facts, { status: 'failed', reason: 'stage_failed', text: `did not pass the change${asks}` });
}

interface Bad {
  readonly status: ExecutionStatus;
  readonly reason: FailureReason;
  readonly text: string;
  readonly again?: boolean;
}

function bad(facts: AttemptFacts, what: Bad): AttemptVerdict {
  // A reviewer that was cut off has not said what it wants, whatever it had written by then.
  const spoke = facts.end.kind === 'exited' && facts.reviewer?.said === 'not-passed' ? facts.reviewer : null;
  // A cycle of remediation would use more of what is used up.
  const spent = what.reason === 'budget_exceeded' || what.reason === 'budget_unknown';
  const nextSteps = spent ? [] : (spoke?.nextSteps ?? []);
  const message = `${facts.stage}: the ${facts.step} ${what.text}`;
  const why: Failure = failure(what.reason, message, {
    stage: facts.stage,
    remedy: remedyOf(facts, what),
  });
  return {
    status: what.status,
    error: message,
    end: {
      ended: what.reason === 'stage_timeout' ? 'timeout' : 'failed',
      failure: why,
      again: what.again ?? facts.agent?.roomLeft ?? true,
      nextSteps,
    },
  };
}

function remedyOf(facts: AttemptFacts, what: Bad): string {
  if (what.reason === 'stage_timeout')
    return `raise ${timeoutFlags(facts.step)} if that is justified, then --resume`;
  // An agent that stops at a limit by itself does not say at which.
  const flag =
    facts.agent?.limit?.flag ??
    `--${facts.step}-max-cost-usd, -max-tokens or -max-turns, whichever is set, or a limit of its own,`;
  if (what.reason === 'budget_exceeded') return `raise ${flag} if that is justified, then --resume`;
  if (what.reason === 'budget_unknown')
    return `read its log: where its agent never reports that (docs/agents.md), take ${flag} back (none), then --resume`;
  if (what.reason === 'spawn_failed')
    return `correct the binary, then --resume${hintOf([sandboxHint(facts)])}`;
  if (facts.end.kind === 'exited' && facts.reviewer?.said === 'not-passed')
    return 'read the findings in its report, then --resume --rerun-from execution';
  const exited = facts.end.kind === 'exited' && facts.end.code !== 0;
  const withheld =
    facts.envWithheld === 0
      ? null
      : `${facts.envWithheld} of your variables did not reach it: --pass-env NAME`;
  const hints = exited ? hintOf([withheld, sandboxHint(facts)]) : '';
  return `read its log, mend the cause, then --resume${hints}`;
}

function sandboxHint(facts: AttemptFacts): string | null {
  return facts.sandboxed
    ? 'its sandbox shows only what it was told to: --sandbox-read PATH, --sandbox-write PATH (.git to commit), --sandbox-network on'
    : null;
}

function hintOf(hints: readonly (string | null)[]): string {
  const given = hints.filter((hint) => hint !== null);
  return given.length === 0 ? '' : ` (${given.join('; ')})`;
}

/** A role has a limit of its own, which wins over the one of every invocation. */
function timeoutFlags(step: string): string {
  return step.startsWith('command-')
    ? '--timeout-ms'
    : `--${step}-timeout-ms, or --timeout-ms where that is not set,`;
}
