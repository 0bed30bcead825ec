import type { StageExecution, TransitionRecord } from './records.ts';
import type { RunDocument } from './run-document.ts';

/** What one invocation has recorded itself, in order. */
export interface OwnRecords {
  readonly executions: readonly StageExecution[];
  readonly transitions: readonly TransitionRecord[];
}

type Recorded = Pick<RunDocument, 'invocations' | 'stage_executions' | 'transitions'>;

/**
 * Per invocation what it recorded itself. Told by how much there was before it and not by time: an invocation is
 * known to the second, and clocks go back.
 */
export function ownRecords(run: Recorded): readonly OwnRecords[] {
  return run.invocations.map((one, index) => {
    const next = run.invocations[index + 1];
    return {
      executions: run.stage_executions.slice(one.earlier_executions, next?.earlier_executions),
      transitions: run.transitions.slice(one.earlier_transitions, next?.earlier_transitions),
    };
  });
}
