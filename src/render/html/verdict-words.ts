import { unreachable } from '../../core/unreachable.ts';
import type { RunReport } from '../../formats/report.ts';
import { describeVerdict } from '../verdict.ts';
import type { Sign } from './tone.ts';

/** The verdict as a person reads it first: a few words, then one sentence. */
export interface VerdictWords extends Sign {
  readonly sentence: string;
}

/** What the run came to, in words. Where the evidence is in doubt, nothing it says stands. */
export function verdictWords(report: RunReport, doubts: readonly string[]): VerdictWords {
  if (doubts.length > 0) {
    const sentence = `The evidence does not hold. It says: ${describeVerdict(report)}`;
    return { tone: 'bad', icon: 'cross', word: 'Not to be trusted', sentence };
  }
  const { terminal_state: terminal, failure } = report;
  const why = failure === null ? '' : `${failure.reason}: ${failure.message}`;
  switch (terminal) {
    case 'done':
      if (failure !== null) return { tone: 'bad', icon: 'cross', word: 'Not done', sentence: why };
      return {
        ...{ tone: 'good', icon: 'ok', word: 'Done: closure-ready' },
        sentence: 'Every stage passed, all three gates are open, and what was validated is what closed.',
      };
    case 'blocked':
      return { tone: 'warn', icon: 'bar', word: blockedWord(report), sentence: blockedSentence(report) };
    case 'failed':
      return { tone: 'bad', icon: 'cross', word: `Failed${inStage(report)}`, sentence: why };
    case 'timeout':
      return { tone: 'bad', icon: 'clock', word: `Timed out${inStage(report)}`, sentence: why };
    case null:
      return unfinished(report, why);
    default:
      return unreachable(terminal);
  }
}

function unfinished(report: RunReport, why: string): VerdictWords {
  if (report.failure === null) {
    const sentence = 'No end is recorded: it is being worked on, or its orchestrator was killed.';
    return { tone: 'busy', icon: 'dot', word: `Not finished${inStage(report)}`, sentence };
  }
  const word = report.failure.reason === 'interrupted' ? 'Interrupted' : 'Not finished';
  return { tone: 'warn', icon: 'bar', word: `${word}${inStage(report)}`, sentence: why };
}

function inStage({ current_stage: stage }: RunReport): string {
  return stage === null ? '' : ` in ${stage}`;
}

function closedGates(report: RunReport): readonly string[] {
  return report.gate_decisions.filter((one) => !one.passed).map((one) => one.gate);
}

function blockedWord(report: RunReport): string {
  const gates = closedGates(report);
  if (gates.length === 0) return `Blocked${inStage(report)}`;
  return `Blocked by ${gates.length === 1 ? 'gate' : 'gates'} ${gates.join(', ')}`;
}

function blockedSentence(report: RunReport): string {
  const said = report.gate_decisions
    .filter((one) => !one.passed)
    .map((one) => `${one.gate} says ${one.status}`);
  const beyond = report.worktree_changes.length + report.git_changes.length;
  const changed = beyond === 0 ? [] : [`${beyond} change(s) since validation or by a stage`];
  const refused = report.delivery?.refused ?? null;
  const all = [...said, ...changed, ...(refused === null ? [] : [`delivery refused: ${refused}`])];
  return all.length === 0 ? describeVerdict(report) : `${all.join('; ')}.`;
}
