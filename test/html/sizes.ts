import type { StageExecution } from '../../src/core/records.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunReport } from '../../src/formats/report.ts';
import type { ReportLog } from '../../src/render/html/logs.ts';
import {
  SAMPLE_START_MS,
  type SampleRun,
  sampleExecution,
  sampleReport,
  sampleRun,
} from '../fixtures/documents/sample-run.ts';

/** A run with so many attempts at execution, beside its three own records. */
export function manyAttempts(count: number): RunReport {
  return sampleReport(runOf(count, {}));
}

/** The same as it is committed, and otherwise as the sample says. */
export function runOf(count: number, sample: SampleRun): RunDocument {
  const change = (run: RunDocument): RunDocument => ({
    ...run,
    stage_executions: [
      ...run.stage_executions,
      ...Array.from({ length: count }, (_, index) => attempt(run.run_id, index)),
    ],
  });
  return sampleRun({ ...sample, change });
}

function attempt(runId: string, index: number): StageExecution {
  const log = `out:logs/execution.${index}.stdout.log`;
  const failed = index % 7 === 0;
  return sampleExecution(runId, {
    ...{ attempt: index + 2, step: `step-${index % 20}`, started_at_unix_ms: SAMPLE_START_MS + index * 1500 },
    ...{ status: failed ? 'failed' : 'success', env_keys: ['PATH', 'HOME', 'LANG'] },
    ...{ error: failed ? 'exited with code 7' : null, args: ['--headless', `--try=${index}`] },
    stdout: { log, bytes: 10, kept_bytes: 10, truncated: false },
    usage: { cost_usd: 0.01, input_tokens: 1000, output_tokens: 100, turns: 2 },
  });
}

/** As many tails as that, each as long as one is read. */
export function fullLogs(count: number): readonly ReportLog[] {
  const line = 'a line of a log with <markup> & "quotes" that goes on for a while, as such lines do '.repeat(
    3,
  );
  return Array.from({ length: count }, (_, index) => ({
    ...{ stage: 'execution', step: `step-${index}`, attempt: 1, stream: 'stderr', telling: false },
    lines: Array.from({ length: 30 }, () => line),
  }));
}
