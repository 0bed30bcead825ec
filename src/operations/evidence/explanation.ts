import { docsPage, docsPageOfEnding } from '../../core/docs-page.ts';
import type { StageExecution } from '../../core/records.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunReport } from '../../formats/report.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatDuration } from '../../render/duration.ts';
import type { EvidencePlace } from '../../render/evidence-place.ts';
import { commandLine } from '../../render/evidence-place.ts';
import { type NextCommand, nextCommand, nextCommandsOf } from '../../render/next-command.ts';
import { describeVerdict } from '../../render/verdict.ts';
import type { LogTail } from './log-tail.ts';
import type { Holder } from './who-works.ts';
import { whyBlocked } from './why-blocked.ts';

/** Why a run is not done, in raw text: one verdict, six reasons or the end of a log, one command. */
export interface Explanation {
  readonly verdict: string;
  readonly why: readonly string[];
  /** The stage whose log this is. */
  readonly log: (LogTail & { readonly stage: string }) | null;
  readonly next: NextCommand;
  /** Entries in the documents, relative to `docs/`. */
  readonly docs: readonly string[];
}

export interface ExplanationInput {
  readonly run: RunDocument;
  readonly report: RunReport;
  readonly doubts: readonly string[];
  /** Something to know of evidence that holds. */
  readonly notice: string | null;
  readonly holder: Holder;
  readonly tailOf: (execution: StageExecution) => LogTail | null;
  readonly place: EvidencePlace;
  /** Unix ms. */
  readonly now: number;
}

/** Explains a run from its documents, its lock and its logs. What stands in the way first is what is told. */
export function explainRun(input: ExplanationInput): Explanation {
  const { run, report, holder, place } = input;
  const next = nextCommand(report, place);
  const [doubt, ...more] = input.doubts;
  if (doubt !== undefined) {
    const others = more.length === 0 ? [] : [`and ${more.length} more: ${commandLine(place, [], 'verify')}`];
    return told(
      `not to be trusted: the evidence says ${describeVerdict(report)}`,
      [doubt, ...others],
      nextCommandsOf(report, input)[0] ?? next,
      [docsPage({ kind: 'failure', code: 'evidence_tampered' })],
    );
  }
  if (holder.kind === 'alive') {
    const again = { command: commandLine(place, [], 'explain'), when: holder.remedy };
    return told(`being worked on: ${atWork(run, input.now)}`, [holder.message], again, [LOCKED]);
  }
  if (holder.kind === 'unknown') {
    return told(
      `perhaps being worked on: ${atWork(run, input.now)}`,
      [holder.message],
      afterUnknown(holder, place),
      [LOCKED],
    );
  }
  if (report.terminal_state === null && report.failure === null) return killed(run, holder, next);
  if (report.terminal_state === 'blocked') {
    const docs = report.blocked_reason_codes.map((code) => docsPage({ kind: 'reason-code', code }));
    const why = [...(input.notice === null ? [] : [input.notice]), ...whyBlocked(report)];
    return told(describeVerdict(report), why, next, docs.slice(0, MAX_DOCS));
  }
  if (report.terminal_state === 'done' && report.failure === null) {
    return told('done: closure-ready when it was committed', [], afterDone(place), []);
  }
  return broken(input, next);
}

const LOCKED = docsPage({ kind: 'failure', code: 'locked' });
const MAX_DOCS = 3;

function told(
  verdict: string,
  why: readonly string[],
  next: NextCommand,
  docs: readonly string[],
): Explanation {
  return { verdict, why, log: null, next, docs };
}

function afterDone(place: EvidencePlace): NextCommand {
  return {
    command: commandLine(place, [], 'verify'),
    when: 'nothing is left to do: this checks the evidence again, and what became of the work tree since',
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
    ['resume.md'],
  );
}

function broken(input: ExplanationInput, next: NextCommand): Explanation {
  const { report, run } = input;
  const stage = report.failure?.stage ?? report.current_stage;
  const execution = run.stage_executions.findLast((one) => one.stage === stage && isBroken(one));
  const record =
    execution === undefined
      ? []
      : [
          `${execution.stage} (${execution.step}), attempt ${execution.attempt}: ${execution.status}${endOf(execution, report.failure?.message ?? null)}`,
        ];
  const remedy = report.failure?.remedy ?? null;
  const tail = execution === undefined ? null : input.tailOf(execution);
  return {
    verdict: describeVerdict(report),
    why: [
      ...(input.notice === null ? [] : [input.notice]),
      ...record,
      ...(remedy === null ? [] : [`remedy: ${remedy}`]),
    ],
    log: tail === null || execution === undefined ? null : { ...tail, stage: execution.stage },
    next,
    docs: docsOf(report, execution ?? null),
  };
}

/** The entry of the failure, and of the status of its stage where that says more. */
function docsOf(report: RunReport, execution: StageExecution | null): readonly string[] {
  const ending = docsPageOfEnding(report);
  const status = execution === null ? null : docsPage({ kind: 'stage-status', code: execution.status });
  return [...(ending === null ? [] : [ending]), ...(status === null ? [] : [status])];
}

function isBroken(execution: StageExecution): boolean {
  return !['success', 'skipped', 'not_configured'].includes(execution.status);
}

/** What the verdict says already is not said again. */
function endOf(execution: StageExecution, verdict: string | null): string {
  const end = execution.signal ?? (execution.exit_code === null ? null : `exit ${execution.exit_code}`);
  const error = execution.error === null || execution.error === verdict ? '' : `, ${execution.error}`;
  return `${end === null ? '' : `, ${end}`}${error}`;
}
