import type { RunReport } from '../formats/report.ts';
import { code, fenced, markdownTable } from './markdown.ts';
import { nextCommandsOf } from './next-command.ts';
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
import { claimedAuthenticity, type ReportOptions } from './report-text.ts';
import { markStages, stageLine } from './stage-line.ts';
import { describeVerdict } from './verdict.ts';

/** GitHub takes 1 MiB per step summary; what is larger it does not show at all. */
export const MAX_MARKDOWN_BYTES = 1024 * 1024 - 1;

export interface ReportMarkdownOptions extends ReportOptions {
  /** Bytes; `MAX_MARKDOWN_BYTES` where left out. */
  readonly maxBytes?: number;
}

interface Bounds {
  readonly rows: number;
  readonly cell: number;
}

/** From generous to the verdict alone: the first that fits is taken. */
const BOUNDS: readonly Bounds[] = [
  { rows: 200, cell: 300 },
  { rows: 50, cell: 200 },
  { rows: 10, cell: 80 },
];

/** The report as GitHub-flavoured markdown, no larger than `maxBytes`; empty where not even the verdict fits. */
export function reportMarkdown(report: RunReport, options: ReportMarkdownOptions): string {
  const maxBytes = options.maxBytes ?? MAX_MARKDOWN_BYTES;
  const fits = (text: string) => Buffer.byteLength(text) <= maxBytes;
  for (const bounds of BOUNDS) {
    const text = lines([...head(report, options, bounds), ...body(report, options, bounds)]);
    if (fits(text)) return text;
  }
  const verdict = lines(
    head(report, { ...options, doubts: options.doubts.slice(0, 1) }, { rows: 1, cell: 80 }),
  );
  return fits(verdict) ? verdict : '';
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function head(report: RunReport, options: ReportOptions, bounds: Bounds): readonly string[] {
  const verdict = describeVerdict(report);
  const icon = report.terminal_state === 'done' && options.doubts.length === 0 ? '✅' : '⛔';
  const doubts = options.doubts.slice(0, bounds.rows);
  return [
    `## ${icon} orchestrator: ${options.doubts.length > 0 ? 'evidence not to be trusted' : code(verdict, 1000)}`,
    '',
    ...(doubts.length > 0
      ? [`It says: ${code(verdict, 1000)}`, '', ...doubts.map((one) => `- ${code(one, 500)}`), '']
      : []),
    stageLine(markStages(report), true).replaceAll('_', '\\_'),
    '',
    `Run ${code(report.run_id, 100)}, started ${code(report.started_at, 40)}.`,
    '',
    `Isolation: ${code(report.isolation)}.`,
    '',
    `Authenticity: ${code(options.authenticity ?? claimedAuthenticity(report), 200)}.`,
    '',
  ];
}

function body(report: RunReport, options: ReportOptions, bounds: Bounds): readonly string[] {
  return [
    ...section('Gates', gateTable(report.gate_decisions), bounds),
    ...section('Findings of the gates', findingTable(report.gate_decisions, bounds.rows), bounds),
    ...section('Delivery', deliveryTable(report.delivery), bounds),
    ...section('Stages', executionTable(report.stage_executions, bounds.rows), bounds),
    ...section('Usage of agents', usageTable(report, bounds.rows), bounds),
    ...section('Artifacts', artifactTable(report.artifacts, bounds.rows), bounds),
    ...section('The reviewer asks for', nextStepTable(report.reviewer_next_steps, bounds.rows), bounds),
    ...changed('Changed since validation', report.worktree_changes, bounds),
    ...changed('Git settings that a stage has changed', report.git_changes, bounds),
    ...failureSection(report, bounds),
    ...next(report, options),
    ...section('Invocations', invocationTable(report.invocations, bounds.rows), bounds),
  ];
}

function section(title: string, table: Table, bounds: Bounds): readonly string[] {
  if (table.rows.length === 0) return [];
  return [`### ${title}`, '', ...markdownTable(table, bounds.cell), ''];
}

function changed(title: string, changes: readonly string[], bounds: Bounds): readonly string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, bounds.rows).map((one) => `- ${code(one, bounds.cell)}`);
  return [`### ${title}`, '', ...shown, ''];
}

function failureSection(report: RunReport, bounds: Bounds): readonly string[] {
  const { failure } = report;
  if (failure === null) return [];
  const where = failure.stage === null ? '' : ` in ${code(failure.stage, 64)}`;
  const remedy = failure.remedy === null ? [] : ['', `Remedy: ${code(failure.remedy, bounds.cell * 4)}`];
  return [
    '### Failure',
    '',
    `${code(failure.reason)}${where}: ${code(failure.message, bounds.cell * 4)}`,
    ...remedy,
    '',
  ];
}

function next(report: RunReport, options: ReportOptions): readonly string[] {
  const all = nextCommandsOf(report, options).flatMap((one) =>
    one.command === null
      ? [code(one.when, 1000), '']
      : [...fenced(one.command), '', `${code(one.when, 1000)}`, ''],
  );
  return ['### Next', '', ...all];
}
