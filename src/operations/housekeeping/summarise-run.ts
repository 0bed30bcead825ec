import { type ListedState, type RunSummary, restingState } from '../../core/run-summary.ts';
import { timeWorked } from '../../core/time-worked.ts';
import type { OperationIo } from '../evidence/operation-io.ts';
import { type Holder, whoWorks } from '../evidence/who-works.ts';
import { type Examination, examineEvidence, type ReadEvidence } from '../examine-evidence.ts';

const NOTHING = {
  run_id: null,
  started_at: null,
  ended_at: null,
  duration_ms: null,
  blocked_by: [],
  failure: null,
} as const;

/** Longer texts help nobody in a list. */
const MAX_TEXT = 2000;

/** Reads the evidence in `outDir` (absolute, real) and its lock. Reads only. */
export async function summariseRun(outDir: string, io: OperationIo): Promise<RunSummary> {
  const examined = await examineEvidence({ outDir, checkpointPath: null });
  const holder = await whoWorks(outDir, examined.paths.lock, {
    pid: io.pid,
    hostname: io.hostname,
    now: io.now(),
  });
  if (examined.kind === 'read') return summaryOf(outDir, examined, { holder, now: io.now() });
  const { state, problem } = withoutCheckpoint(examined, holder);
  return { ...NOTHING, out_dir: outDir, state, problem: problem?.slice(0, MAX_TEXT) ?? null };
}

function summaryOf(
  outDir: string,
  evidence: ReadEvidence,
  { holder, now }: { readonly holder: Holder; readonly now: number },
): RunSummary {
  const { run } = evidence.checkpoint;
  const [doubt] = evidence.findings;
  const busy = busyState(holder);
  const resting: ListedState = doubt === undefined ? restingState(run.state) : 'distrusted';
  const problem = busy === null ? (doubt?.failure.message ?? null) : messageOf(holder);
  const last = run.invocations.at(-1);
  const { failure } = run;
  return {
    out_dir: outDir,
    run_id: run.run_id,
    state: busy ?? resting,
    started_at: run.started_at,
    ended_at: last?.ended_at ?? run.finished_at ?? last?.started_at ?? run.started_at,
    duration_ms: timeWorked(run, holder.kind === 'alive' ? now : null),
    blocked_by: run.blocked_reason_codes,
    failure:
      failure === null ? null : { reason: failure.reason, message: failure.message.slice(0, MAX_TEXT) },
    problem: problem?.slice(0, MAX_TEXT) ?? null,
  };
}

function withoutCheckpoint(
  examined: Exclude<Examination, ReadEvidence>,
  holder: Holder,
): { readonly state: ListedState; readonly problem: string | null } {
  const busy = busyState(holder);
  if (busy !== null) return { state: busy, problem: messageOf(holder) };
  if (examined.kind === 'unreadable') return { state: 'unreadable', problem: examined.failure.message };
  return {
    state: 'no-checkpoint',
    problem: 'evidence without a checkpoint: a part of a run, or one with --checkpoint-path elsewhere',
  };
}

function busyState(holder: Holder): 'running' | 'held' | null {
  if (holder.kind === 'alive') return 'running';
  return holder.kind === 'unknown' ? 'held' : null;
}

function messageOf(holder: Holder): string | null {
  return holder.kind === 'alive' || holder.kind === 'unknown' ? holder.message : null;
}
