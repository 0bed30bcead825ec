import type { AgentUsage } from '../core/agents/agent-profile.ts';
import { totalUsage } from '../core/agents/total-usage.ts';
import { allPassed } from '../core/gates/decide-gates.ts';
import type { RunState } from '../core/machine/state.ts';
import type { AuditHead, GateDecision, TerminalState } from '../core/records.ts';
import type { RunDocument } from '../core/run-document.ts';
import { unreachable } from '../core/unreachable.ts';

/** Version of the run report's format; a change that old readers cannot read raises the first number. */
export const REPORT_SCHEMA_VERSION = '1.0';
export const PRODUCT = 'orchestrator';
/** How evidence is authenticated where the run was given a state key. */
export const AUTHENTICATION_ALGORITHM = 'hmac-sha256';

/** `orchestrator_run_report.json`: a view of the run document (spec section 5), keys in this order. */
export interface RunReport
  extends Pick<
    RunDocument,
    | 'run_id'
    | 'failure'
    | 'gate_decisions'
    | 'blocked_reason_codes'
    | 'worktree_changes'
    | 'git_changes'
    | 'policy_admission'
    | 'reviewer_next_steps'
    | 'transitions'
    | 'stage_executions'
    | 'artifacts'
    | 'config'
    | 'repo'
    | 'delivery'
    | 'host'
    | 'isolation'
    | 'invocations'
    | 'started_at'
    | 'finished_at'
  > {
  readonly schema_version: string;
  readonly product: string;
  readonly version: string;
  readonly current_stage: string | null;
  readonly terminal_state: TerminalState | null;
  readonly config_digest: string;
  /** All that agents say they have used, attempts of earlier invocations too; null without agents. */
  readonly usage: AgentUsage | null;
  readonly audit_head: AuditHead;
  /** What the writer sealed the evidence with; only a check with the key makes it more than a claim. */
  readonly authenticity: typeof AUTHENTICATION_ALGORITHM | 'unauthenticated';
  /** Names the state key; null where there is none. */
  readonly state_key_id: string | null;
}

/** The terminal state that a machine state means on disk; working and interrupted runs have none. */
export function terminalStateOf(state: RunState): TerminalState | null {
  switch (state.status) {
    case 'done':
    case 'blocked':
    case 'failed':
    case 'timeout':
      return state.status;
    case 'pending':
    case 'working':
    case 'interrupted':
      return null;
    default:
      return unreachable(state);
  }
}

/** What the envelope of report and checkpoint adds to the document. */
export interface ReportEnvelope {
  readonly version: string;
  readonly configDigest: string;
  readonly auditHead: AuditHead;
  readonly stateKeyId: string | null;
}

/** Builds the report of a document; the same document gives the same report. */
export function buildReport(document: RunDocument, envelope: ReportEnvelope): RunReport {
  return {
    schema_version: REPORT_SCHEMA_VERSION,
    product: PRODUCT,
    version: envelope.version,
    run_id: document.run_id,
    current_stage: document.state.status === 'pending' ? null : document.state.progress.stage,
    terminal_state: terminalStateOf(document.state),
    failure: document.failure,
    gate_decisions: document.gate_decisions,
    blocked_reason_codes: document.blocked_reason_codes,
    worktree_changes: document.worktree_changes,
    git_changes: document.git_changes,
    policy_admission: document.policy_admission,
    reviewer_next_steps: document.reviewer_next_steps,
    transitions: document.transitions,
    stage_executions: document.stage_executions,
    artifacts: document.artifacts,
    config: document.config,
    config_digest: envelope.configDigest,
    repo: document.repo,
    delivery: document.delivery,
    host: document.host,
    isolation: document.isolation,
    usage: totalUsage(document.stage_executions),
    invocations: document.invocations,
    started_at: document.started_at,
    finished_at: document.finished_at,
    audit_head: envelope.auditHead,
    authenticity: envelope.stateKeyId === null ? 'unauthenticated' : AUTHENTICATION_ALGORITHM,
    state_key_id: envelope.stateKeyId,
  };
}

/** One form for every JSON document of the product: two spaces, a newline at the end. */
export function serialiseJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Whether a report says, by itself, that the run may be closed (document 004, "Closure Criteria"). */
export function saysClosureReady(report: {
  readonly terminal_state: TerminalState | null;
  readonly gate_decisions: readonly GateDecision[];
  readonly blocked_reason_codes: readonly string[];
}): boolean {
  return (
    report.terminal_state === 'done' &&
    allPassed(report.gate_decisions) &&
    report.blocked_reason_codes.length === 0
  );
}
