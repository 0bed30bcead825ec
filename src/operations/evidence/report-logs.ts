import type { StageExecution } from '../../core/records.ts';
import type { RunReport } from '../../formats/report.ts';
import type { StoredRoots } from '../../formats/stored-path.ts';
import type { ReportLog } from '../../render/html/logs.ts';
import { streamTail } from './log-tail.ts';

const LINES = 30;

/** Attempts whose logs are opened, and files that this reads at most: two per attempt. */
const MAX_ATTEMPTS = 24;

/**
 * The ends of the logs that tell most: of each stage and step the last attempt, of a run that did not end done first
 * where it stopped. Reads only what lies in out_dir; a log that is gone is left out.
 */
export function reportLogs(report: RunReport, roots: StoredRoots): readonly ReportLog[] {
  const latest = new Map<string, StageExecution>();
  for (const one of report.stage_executions) {
    if (one.stdout !== null || one.stderr !== null) latest.set(JSON.stringify([one.stage, one.step]), one);
  }
  const stopped = report.failure?.stage ?? null;
  return [...latest.values()].slice(-MAX_ATTEMPTS).flatMap((one) =>
    (['stderr', 'stdout'] as const).flatMap((stream) => {
      const lines = streamTail(one[stream], roots, LINES);
      const telling = one.status !== 'success' && one.stage === stopped;
      const { stage, step, attempt } = one;
      return lines.length === 0 ? [] : [{ stage, step, attempt, stream, lines, telling }];
    }),
  );
}
