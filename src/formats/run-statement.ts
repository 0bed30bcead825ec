import { attestedCommit } from '../core/document/pinned-commit.ts';
import type { RunReport } from './report.ts';
import { saysClosureReady } from './report.ts';
import { PREDICATE_TYPES, STATEMENT_TYPE, type Statement, type StatementSubject } from './statement.ts';

/** What is stated of a run: its verdict and what that stands on, all of it from the report, which is masked. */
export interface RunPredicate
  extends Pick<
    RunReport,
    | 'run_id'
    | 'version'
    | 'terminal_state'
    | 'gate_decisions'
    | 'blocked_reason_codes'
    | 'config_digest'
    | 'audit_head'
    | 'started_at'
    | 'finished_at'
  > {
  /** Counts the statements of this run from 1. */
  readonly sequence: number;
  /** SHA-256 of the statement before this one (its payload), null for the first. */
  readonly previous_statement: string | null;
  readonly closure_ready: boolean;
  /** Reason of the failure that ended the run. */
  readonly failure_reason: string | null;
  readonly tree_digest: string | null;
  readonly invocations: number;
}
export type RunStatement = Statement<typeof PREDICATE_TYPES.runReport, RunPredicate>;

/** Where a statement stands in the chain of its run. */
export type StatementLink = Pick<RunPredicate, 'sequence' | 'previous_statement'>;

export const REPORT_SUBJECT = 'orchestrator_run_report.json';
export const COMMIT_SUBJECT = 'head commit';

/** The report's file by its digest, the head commit where there is one, and each artifact that counts. */
function subjectsOf(report: RunReport, reportDigest: string): readonly StatementSubject[] {
  const head = attestedCommit(report);
  return [
    { name: REPORT_SUBJECT, digest: { sha256: reportDigest } },
    ...(head === null ? [] : [{ name: COMMIT_SUBJECT, digest: { gitCommit: head } }]),
    ...report.artifacts.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
  ];
}

/** States what a report says; `reportDigest` is the SHA-256 of its file. */
export function runStatement(report: RunReport, reportDigest: string, link: StatementLink): RunStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(report, reportDigest),
    predicateType: PREDICATE_TYPES.runReport,
    predicate: {
      run_id: report.run_id,
      sequence: link.sequence,
      previous_statement: link.previous_statement,
      version: report.version,
      terminal_state: report.terminal_state,
      closure_ready: saysClosureReady(report),
      gate_decisions: report.gate_decisions,
      blocked_reason_codes: report.blocked_reason_codes,
      failure_reason: report.failure?.reason ?? null,
      config_digest: report.config_digest,
      tree_digest: report.repo.tree_digest,
      audit_head: report.audit_head,
      invocations: report.invocations.length,
      started_at: report.started_at,
      finished_at: report.finished_at,
    },
  };
}
