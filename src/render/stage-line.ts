import { ORCHESTRATE, stageNames } from '../core/machine/pipeline.ts';
import type { RunReport } from '../formats/report.ts';

/** How far a stage has come, as the line of stages shows it. */
export type StageMark = 'completed' | 'blocked' | 'broken' | 'at' | 'ahead';

export interface MarkedStage {
  readonly stage: string;
  readonly mark: StageMark;
}

/** The stages of a run in order, each with how far it has come. */
export function markStages(
  report: Pick<RunReport, 'current_stage' | 'terminal_state' | 'failure'>,
): readonly MarkedStage[] {
  const names = stageNames(ORCHESTRATE);
  const at = report.current_stage === null ? -1 : names.indexOf(report.current_stage);
  return names.map((stage, index) => ({ stage, mark: markOf(index, at, report) }));
}

function markOf(index: number, at: number, report: Pick<RunReport, 'terminal_state' | 'failure'>): StageMark {
  if (report.terminal_state === 'done' || index < at) return 'completed';
  if (index > at) return 'ahead';
  if (report.terminal_state === 'blocked') return 'blocked';
  return report.failure === null ? 'at' : 'broken';
}

const UNICODE = { completed: '✓', blocked: '⊘', broken: '✗', at: '…', ahead: '·' } as const;
const ASCII = { completed: 'ok', blocked: 'BLOCKED', broken: 'FAILED', at: 'here', ahead: '-' } as const;

/** `planning ✓ → policy_ingestion ✓ → execution ✗ → …`, in ASCII `planning ok -> …`. */
export function stageLine(stages: readonly MarkedStage[], unicode: boolean): string {
  const marks = unicode ? UNICODE : ASCII;
  return stages.map((one) => `${one.stage} ${marks[one.mark]}`).join(unicode ? ' → ' : ' -> ');
}
