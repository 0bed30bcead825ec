import type { ListedState, RunSummary } from './run-summary.ts';

/** Which runs may go. Where both limits are set, a run has to be beyond both. */
export interface RetentionRule {
  /** Ended at least this long ago, in ms; null: whenever. */
  readonly olderThanMs: number | null;
  /** Not among so many newest; null: none is kept for that. */
  readonly keep: number | null;
  readonly includeBlocked: boolean;
  readonly includeResumable: boolean;
}

/** A run that a rule was asked about; `stays` is why it stays, null where it may go. */
export interface Judged {
  readonly run: RunSummary;
  readonly stays: string | null;
}

/** Holds every run to the rule; `runs` newest first. What cannot be read or trusted, or is worked on, always stays. */
export function judgeRetention(
  runs: readonly RunSummary[],
  rule: RetentionRule,
  now: number,
): readonly Judged[] {
  return runs.map((run, place) => ({
    run,
    stays: staysByState(run.state, rule) ?? staysByNumber(place, rule) ?? staysByAge(run, rule, now),
  }));
}

function staysByState(state: ListedState, rule: RetentionRule): string | null {
  switch (state) {
    case 'done':
      return null;
    case 'blocked':
      return rule.includeBlocked ? null : 'blocked: --include-blocked takes it';
    case 'failed':
    case 'timeout':
    case 'interrupted':
    case 'unfinished':
      return rule.includeResumable ? null : 'can be resumed: --include-resumable takes it';
    case 'running':
      return 'an orchestrator works on it';
    case 'held':
      return 'perhaps an orchestrator works on it: its lock cannot be judged from here';
    case 'no-checkpoint':
      return 'without a checkpoint: nothing says whose it is';
    case 'unreadable':
      return 'its checkpoint cannot be read';
    case 'distrusted':
      return 'its evidence does not hold: it may be what somebody looks for';
  }
}

function staysByNumber(place: number, rule: RetentionRule): string | null {
  return rule.keep !== null && place < rule.keep ? `among the ${rule.keep} newest` : null;
}

function staysByAge(run: RunSummary, rule: RetentionRule, now: number): string | null {
  if (rule.olderThanMs === null) return null;
  const age = now - Date.parse(run.ended_at ?? '');
  if (Number.isNaN(age)) return 'it does not say when it ended';
  return age >= rule.olderThanMs ? null : 'newer than --older-than';
}
