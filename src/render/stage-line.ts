import { ORCHESTRATE, stageNames } from '../core/machine/pipeline.ts';
import type { RunReport } from '../formats/report.ts';

/** How far a stage has come, as the line of stages shows it; `empty` is completed with nothing to run. */
export type StageMark = 'completed' | 'empty' | 'blocked' | 'broken' | 'at' | 'ahead';

export interface MarkedStage {
  readonly stage: string;
  readonly mark: StageMark;
}

/** The stages of a run in order, each with how far it has come. */
export function markStages(
  report: Pick<RunReport, 'current_stage' | 'terminal_state' | 'failure' | 'stage_executions'>,
): readonly MarkedStage[] {
  const names = stageNames(ORCHESTRATE);
  const at = report.current_stage === null ? -1 : names.indexOf(report.current_stage);
  return names.map((stage, index) => {
    const mark = markOf(index, at, report);
    return { stage, mark: mark === 'completed' && ranNothing(stage, report) ? 'empty' : mark };
  });
}

/** A stage of gates has no records at all, and has decided something. */
function ranNothing(stage: string, { stage_executions }: Pick<RunReport, 'stage_executions'>): boolean {
  const statuses = stage_executions.flatMap((one) => (one.stage === stage ? [one.status] : []));
  return (
    statuses.includes('not_configured') &&
    statuses.every((one) => one === 'not_configured' || one === 'skipped')
  );
}

function markOf(index: number, at: number, report: Pick<RunReport, 'terminal_state' | 'failure'>): StageMark {
  if (report.terminal_state === 'done' || index < at) return 'completed';
  if (index > at) return 'ahead';
  if (report.terminal_state === 'blocked') return 'blocked';
  return report.failure === null ? 'at' : 'broken';
}

const UNICODE = { completed: '✓', empty: '○', blocked: '⊘', broken: '✗', at: '…', ahead: '·' } as const;
const ASCII = {
  completed: 'ok',
  empty: 'none',
  blocked: 'BLOCKED',
  broken: 'FAILED',
  at: 'here',
  ahead: '-',
} as const;

/** `planning ✓ → policy_ingestion ✓ → execution ✗ → …`, in ASCII `planning ok -> …`. */
export function stageLine(stages: readonly MarkedStage[], unicode: boolean): string {
  const marks = unicode ? UNICODE : ASCII;
  return stages.map((one) => `${one.stage} ${marks[one.mark]}`).join(unicode ? ' → ' : ' -> ');
}
