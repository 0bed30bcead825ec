import type { RunReport } from '../../src/formats/report.ts';
import type { ReportLog } from '../../src/render/html/logs.ts';
import {
  SAMPLE_START_MS,
  sampleExecution,
  sampleReport,
  sampleRun,
} from '../fixtures/documents/sample-run.ts';

/** A run with so many attempts at execution, beside its three own records. */
export function manyAttempts(count: number): RunReport {
  return sampleReport(
    sampleRun({
      change: (run) => ({
        ...run,
        stage_executions: [
          ...run.stage_executions,
          ...Array.from({ length: count }, (_, index) =>
            sampleExecution(run.run_id, {
              ...{ attempt: index + 2, started_at_unix_ms: SAMPLE_START_MS + index * 1500 },
              ...{ status: index % 7 === 0 ? 'failed' : 'success', env_keys: ['PATH', 'HOME', 'LANG'] },
              ...{
                error: index % 7 === 0 ? 'exited with code 7' : null,
                args: ['--headless', `--try=${index}`],
              },
              stdout: {
                log: `out:logs/execution.${index}.stdout.log`,
                bytes: 10,
                kept_bytes: 10,
                truncated: false,
              },
            }),
          ),
        ],
      }),
    }),
  );
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
