import type { StageExecution } from '../../e2e/records.ts';
import type { SavedCheckpoint } from './evidence.ts';

/** What the orchestrator has told on stdout before it ended. */
interface Told {
  readonly type: string;
  readonly stage?: string;
  readonly execution?: StageExecution;
  readonly terminal_state?: string | null;
  readonly exit_code?: number;
}

/** What `--json` has acknowledged and the checkpoint does not know. */
export function lostOf(stdout: string, checkpoint: SavedCheckpoint | null): readonly string[] {
  return toldIn(stdout).flatMap((told) => {
    const missing = missingIn(told, checkpoint);
    return missing === null ? [] : [`acknowledged and lost: ${missing}`];
  });
}

/** A line without its end was never told. */
function toldIn(stdout: string): readonly Told[] {
  const lines = stdout.split('\n').slice(0, -1);
  // Boundary: the lines of `--json`, whose schema has tests of its own.
  return lines.map((line): Told => JSON.parse(line));
}

function missingIn(told: Told, checkpoint: SavedCheckpoint | null): string | null {
  const run = checkpoint?.run;
  if (told.type === 'stage-entered') {
    const isThere = run?.transitions.some(({ to_stage }) => to_stage === told.stage) === true;
    return isThere ? null : `entered ${told.stage}`;
  }
  if (told.type === 'attempt-ended') {
    const { idempotency_key: key, status, step } = told.execution ?? {};
    const isThere = run?.stage_executions.some(
      (one) => one.idempotency_key === key && one.step === step && one.status === status,
    );
    return isThere === true ? null : `${key} ${status}`;
  }
  if (told.type !== 'run-ended' || told.terminal_state === null || told.terminal_state === 'failed')
    return null;
  return run?.state.status === told.terminal_state ? null : `ended ${told.terminal_state}`;
}

/** How often a run has started each step. */
export type Starts = ReadonlyMap<string, number>;

/** Counts the agents' starts in the ledger; they are named like their steps. */
export function startsIn(ledger: readonly string[]): Starts {
  const starts = new Map<string, number>();
  for (const line of ledger) {
    const [word, , , step = ''] = line.split(' ');
    if (word === 'start') starts.set(step, (starts.get(step) ?? 0) + 1);
  }
  return starts;
}

/**
 * How many attempts at each step are over by the checkpoint, those that failed apart. A validation that did not
 * complete runs again as a whole (spec section 6), so its steps count only when the stage or its cycle is over.
 */
export function recordedIn(checkpoint: SavedCheckpoint | null): {
  readonly over: Starts;
  readonly failed: Starts;
} {
  const over = new Map<string, number>();
  const failed = new Map<string, number>();
  const progress = checkpoint?.run.state.progress;
  for (const { stage, step, status, cycle } of checkpoint?.run.stage_executions ?? []) {
    if (['skipped', 'not_configured', 'cancelled', 'spawn_failed'].includes(status)) continue;
    const isOver =
      stage !== 'validation' ||
      progress?.completed.includes(stage) === true ||
      cycle < (progress?.cycle ?? 0);
    if (!isOver) continue;
    over.set(step, (over.get(step) ?? 0) + 1);
    if (status !== 'success') failed.set(step, (failed.get(step) ?? 0) + 1);
  }
  return { over, failed };
}

/** What an undisturbed run starts, and how many of the attempts at each step fail. */
export interface Expected {
  readonly starts: Starts;
  readonly failed: Starts;
}

/**
 * Steps that were started more often since `checkpoint` was written than an undisturbed run would still have had to:
 * second starts of what was recorded. An attempt that only the fault has made fail is owed once more.
 */
export function secondStarts(options: {
  readonly expected: Expected;
  readonly checkpoint: SavedCheckpoint | null;
  readonly before: Starts;
  readonly after: Starts;
}): readonly string[] {
  const { over, failed } = recordedIn(options.checkpoint);
  const of = (starts: Starts, step: string): number => starts.get(step) ?? 0;
  return [...options.after].flatMap(([step, count]) => {
    const since = count - of(options.before, step);
    const repeated = Math.max(0, of(failed, step) - of(options.expected.failed, step));
    const owed = Math.max(0, of(options.expected.starts, step) - of(over, step) + repeated);
    return since <= owed ? [] : [`${step} was started ${since} times again, expected at most ${owed}`];
  });
}
