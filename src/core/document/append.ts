import type { ExecutionStatus, StageExecution } from '../records.ts';
import { countingKey } from '../resume/stages.ts';
import type { AttemptIntent, RunDocument } from '../run-document.ts';
import { summariseIsolation } from '../sandbox.ts';

/** A moment in both units that records have. */
export interface Moment {
  readonly unixMs: number;
}

/** One entry per stage entered. */
export function appendTransition(
  document: RunDocument,
  from: string | null,
  to: string,
  now: Moment,
): RunDocument {
  const transition = {
    run_id: document.run_id,
    from_stage: from,
    to_stage: to,
    timestamp_unix_secs: Math.floor(now.unixMs / 1000),
    timestamp_unix_ms: now.unixMs,
  };
  return { ...document, transitions: [...document.transitions, transition] };
}

/** The outcome of an attempt: its intent is answered, its artifacts replace those of earlier attempts. */
export function appendExecution(document: RunDocument, execution: StageExecution): RunDocument {
  const paths = new Set(execution.artifacts.map((artifact) => artifact.path));
  const executions = [...document.stage_executions, execution];
  return {
    ...document,
    intent: null,
    stage_executions: executions,
    isolation: summariseIsolation(executions.map((one) => one.isolation)),
    artifacts: [...document.artifacts.filter((one) => !paths.has(one.path)), ...execution.artifacts],
  };
}

/** A completed stage that this invocation did not run again names the attempt that counts. */
export function appendSkipped(document: RunDocument, stages: readonly string[], now: Moment): RunDocument {
  const records = stages.map((stage) => {
    const counted = countedAttempt(document, stage);
    const { step, attempt, cycle, counts } = counted;
    return blankExecution({
      run: document.run_id,
      stage,
      step,
      attempt,
      cycle,
      status: 'skipped',
      now,
      counts,
    });
  });
  return { ...document, stage_executions: [...document.stage_executions, ...records] };
}

/** The attempt of a completed stage that counts; a stage of gates has no record, but an attempt as well. */
export function countedAttempt(
  document: RunDocument,
  stage: string,
): Pick<StageExecution, 'step' | 'attempt' | 'cycle'> & { readonly counts: string } {
  const counts = countingKey(document.stage_executions, stage);
  const counted = document.stage_executions.find((one) => one.idempotency_key === counts);
  if (counts !== null && counted !== undefined) {
    return { step: counted.step, attempt: counted.attempt, cycle: counted.cycle, counts };
  }
  const progress = document.state.status === 'pending' ? null : document.state.progress;
  const attempt = progress?.attempts[stage] ?? 1;
  const step = 'gate';
  return {
    step,
    attempt,
    cycle: progress?.cycle ?? 0,
    counts: idempotencyKey(document.run_id, { stage, step, attempt }),
  };
}

/** A stage that has nothing to run completes with a record that says so. */
export function appendNotConfigured(
  document: RunDocument,
  stage: string,
  attempt: number,
  now: Moment,
): RunDocument {
  const record = blankExecution({
    run: document.run_id,
    stage,
    step: 'stage',
    attempt,
    cycle: document.state.status === 'pending' ? 0 : document.state.progress.cycle,
    status: 'not_configured',
    now,
    counts: null,
  });
  return { ...document, stage_executions: [...document.stage_executions, record] };
}

/**
 * An attempt whose orchestrator ended before its outcome was recorded (killed, power lost): what it did is not
 * known, so it counts for nothing.
 */
export function closeIntent(
  document: RunDocument,
  now: Moment,
  error = 'the orchestrator ended before the outcome of this attempt was recorded',
): RunDocument {
  const { intent } = document;
  if (intent === null) return document;
  const record: StageExecution = {
    ...blankExecution({
      run: document.run_id,
      stage: intent.stage,
      step: intent.step,
      attempt: intent.attempt,
      cycle: intent.cycle,
      status: 'cancelled',
      now: { unixMs: intent.started_at_unix_ms },
      counts: null,
    }),
    command: intent.command,
    duration_ms: Math.max(0, now.unixMs - intent.started_at_unix_ms),
    error,
  };
  return appendExecution(document, record);
}

/** `<run>:<stage>:<attempt>`; native validation commands, several per attempt, add their step. */
export function idempotencyKey(
  run: string,
  intent: Pick<AttemptIntent, 'stage' | 'step' | 'attempt'>,
): string {
  const key = `${run}:${intent.stage}:${intent.attempt}`;
  return intent.step.startsWith('command-') ? `${key}:${intent.step}` : key;
}

interface Blank {
  readonly run: string;
  readonly stage: string;
  readonly step: string;
  readonly attempt: number;
  readonly cycle: number;
  readonly status: ExecutionStatus;
  readonly now: Moment;
  readonly counts: string | null;
}

/** A record of something that started no process. */
export function blankExecution(blank: Blank): StageExecution {
  return {
    stage: blank.stage,
    step: blank.step,
    attempt: blank.attempt,
    cycle: blank.cycle,
    idempotency_key: idempotencyKey(blank.run, blank),
    command: null,
    args: [],
    args_withheld: [],
    cwd: null,
    env_keys: [],
    env_withheld: 0,
    binary: null,
    script: null,
    started_at_unix_secs: Math.floor(blank.now.unixMs / 1000),
    started_at_unix_ms: blank.now.unixMs,
    duration_ms: 0,
    exit_code: null,
    signal: null,
    status: blank.status,
    error: null,
    missing_artifacts: [],
    malformed_artifacts: [],
    stale_artifacts: [],
    artifacts: [],
    stdout: null,
    stderr: null,
    process_tree: null,
    isolation: null,
    usage: null,
    counts: blank.counts,
  };
}
