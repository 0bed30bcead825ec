import { REASON_CODES, reasonCodeOf } from '../../core/gates/gate.ts';
import type { GateDecision, StageExecution } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunReport } from '../../formats/report.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatDuration } from '../../render/duration.ts';
import type { EvidencePlace } from '../../render/evidence-place.ts';
import { commandLine } from '../../render/evidence-place.ts';
import { type NextCommand, nextCommand } from '../../render/next-command.ts';
import { describeVerdict } from '../../render/verdict.ts';
import type { LogTail } from './log-tail.ts';
import type { Holder } from './who-works.ts';

/** Why a run is not done, in raw text: at most one verdict, six reasons, five lines of a log, one command. */
export interface Explanation {
  readonly verdict: string;
  readonly why: readonly string[];
  /** The stage whose log this is. */
  readonly log: (LogTail & { readonly stage: string }) | null;
  readonly next: NextCommand;
}

export interface ExplanationInput {
  readonly run: RunDocument;
  readonly report: RunReport;
  readonly doubts: readonly string[];
  readonly holder: Holder;
  readonly tailOf: (execution: StageExecution) => LogTail | null;
  readonly place: EvidencePlace;
  /** Unix ms. */
  readonly now: number;
}

/** Explains a run from its documents, its lock and its logs. What stands in the way first is what is told. */
export function explainRun(input: ExplanationInput): Explanation {
  const { run, report, holder, place } = input;
  const [doubt, ...more] = input.doubts;
  if (doubt !== undefined) {
    const others = more.length === 0 ? [] : [`and ${more.length} more: ${commandLine(place, [], 'verify')}`];
    return told(
      `not to be trusted: the evidence says ${describeVerdict(report)}`,
      [doubt, ...others],
      afterDoubt(place),
    );
  }
  if (holder.kind === 'alive') {
    const next = { command: commandLine(place, [], 'explain'), when: holder.remedy };
    return told(`being worked on: ${atWork(run, input.now)}`, [holder.message], next);
  }
  if (holder.kind === 'unknown') {
    return told(
      `perhaps being worked on: ${atWork(run, input.now)}`,
      [holder.message],
      afterUnknown(holder, place),
    );
  }
  const next = nextCommand(report, place);
  if (report.terminal_state === null && report.failure === null) return killed(run, holder, next);
  if (report.terminal_state === 'blocked') return told(describeVerdict(report), whyBlocked(report), next);
  if (report.terminal_state === 'done') return told('done: closure-ready when it was committed', [], next);
  return broken(input, next);
}

function told(verdict: string, why: readonly string[], next: NextCommand): Explanation {
  return { verdict, why, log: null, next };
}

function afterDoubt(place: EvidencePlace): NextCommand {
  return {
    command: commandLine(place, [], 'verify'),
    when: 'for all that does not hold; then put back a good copy, or start a fresh run without --resume',
  };
}

function afterUnknown(holder: Holder & { readonly kind: 'unknown' }, place: EvidencePlace): NextCommand {
  return holder.token === null
    ? { command: commandLine(place, [], 'explain'), when: 'as a user who may read the lock' }
    : {
        command: commandLine(place, ['--resume', '--break-lock', holder.token]),
        when: 'only when no orchestrator works there any more; this cannot be seen from here',
      };
}

function atWork(run: RunDocument, now: number): string {
  const { intent } = run;
  if (intent === null)
    return run.state.status === 'pending' ? 'not in a stage yet' : `in ${run.state.progress.stage}`;
  const since = formatDuration(Math.max(0, now - intent.started_at_unix_ms));
  return `${intent.stage}, attempt ${intent.attempt}, for ${since} (${displayPath(intent.command)})`;
}

function killed(run: RunDocument, holder: Holder, next: NextCommand): Explanation {
  const stage = run.state.status === 'pending' ? 'before the first stage' : `in ${run.state.progress.stage}`;
  const attempt = run.intent === null ? '' : `, attempt ${run.intent.attempt} under way`;
  const why = holder.kind === 'dead' ? holder.why : 'no orchestrator holds the out_dir';
  return told(
    `not finished: it stopped ${stage}${attempt}`,
    [`it ended without saying so (killed, or power lost): ${why}`],
    next,
  );
}

/** One line for all gates that do not pass, one for what the gates cannot see. */
function whyBlocked(report: RunReport): readonly string[] {
  const closed = report.gate_decisions.filter((one) => !one.passed);
  const gates = closed.map(describeGate).join('; ');
  const all = closed.flatMap(findingsOf);
  const more = all.length - MAX_FINDINGS;
  const found = [
    ...all.slice(0, MAX_FINDINGS),
    ...(more > 0 ? [`and ${more} more: orchestrator report lists them`] : []),
  ];
  const codes = new Set<string>(report.blocked_reason_codes);
  const beside = [
    ...(codes.has(REASON_CODES.worktree)
      ? [
          `the work tree changed since validation: ${report.worktree_changes.join(', ') || 'see the audit log'}`,
        ]
      : []),
    ...(codes.has(REASON_CODES.git)
      ? [
          `a stage changed what git runs in this repository: ${report.git_changes.join(', ')}; where it is meant to, --accept-git-change NAME`,
        ]
      : []),
    ...(codes.has(REASON_CODES.delivery)
      ? [`the delivery was refused: ${report.delivery?.refused ?? 'see the audit log'}`]
      : []),
    ...(codes.has(REASON_CODES.simulated) ? ['the block was asked for with --simulate-blocked'] : []),
  ];
  return [...(gates === '' ? [] : [gates]), ...found, ...(beside.length === 0 ? [] : [beside.join('; ')])];
}

/** More would push the next command off the screen; the report has them all. */
const MAX_FINDINGS = 4;

/** Which check, review or rule it is, what was seen, and what would help. */
function findingsOf(decision: GateDecision): readonly string[] {
  return decision.documents.flatMap((document) =>
    document.details
      .filter((one) => one.blocks)
      .map((one) => {
        const about = one.about === null ? '' : ` ${one.about}`;
        const remedy = one.remedy === null ? '' : `; ${one.remedy}`;
        return `${decision.gate}, ${document.source}: ${one.code}${about}: ${one.message}${remedy}`;
      }),
  );
}

function describeGate(decision: GateDecision): string {
  const first = decision.details.slice(0, MAX_FINDINGS).join(', ');
  const rest = decision.details.length > MAX_FINDINGS ? ', …' : '';
  const details = first === '' ? '' : ` (${first}${rest})`;
  const source = decision.source === 'none' ? 'nobody said anything' : `source ${decision.source}`;
  return `gate ${decision.gate} is ${decision.status}, ${source}${details}: ${reasonCodeOf(decision.gate)}`;
}

function broken(input: ExplanationInput, next: NextCommand): Explanation {
  const { report, run } = input;
  const stage = report.failure?.stage ?? report.current_stage;
  const execution = run.stage_executions.findLast((one) => one.stage === stage && isBroken(one));
  const record =
    execution === undefined
      ? []
      : [
          `${execution.stage} (${execution.step}), attempt ${execution.attempt}: ${execution.status}${endOf(execution)}`,
        ];
  const remedy = report.failure?.remedy ?? null;
  const tail = execution === undefined ? null : input.tailOf(execution);
  return {
    verdict: describeVerdict(report),
    why: [...record, ...(remedy === null ? [] : [`remedy: ${remedy}`])],
    log: tail === null || execution === undefined ? null : { ...tail, stage: execution.stage },
    next,
  };
}

function isBroken(execution: StageExecution): boolean {
  return !['success', 'skipped', 'not_configured'].includes(execution.status);
}

function endOf(execution: StageExecution): string {
  const end = execution.signal ?? (execution.exit_code === null ? null : `exit ${execution.exit_code}`);
  const withheld =
    execution.env_withheld > 0 ? `; ${execution.env_withheld} variables withheld, --pass-env gives them` : '';
  const error = execution.error === null ? '' : `, ${execution.error}`;
  return `${end === null ? '' : `, ${end}`}${error}${withheld}`;
}
