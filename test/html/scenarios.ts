import { failure } from '../../src/core/failure.ts';
import type { InvocationRecord, StageExecution, StreamRecord } from '../../src/core/records.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunReport } from '../../src/formats/report.ts';
import type { ReportLog } from '../../src/render/html/logs.ts';
import {
  SAMPLE_START_MS,
  sampleExecution,
  sampleReport,
  sampleRun,
} from '../fixtures/documents/sample-run.ts';
import { CEDAR, CI, DELIVERY, SCOPE, USED } from './scenario-details.ts';

/** A run that a page is made of. */
export interface Scenario {
  readonly report: RunReport;
  readonly logs: readonly ReportLog[];
}

const MINUTE = 60_000;

/** Where the evidence is, as it was typed. */
export const PLACE = { outDir: './out', checkpointPath: null };

/** One run of each kind, as the screenshots show them. */
export function scenarios(): Readonly<
  Record<'done' | 'blocked' | 'denied' | 'failed' | 'timeout' | 'interrupted' | 'resumed', Scenario>
> {
  return {
    ...{ done: done(), blocked: blocked(), denied: denied(), failed: failed(), timeout: timedOut() },
    ...{ interrupted: interrupted(), resumed: resumed() },
  };
}

function done(): Scenario {
  return {
    report: sampleReport(
      sampleRun({
        nativeCommands: 2,
        artifacts: ARTIFACTS,
        change: (run) => used(lively({ ...run, delivery: DELIVERY })),
      }),
    ),
    logs: [log('planning', 'manager', ['plan: 3 steps', 'wrote plan.json'])],
  };
}

function blocked(): Scenario {
  const document = sampleRun({
    ...{ status: 'blocked', gates: { ci: 'failure', review: 'missing' }, nativeCommands: 1 },
    artifacts: ARTIFACTS,
    change: (run) => lively({ ...run, gate_decisions: run.gate_decisions.map(withDocuments) }),
  });
  return { report: sampleReport(document), logs: [log('execution', 'executor', ['done: 4 files changed'])] };
}

/** The policy gate says no, for its own rules and by Cedar, after a part of the delivery. */
function denied(): Scenario {
  const document = sampleRun({
    ...{ status: 'blocked', gates: { policy: 'deny', ci: 'failure' }, artifacts: ARTIFACTS },
    change: (run) =>
      used(lively({ ...run, delivery: DELIVERY, gate_decisions: run.gate_decisions.map(withDocuments) })),
  });
  return { report: sampleReport(document), logs: [] };
}

function failed(): Scenario {
  const why = failure('stage_failed', 'the executor exited with code 7, expected 0', {
    stage: 'execution',
    remedy: 'read logs/execution.3.stderr.log, mend the cause, then --resume',
  });
  const change = (run: RunDocument): RunDocument => {
    const [planning] = run.stage_executions;
    const tries = [1, 2, 3].map((attempt) =>
      attemptAt(attempt * 2, {
        attempt,
        status: 'failed',
        exit_code: 7,
        error: 'exited with code 7',
        duration_ms: 90_000,
      }),
    );
    return used(
      lively({ ...run, stage_executions: [...(planning === undefined ? [] : [planning]), ...tries] }),
    );
  };
  const lines = [
    'compiling 41 files',
    'src/main.ts:12:5 error: \u001b[31mexpected ";"\u001b[0m',
    '1 error',
    'giving up',
  ];
  return {
    report: sampleReport(sampleRun({ status: 'failed', stage: 'execution', failure: why, change })),
    logs: [
      { ...log('execution', 'executor', lines, 3), telling: true },
      log('planning', 'manager', ['plan: 3 steps']),
    ],
  };
}

function timedOut(): Scenario {
  const why = failure('stage_timeout', 'the executor exceeded 240000 ms', {
    stage: 'execution',
    remedy: 'raise --executor-timeout-ms if that is justified, then --resume',
  });
  const change = (run: RunDocument): RunDocument => {
    const slow = attemptAt(2, {
      ...{ status: 'timeout', exit_code: null, signal: 'SIGKILL', duration_ms: 4 * MINUTE + 30_000 },
      error: 'exceeded 240000 ms',
      process_tree: {
        ...{ killed: 3, survivors: 0, clean_sweeps: 3, method: 'proc' },
        stopped: {
          term_after_ms: 4 * MINUTE,
          kill_after_ms: 4 * MINUTE + 20_000,
          gone_after_ms: 4 * MINUTE + 30_000,
        },
      },
    });
    return lively({ ...run, stage_executions: [...run.stage_executions.slice(0, 1), slow] });
  };
  const report = sampleReport(sampleRun({ status: 'timeout', stage: 'execution', failure: why, change }));
  return { report, logs: [{ ...log('execution', 'executor', ['waiting for a lock …']), telling: true }] };
}

function interrupted(): Scenario {
  const why = failure('interrupted', 'SIGINT: the run was interrupted', {
    stage: 'execution',
    remedy: 'go on with --resume',
  });
  const change = (run: RunDocument): RunDocument => {
    const cut = attemptAt(2, {
      ...{ status: 'cancelled', exit_code: null, duration_ms: 97_000, error: 'was cancelled' },
      process_tree: {
        ...{ killed: 1, survivors: 0, clean_sweeps: 2, method: 'proc' },
        stopped: { term_after_ms: 90_000, kill_after_ms: null, gone_after_ms: 97_100 },
      },
    });
    return used(lively({ ...run, stage_executions: [...run.stage_executions.slice(0, 1), cut] }));
  };
  const sample = { status: 'interrupted', stage: 'execution', failure: why, change } as const;
  return { report: sampleReport(sampleRun(sample)), logs: [log('planning', 'manager', ['plan: 3 steps'])] };
}

function resumed(): Scenario {
  const change = (run: RunDocument): RunDocument => {
    const [first] = run.invocations;
    const later = SAMPLE_START_MS + 20 * 60 * MINUTE;
    const run1 = lively(run);
    const skipped = ['planning', 'execution', 'validation'].map((stage) =>
      sampleExecution(run.run_id, {
        ...{
          stage,
          status: 'skipped',
          command: null,
          started_at_unix_ms: later,
          duration_ms: 0,
          exit_code: null,
        },
        counts: `${run.run_id}:${stage}:1`,
      }),
    );
    const checked = sampleExecution(run.run_id, {
      ...{
        stage: 'validation',
        step: 'reviewer',
        attempt: 2,
        started_at_unix_ms: later + 2000,
        duration_ms: 31_000,
      },
      binary: { path: 'repo:bin/reviewer', sha256: 'd'.repeat(64), bytes: 4096 },
    });
    const again: readonly InvocationRecord[] =
      first === undefined
        ? []
        : [
            { ...first, ended_at: iso(SAMPLE_START_MS + 9 * MINUTE), ended_by: 'blocked' },
            {
              ...{
                ...first,
                started_at: iso(later),
                ended_at: iso(later + MINUTE),
                resumed: true,
                earlier_executions: withReviewer(run1).length,
                earlier_transitions: run1.transitions.length,
                ended_by: 'done',
              },
              argv: ['./out', '--resume', '--review-status', 'approved', '--timeout-ms', '600000'],
              changes: [
                'executor: arguments',
                'timeout: 1800000 is now 600000',
                'ci sources: [] is now ["github:acme/shop"]',
              ],
            },
          ];
    return {
      ...run1,
      invocations: again,
      stage_executions: [...withReviewer(run1), ...skipped.slice(0, 2), checked],
    };
  };
  return { report: sampleReport(sampleRun({ artifacts: ARTIFACTS, change })), logs: [] };
}

const ARTIFACTS = [
  { path: 'out:plan.json', content: '{"plan":1}\n' },
  { path: 'repo:docs/review.json', content: '{"passed":true}\n' },
];

/** Attempts that take their time one after the other, with logs. */
function lively(run: RunDocument): RunDocument {
  let at = SAMPLE_START_MS + 2000;
  const executions = run.stage_executions.map((one, index) => {
    const duration_ms = one.duration_ms === 1234 ? (index + 1) * 47_000 : one.duration_ms;
    const started_at_unix_ms = at;
    at += duration_ms + 800;
    return {
      ...one,
      started_at_unix_ms,
      duration_ms,
      stdout: stream(one, 'stdout'),
      stderr: stream(one, 'stderr'),
    };
  });
  const end = at + MINUTE;
  const invocations = run.invocations.map((one) => ({ ...one, ended_at: iso(end) }));
  const transitions = run.transitions.map((one) =>
    one.to_stage === 'closure' ? { ...one, timestamp_unix_ms: at } : one,
  );
  return { ...run, stage_executions: executions, invocations, transitions, finished_at: iso(end) };
}

/** The reviewer as it was first: what is resumed has another one in its place. */
function withReviewer(run: RunDocument): readonly StageExecution[] {
  return run.stage_executions.map((one) =>
    one.step === 'reviewer'
      ? { ...one, binary: { path: 'repo:bin/reviewer', sha256: 'c'.repeat(64), bytes: 4096 } }
      : one,
  );
}

/** As if manager and executor were agents that say what they use; an executor that tries again says more. */
function used(run: RunDocument): RunDocument {
  return {
    ...run,
    stage_executions: run.stage_executions.map((one) => ({
      ...one,
      usage: one.command === null ? null : (USED[one.stage] ?? null),
    })),
  };
}

function attemptAt(minute: number, more: Partial<StageExecution>): StageExecution {
  return sampleExecution('20260208T101500Z-1f2e3d4c5b6a', {
    ...{ stage: 'execution', step: 'executor', started_at_unix_ms: SAMPLE_START_MS + minute * MINUTE },
    args: ['--headless', '--prompt', 'mend the failing test'],
    ...more,
  });
}

function stream(one: StageExecution, name: 'stdout' | 'stderr'): StreamRecord {
  const log = `out:logs/${one.stage}.${one.attempt}.${name}.log`;
  return { log, bytes: 4096, kept_bytes: 4096, truncated: false };
}

function withDocuments(
  decision: RunDocument['gate_decisions'][number],
): RunDocument['gate_decisions'][number] {
  if (decision.gate === 'policy' && !decision.passed)
    return { ...decision, source: 'scope, cedar:policy', documents: [SCOPE, CEDAR] };
  if (decision.gate === 'ci') return { ...decision, source: 'github:acme/shop#7', documents: [CI] };
  return decision;
}

function log(stage: string, step: string, lines: readonly string[], attempt = 1): ReportLog {
  return { stage, step, attempt, stream: 'stderr', lines, telling: false };
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
