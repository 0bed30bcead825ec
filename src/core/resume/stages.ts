import { type Failure, failure } from '../failure.ts';
import { type Pipeline, stageIndex, stageNames } from '../machine/pipeline.ts';
import type { BegunState } from '../machine/state.ts';
import type { StageExecution } from '../records.ts';
import { fail, ok, type Result } from '../result.ts';

/**
 * The stages that a resume will not run again: those completed, less what `--rerun-from` throws away. Asking
 * to rerun from a stage that has not been reached is refused: `--resume` alone gets there.
 */
export function stagesThatStand(
  pipeline: Pipeline,
  state: BegunState,
  rerunFrom: string | null,
): Result<readonly string[], Failure> {
  const completed = state.progress.completed.filter((stage) => stage !== state.progress.stage);
  if (rerunFrom === null) return ok(completed);
  const at = stageIndex(pipeline, rerunFrom);
  if (at > stageIndex(pipeline, state.progress.stage)) {
    return fail(
      failure('precondition', `--rerun-from ${rerunFrom}: the run has only come to ${state.progress.stage}`, {
        remedy: `resume without --rerun-from, or from one of ${stageNames(pipeline)
          .slice(0, stageIndex(pipeline, state.progress.stage) + 1)
          .join(', ')}`,
      }),
    );
  }
  const kept = stageNames(pipeline).slice(0, at);
  return ok(completed.filter((stage) => kept.includes(stage)));
}

/**
 * Of the stages that stand those that no remediation can come back to: a stage still to run may send the run back to
 * an earlier one, which then runs again although it stands now.
 */
export function stagesOutOfReach(
  pipeline: Pipeline,
  standing: readonly string[],
  remediationMaxCycles: number,
): readonly string[] {
  if (remediationMaxCycles === 0) return standing;
  const targets = pipeline.stages.flatMap(({ name, remediation }) =>
    remediation === null || standing.includes(name) ? [] : [stageIndex(pipeline, remediation)],
  );
  return standing.filter((stage) => targets.every((target) => stageIndex(pipeline, stage) < target));
}

/**
 * The invocations of binaries that count for these stages: of each step the last one that succeeded, in the
 * stage's last attempt that completed it; an attempt that had nothing to run completes it too.
 */
export function countingExecutions(
  executions: readonly StageExecution[],
  stages: readonly string[],
): readonly StageExecution[] {
  const last = new Map<string, StageExecution>();
  const lastAttempt = new Map<string, number>();
  for (const one of executions) {
    if (one.status !== 'success' && one.status !== 'not_configured') continue;
    if (!stages.includes(one.stage)) continue;
    lastAttempt.set(one.stage, Math.max(one.attempt, lastAttempt.get(one.stage) ?? 0));
    if (one.status === 'success') last.set(`${one.stage}/${one.step}`, one);
  }
  return [...last.values()].filter((one) => one.attempt === lastAttempt.get(one.stage));
}

/** The key of the attempt that a skipped stage's record names: its last that counts, else its last record. */
export function countingKey(executions: readonly StageExecution[], stage: string): string | null {
  const counting = countingExecutions(executions, [stage]).at(-1);
  const idle = executions.findLast((one) => one.stage === stage && one.status === 'not_configured');
  return (counting ?? idle)?.idempotency_key ?? null;
}
