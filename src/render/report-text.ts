import { timeWorked } from '../core/time-worked.ts';
import type { RunReport } from '../formats/report.ts';
import { displayPath } from '../formats/stored-path.ts';
import { formatWholeSeconds } from './duration.ts';
import type { EvidencePlace } from './evidence-place.ts';
import { oneLine } from './harmless.ts';
import { nextCommandsOf } from './next-command.ts';
import { createPalette, type Palette } from './palette.ts';
import {
  artifactTable,
  deliveryTable,
  executionTable,
  findingTable,
  gateTable,
  invocationTable,
  nextStepTable,
  type Table,
  usageTable,
} from './report-rows.ts';
import { markStages, stageLine } from './stage-line.ts';
import { textTable } from './text-table.ts';
import { describeVerdict, verdictStyle } from './verdict.ts';

export interface ReportOptions {
  readonly place: EvidencePlace;
  /** What is wrong with the evidence itself: where there is anything, the verdict does not stand. */
  readonly doubts: readonly string[];
  /** Whether the evidence is authenticated, in words; where nobody has looked, what the report claims. */
  readonly authenticity?: string;
}

export interface ReportTextOptions extends ReportOptions {
  readonly color: boolean;
  readonly unicode: boolean;
}

const LIMIT = 200;

/** The report as people read it in a terminal or a log; every text in it is made harmless. */
export function reportText(report: RunReport, options: ReportTextOptions): string {
  const palette = createPalette(options.color);
  const lines = [
    ...headLines(report, options, palette),
    ...section('gates', gateTable(report.gate_decisions), palette),
    ...section('findings of the gates', findingTable(report.gate_decisions, LIMIT), palette),
    ...section('delivery', deliveryTable(report.delivery), palette),
    ...section('stages', executionTable(report.stage_executions, LIMIT), palette),
    ...section('usage', usageTable(report, LIMIT), palette),
    ...section('artifacts', artifactTable(report.artifacts, LIMIT), palette),
    ...section('the reviewer asks for', nextStepTable(report.reviewer_next_steps, LIMIT), palette),
    ...changedLines('changed since validation', report.worktree_changes, palette),
    ...changedLines('git settings that a stage has changed', report.git_changes, palette),
    ...failureLines(report, palette),
    ...section('invocations', invocationTable(report.invocations, LIMIT), palette),
    ...nextLines(report, options, palette),
  ];
  const text = `${lines.join('\n')}\n`;
  return options.unicode ? text : toAscii(text);
}

function headLines(report: RunReport, options: ReportTextOptions, palette: Palette): readonly string[] {
  const doubtful = options.doubts.length > 0;
  const verdict = describeVerdict(report);
  const shown = doubtful
    ? palette.bad(`NOT TO BE TRUSTED, says: ${verdict}`)
    : verdictStyle(report, palette)(verdict);
  return [
    `run ${oneLine(report.run_id, 100)}  ${shown}`,
    ...options.doubts.map((doubt) => `doubt: ${oneLine(doubt)}`),
    stageLine(markStages(report), options.unicode),
    `time: ${timeLine(report)}`,
    `repository: ${repositoryLine(report)}`,
    `isolation: ${oneLine(report.isolation)}`,
    `authenticity: ${oneLine(options.authenticity ?? claimedAuthenticity(report))}`,
  ];
}

/** What a report says of itself: without a check with the key no more than a claim. */
export function claimedAuthenticity(report: Pick<RunReport, 'authenticity' | 'state_key_id'>): string {
  return report.state_key_id === null
    ? report.authenticity
    : `${report.authenticity}, state key ${report.state_key_id}`;
}

function timeLine(report: RunReport): string {
  const started = `started ${oneLine(report.started_at, 40)}`;
  const end = report.finished_at === null ? 'not finished' : `finished ${oneLine(report.finished_at, 40)}`;
  const { length } = report.invocations;
  const worked = formatWholeSeconds(timeWorked(report, null));
  const work = `${worked} of work${length > 1 ? ` in ${length} invocations` : ''}`;
  return `${started}, ${end} (${work})`;
}

function repositoryLine(report: RunReport): string {
  const { repo, host } = report;
  const at = repo.is_git
    ? `at ${repo.head ?? (repo.tree_digest === null ? 'a commit not looked at yet' : 'no commit yet')}${repo.dirty === true ? ', dirty' : ''}`
    : 'no git work tree';
  const tree = repo.tree_digest === null ? '' : `, content tree ${repo.tree_digest.slice(0, 12)}`;
  return oneLine(`${displayPath(repo.root)} ${at}${tree}, on ${host.hostname}`, 4096);
}

function section(title: string, table: Table, palette: Palette): readonly string[] {
  return table.rows.length === 0 ? [] : ['', palette.bold(title), ...textTable(table, palette)];
}

function changedLines(title: string, changes: readonly string[], palette: Palette): readonly string[] {
  if (changes.length === 0) return [];
  return ['', palette.bold(title), ...changes.map((one) => `  ${oneLine(one)}`)];
}

function failureLines(report: RunReport, palette: Palette): readonly string[] {
  const { failure } = report;
  if (failure === null) return [];
  const stage = failure.stage === null ? '' : ` in ${oneLine(failure.stage, 64)}`;
  return [
    '',
    palette.bold('failure'),
    `  ${failure.reason}${stage}: ${oneLine(failure.message, 4000)}`,
    ...(failure.remedy === null ? [] : [`  remedy: ${oneLine(failure.remedy, 4000)}`]),
  ];
}

function nextLines(report: RunReport, options: ReportTextOptions, palette: Palette): readonly string[] {
  const lines = nextCommandsOf(report, options).flatMap((next) =>
    next.command === null ? [`  ${oneLine(next.when)}`] : [`  ${next.command}`, `    ${oneLine(next.when)}`],
  );
  return ['', palette.bold('next'), ...lines];
}

function toAscii(text: string): string {
  return text.replaceAll('…', '...').replace(/[^\x00-\x7e]/gu, '?');
}
