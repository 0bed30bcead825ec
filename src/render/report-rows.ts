import type { AgentUsage } from '../core/agents/agent-profile.ts';
import { isUndecided } from '../core/gates/undecided.ts';
import type { ArtifactRecord, GateDecision, InvocationRecord, StageExecution } from '../core/records.ts';
import type { RunReport } from '../formats/report.ts';
import { displayPath } from '../formats/stored-path.ts';
import { formatBytes, formatDuration } from './duration.ts';

/** Tables of a report as raw text, the same for every format; whoever prints them makes them harmless. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that were left out, before those that are there. */
  readonly omitted: number;
}

/** `policy  passed  allow  operator`: the three gates, in order. */
export function gateTable(decisions: readonly GateDecision[]): Table {
  return {
    head: ['gate', 'verdict', 'status', 'source', 'asserted', 'code', 'details'],
    rows: decisions.map((one) => [
      one.gate,
      ...(isUndecided(one) ? ['not decided', ''] : [one.passed ? 'passed' : 'closed', one.status]),
      one.carried_over ? `${one.source} (carried over)` : one.source,
      one.asserted_at_unix_secs === null ? '' : timeOf(one.asserted_at_unix_secs * 1000),
      isUndecided(one) ? '' : (one.reason_code ?? ''),
      isUndecided(one) ? '' : one.details.join(', '),
    ]),
    omitted: 0,
  };
}

/** What the sources of the gates found: everything that blocks, and what is only recorded. */
export function findingTable(decisions: readonly GateDecision[], limit: number): Table {
  const all = decisions.flatMap((decision) =>
    decision.documents.flatMap((document) =>
      document.details.map((one) => [
        decision.gate,
        document.source,
        one.blocks ? 'blocks' : 'recorded',
        one.code,
        one.about ?? '',
        one.message,
      ]),
    ),
  );
  return {
    head: ['gate', 'source', 'effect', 'code', 'about', 'finding'],
    rows: all.slice(0, limit),
    omitted: Math.max(0, all.length - limit),
  };
}

/** Every invocation of a binary and every stage that needed none, the last `limit` of them; what resumes skipped in one. */
export function executionTable(executions: readonly StageExecution[], limit: number): Table {
  const { kept, omitted } = lastOf(
    executions.filter((one) => one.status !== 'skipped'),
    limit,
  );
  const skipped = executions.filter((one) => one.status === 'skipped');
  const rows = kept.map((one) => [
    one.stage,
    one.step,
    one.cycle === 0 ? String(one.attempt) : `${one.attempt} (cycle ${one.cycle})`,
    one.status,
    one.command === null ? '' : formatDuration(one.duration_ms),
    one.signal ?? (one.exit_code === null ? '' : String(one.exit_code)),
    errorOf(one),
  ]);
  return {
    head: ['stage', 'step', 'attempt', 'status', 'duration', 'exit', 'note'],
    rows: [...rows, ...(skipped.length === 0 ? [] : [skippedRow(skipped)])],
    omitted,
  };
}

/** What agents say they have used, and all of it together; no rows where there was no agent. */
export function usageTable(report: Pick<RunReport, 'stage_executions' | 'usage'>, limit: number): Table {
  const { usage: total } = report;
  const head = ['usage', 'attempt', 'cost USD', 'input tokens', 'output tokens', 'turns'];
  if (total === null) return { head, rows: [], omitted: 0 };
  const row = (step: string, attempt: string, usage: AgentUsage) => [
    step,
    attempt,
    ...[usage.cost_usd, usage.input_tokens, usage.output_tokens, usage.turns].map((one) =>
      one === null ? 'unknown' : String(one),
    ),
  ];
  const rows = report.stage_executions.flatMap(({ step, attempt, usage }) =>
    usage === null ? [] : [row(step, String(attempt), usage)],
  );
  const { kept, omitted } = lastOf(rows, limit);
  return { head, rows: [...kept, row('all', '', total)], omitted };
}

/** What was delivered, step by step; no rows where nothing is to be. */
export function deliveryTable(delivery: RunReport['delivery']): Table {
  const {
    commit,
    push,
    pull_request: request,
  } = delivery ?? { commit: null, push: null, pull_request: null };
  const remote = delivery?.remote ?? '';
  return {
    head: ['delivery', 'state', 'what'],
    rows: [
      ...(commit === null ? [] : [['commit', commit.state, commit.sha ?? '']]),
      ...(push === null ? [] : [['push', push.state, `${push.sha} to ${push.branch} at ${remote}`]]),
      ...(request === null
        ? []
        : [
            ['pull request', request.state, `${request.number ?? ''} ${request.url ?? request.title}`.trim()],
          ]),
      ...(delivery === null || delivery.refused === null ? [] : [['', 'refused', delivery.refused]]),
    ],
    omitted: 0,
  };
}

/** The artifacts that count, with the first 12 characters of their digests. */
export function artifactTable(artifacts: readonly ArtifactRecord[], limit: number): Table {
  const { kept, omitted } = lastOf(artifacts, limit);
  return {
    head: ['artifact', 'sha256', 'size', 'made by'],
    rows: kept.map((one) => [
      displayPath(one.path),
      one.sha256.slice(0, 12),
      formatBytes(one.bytes),
      `${one.stage} attempt ${one.attempt}`,
    ]),
    omitted,
  };
}

/** The processes that worked on the run. */
export function invocationTable(invocations: readonly InvocationRecord[], limit: number): Table {
  const { kept, omitted } = lastOf(invocations, limit);
  return {
    head: ['started', 'ended', 'how', 'host', 'arguments', 'changes'],
    rows: kept.map((one) => [
      one.started_at,
      one.ended_at ?? '',
      one.ended_by ?? 'not recorded',
      one.host.hostname,
      one.argv.join(' '),
      one.changes.join('; '),
    ]),
    omitted,
  };
}

/** What the reviewer asked for. */
export function nextStepTable(steps: RunReport['reviewer_next_steps'], limit: number): Table {
  return {
    head: ['priority', 'code', 'source', 'action'],
    rows: steps
      .slice(0, limit)
      .map((one) => [String(one.priority ?? ''), one.code ?? '', one.source ?? '', one.action]),
    omitted: Math.max(0, steps.length - limit),
  };
}

/** `2026-02-08T10:15:00Z`; a time outside what dates can hold is shown as its number. */
export function timeOf(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? String(unixMs) : `${date.toISOString().slice(0, 19)}Z`;
}

function skippedRow(skipped: readonly StageExecution[]): readonly string[] {
  const stages = [...new Set(skipped.map((one) => one.stage))];
  const note = `completed before, not run again by a resume: ${stages.join(', ')}`;
  return [stages.length === 1 ? '1 stage' : `${stages.length} stages`, '', '', 'skipped', '', '', note];
}

function errorOf(one: StageExecution): string {
  const left = one.process_tree?.survivors ?? 0;
  return [one.error ?? '', left > 0 ? `${left} process(es) could not be ended` : '']
    .filter(Boolean)
    .join('; ');
}

function lastOf<Item>(
  all: readonly Item[],
  limit: number,
): { readonly kept: readonly Item[]; readonly omitted: number } {
  return { kept: all.slice(-limit), omitted: Math.max(0, all.length - limit) };
}
