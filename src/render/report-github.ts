import { isUndecided } from '../core/gates/undecided.ts';
import type { RunReport } from '../formats/report.ts';
import { nextCommand } from './next-command.ts';
import type { ReportOptions } from './report-text.ts';
import { describeVerdict } from './verdict.ts';
import { type Annotation, workflowCommand } from './workflow-command.ts';

/** What one request of GitHub's checks takes (spec/gates.md section 6). */
export const MAX_ANNOTATIONS = 50;

/**
 * The report as annotations of GitHub Actions: the verdict, what blocks each gate, the attempts that did not pass.
 * What stops the run comes first; what is over the limit is counted in the last one.
 */
export function reportGithub(report: RunReport, options: ReportOptions): string {
  const all = [
    ...verdict(report, options),
    ...report.gate_decisions.flatMap(gateAnnotations),
    ...changes(report),
    ...attempts(report),
  ];
  const errors = all.filter((one) => one.level === 'error');
  const ordered = [...errors, ...all.filter((one) => one.level !== 'error')];
  const shown = ordered.length <= MAX_ANNOTATIONS ? ordered : ordered.slice(0, MAX_ANNOTATIONS - 1);
  const omitted = ordered.length - shown.length;
  const rest: readonly Annotation[] =
    omitted === 0
      ? []
      : [{ level: 'notice', title: 'orchestrator', message: `${omitted} more: orchestrator report has all` }];
  return [...shown, ...rest].map(workflowCommand).join('');
}

function verdict(report: RunReport, options: ReportOptions): readonly Annotation[] {
  const title = 'orchestrator';
  const said = describeVerdict(report);
  if (options.doubts.length > 0) {
    return options.doubts.map((doubt) => ({
      level: 'error',
      title: `${title}: not to be trusted`,
      message: doubt,
    }));
  }
  if (report.terminal_state === 'done' && report.failure === null) {
    return [{ level: 'notice', title, message: said }];
  }
  const next = nextCommand(report, options.place);
  const remedy = report.failure?.remedy ?? null;
  const parts = [said, remedy, next.command === null ? null : `next: ${next.command} (${next.when})`];
  return [{ level: 'error', title, message: parts.filter((one) => one !== null).join('; ') }];
}

function gateAnnotations(one: RunReport['gate_decisions'][number]): readonly Annotation[] {
  if (one.passed || isUndecided(one)) return [];
  const title = `gate ${one.gate} closed: ${one.reason_code ?? 'no code'}`;
  const found = one.documents.flatMap((document) =>
    document.details
      .filter((detail) => detail.blocks)
      .map(({ code, about, message, remedy }): Annotation => {
        const words = [code, about, message, remedy === null ? null : `remedy: ${remedy}`];
        return { level: 'error', title, message: words.filter((word) => word !== null).join(': ') };
      }),
  );
  if (found.length > 0) return found;
  return [{ level: 'error', title, message: `${one.gate} says ${one.status}, source ${one.source}` }];
}

function changes(report: RunReport): readonly Annotation[] {
  const of = (title: string, all: readonly string[]) =>
    all.map((message): Annotation => ({ level: 'error', title, message }));
  return [
    ...of('changed since validation', report.worktree_changes),
    ...of('git setting changed by a stage', report.git_changes),
  ];
}

/** Attempts that did not pass, although a later one may have. */
function attempts(report: RunReport): readonly Annotation[] {
  return report.stage_executions
    .filter((one) => !['success', 'skipped', 'not_configured'].includes(one.status))
    .map((one) => ({
      level: 'warning',
      title: `${one.stage} ${one.step} attempt ${one.attempt}: ${one.status}`,
      message: one.error ?? one.status,
    }));
}
