import type { Failure, FailureReason } from '../core/failure.ts';
import { GATE_ORDER, type GateName, PASS_STATUS, REASON_CODES, reasonCodeOf } from '../core/gates/gate.ts';
import type { GateDecision, TerminalState } from '../core/records.ts';
import { unreachable } from '../core/unreachable.ts';
import { commandLine, type EvidencePlace } from './evidence-place.ts';

/** What a person types next, and the one condition under which it is right to type it. */
export interface NextCommand {
  /** null where there is nothing to type. */
  readonly command: string | null;
  readonly when: string;
}

/** The part of a report, or of the last observation of a run, that decides what comes next. */
export interface RunEnding {
  readonly terminal_state: TerminalState | null;
  readonly failure: Failure | null;
  readonly blocked_reason_codes: readonly string[];
  /** Left out where nothing is known of them. */
  readonly gate_decisions?: readonly GateDecision[];
}

/** The command to type now; `nextCommands` has the alternatives too. */
export function nextCommand(ending: RunEnding, place: EvidencePlace): NextCommand {
  return nextCommands(ending, place)[0] ?? nothing('nothing to type');
}

/**
 * What can be typed next, the most careful first. Nothing here opens a gate or accepts a change by itself:
 * each sentence says what has to be true before.
 */
export function nextCommands(ending: RunEnding, place: EvidencePlace): readonly NextCommand[] {
  const resume = (words: readonly string[], when: string): NextCommand => ({
    command: commandLine(place, ['--resume', ...words]),
    when,
  });
  switch (ending.terminal_state) {
    case 'done':
      if (ending.failure !== null) return afterFailure(ending.failure, place);
      return [nothing(`nothing: done; ${commandLine(place, [], 'verify')} checks the evidence again`)];
    case 'blocked':
      return afterBlock(ending, resume);
    case 'failed':
    case 'timeout':
      // The evidence that tells of it holds: what was changed under the run has been put back.
      return ending.failure?.reason === 'evidence_tampered'
        ? [resume([], 'when you know what wrote to the evidence; what was there is kept beside it')]
        : afterEnd(ending, place, resume);
    case null:
      return afterEnd(ending, place, resume);
    default:
      return unreachable(ending.terminal_state);
  }
}

function afterEnd(ending: RunEnding, place: EvidencePlace, resume: Resume): readonly NextCommand[] {
  return ending.failure === null
    ? [resume([], 'when no orchestrator works on it: an unfinished run goes on where it stopped')]
    : afterFailure(ending.failure, place);
}

/** The same of evidence that does not hold: what it says of itself leads nowhere. */
export function nextCommandsOf(
  ending: RunEnding,
  { place, doubts }: { readonly place: EvidencePlace; readonly doubts: readonly string[] },
): readonly NextCommand[] {
  return doubts.length === 0
    ? nextCommands(ending, place)
    : [{ command: commandLine(place, [], 'verify'), when: `for all that does not hold; then ${MEND}` }];
}

/** What is left where `verify` itself has found that the evidence does not hold. */
export function afterDoubt(): NextCommand {
  return nothing(`${MEND}: the old evidence is moved aside by it`);
}

const MEND =
  'put back a good copy of the out_dir, or start a fresh run: the flags of this one without --resume';

type Resume = (words: readonly string[], when: string) => NextCommand;

function nothing(when: string): NextCommand {
  return { command: null, when };
}

function afterBlock(ending: RunEnding, resume: Resume): readonly NextCommand[] {
  const { blocked_reason_codes: codes } = ending;
  const closed = GATE_ORDER.filter((gate) => codes.includes(reasonCodeOf(gate)));
  if (codes.includes(REASON_CODES.worktree)) {
    return [
      resume(
        ['--rerun-from', 'validation'],
        'to have what is in the work tree now validated; gates asserted for the earlier content are then to be asserted again',
      ),
      resume([], 'after the validated content has been put back'),
    ];
  }
  if (codes.includes(REASON_CODES.git)) {
    return [
      resume([], 'after what a stage has changed there is as it was before the run'),
      resume(
        ['--accept-git-change', 'NAME'],
        'only when you know what it runs, and mean it; NAME as it is told',
      ),
    ];
  }
  if (codes.includes(REASON_CODES.delivery)) {
    return [
      resume(
        [],
        'after what was refused is put right; another --delivery-branch can be given on the same line',
      ),
    ];
  }
  if (closed.length > 0) {
    return [afterGates(closed, ending.gate_decisions ?? [], resume)];
  }
  return [resume([], 'the block was asked for with --simulate-blocked, which a resume does not carry over')];
}

/** A status flag helps only where the operator is asked; what another source has found is to be put right there. */
function afterGates(
  closed: readonly GateName[],
  decisions: readonly GateDecision[],
  resume: Resume,
): NextCommand {
  const found = (gate: GateName) => decisions.find((one) => one.gate === gate);
  const asked = closed.filter((gate) => asksOperator(found(gate)));
  const words = asked.flatMap((gate) => [`--${gate}-status`, PASS_STATUS[gate]]);
  const truths = asked.map((gate) => `${gate} really is ${PASS_STATUS[gate]}`);
  const remedies = closed.flatMap((gate) => remedyOf(found(gate)));
  const change = found('policy');
  // Whatever else is open: what keeps the change from being admitted is found by no other gate.
  if (closed.includes('policy') && judgedChange(change)) {
    return resume(
      ['--rerun-from', 'execution'],
      `to have it done anew within the rules: ${remedies.join('; ')}`,
    );
  }
  if (remedies.length === 0) return resume(words, `only when ${listed(truths)}`);
  const only = truths.length === 0 ? '' : `, and only when ${listed(truths)}`;
  return resume(words, `after: ${remedies.join('; ')}${only}`);
}

/** Whether policy was closed by what was changed: the change has to become another one. */
function judgedChange(decision: GateDecision | undefined): boolean {
  const blocks = decision?.documents.filter((one) => !one.passed) ?? [];
  return blocks.length > 0 && blocks.every((one) => one.subject.tree_digest !== null);
}

function asksOperator(decision: GateDecision | undefined): boolean {
  // What another source has found is not undone by a word.
  if (decision?.documents.some((one) => !one.passed) === true) return false;
  const names = decision?.source.split(' + ') ?? ['none'];
  const said = decision?.status === undefined ? false : PASS_STATUS[decision.gate] === decision.status;
  return !said && names.some((name) => name === 'operator' || name === 'none');
}

/** What the first thing that blocks asks for; each source's, once. */
function remedyOf(decision: GateDecision | undefined): readonly string[] {
  const remedies = (decision?.documents ?? []).flatMap((one) => {
    const first = one.details.find((detail) => detail.blocks);
    if (one.passed && first === undefined) return [];
    return [first?.remedy ?? `${one.source} says ${PASS_STATUS[one.gate]}`];
  });
  return [...new Set(remedies)].slice(0, 2);
}

/** Reasons that need more than a plain resume. */
type ParticularReason =
  | 'artifact_changed'
  | 'binary_changed'
  | 'internal_error'
  | 'checkpoint_unreadable'
  | 'evidence_tampered';

/** When a plain resume is right. */
const RESUME_WHEN: Readonly<Record<Exclude<FailureReason, ParticularReason>, string>> = {
  usage: 'when what the message asks for is there',
  precondition: 'when what the message asks for is there',
  locked:
    'when the other orchestrator has ended; only if it cannot be examined, with the --break-lock token that it names',
  interrupted: 'at any time: the interrupted stage runs again, its attempt is not charged',
  spawn_failed: 'when the binary can be started; another one can be given on the same line',
  stage_failed: 'when the cause is fixed: that stage runs again, completed ones do not',
  budget_exceeded: 'with a larger limit: that stage runs again, with all of it to use; completed ones do not',
  budget_unknown:
    'when its agent reports what the limit is set on; otherwise with that limit taken back (none)',
  agent_result_unreadable:
    'when the agent prints its result again: read its log, look at the arguments it was given',
  stage_timeout: 'with a larger limit, or without one when the stage can end in time now',
  run_timeout: 'each invocation has the whole --run-timeout-ms; give a larger one only if that is justified',
  survivors: 'when the processes that could not be ended are gone',
  checkpoint_tampered:
    'when you know what wrote to the checkpoint, and have read the copy that was kept beside it',
  evidence_unwritable: 'when the evidence can be written: room on the disk, permission',
  git_failed: 'when git works in the repository',
  delivery_failed:
    'when the remote, or the forge, can be reached: what was delivered is looked up and not delivered again',
  lock_lost: 'when no other orchestrator works in this out_dir',
  not_closure_ready: 'when what was missing is there',
};

/** The limit that the remedy names, for whoever types it to fill in; none where it names none. */
function largerLimit({ remedy }: Failure): readonly string[] {
  const flag = /^raise (--[a-z-]+)(?: if|, or --timeout-ms)/.exec(remedy ?? '')?.[1];
  return flag === undefined ? [] : [flag, 'LARGER'];
}

const WORK_ANEW =
  'when the work is at fault: it is done anew and validated; where it is not, or was mended by hand, --resume alone validates again';

function afterFailure(failure: Failure, place: EvidencePlace): readonly NextCommand[] {
  const stage = failure.stage ?? 'planning';
  const resume: Resume = (words, when) => ({ command: commandLine(place, ['--resume', ...words]), when });
  switch (failure.reason) {
    case 'artifact_changed':
      return [resume(['--rerun-from', stage], 'to have the changed artifact made again')];
    case 'binary_changed':
      return afterChangedBinary(stage, resume);
    case 'budget_exceeded':
    case 'stage_timeout':
      return [resume(largerLimit(failure), RESUME_WHEN[failure.reason])];
    case 'stage_failed':
      // A validation that says no, asked again about the same content, is a throw of dice.
      return stage === 'validation'
        ? [resume(['--rerun-from', 'execution'], WORK_ANEW)]
        : [resume([], RESUME_WHEN.stage_failed)];
    case 'internal_error':
      return [resume(['--verbose'], 'a bug of the orchestrator: please report what it prints')];
    case 'checkpoint_unreadable':
    case 'evidence_tampered':
      return [
        {
          command: commandLine(place, [], 'verify'),
          when: 'after a good copy has been put back; or start afresh, the flags of the run without --resume: the old evidence is moved aside',
        },
      ];
    default:
      return [resume([], RESUME_WHEN[failure.reason])];
  }
}

function afterChangedBinary(stage: string, resume: Resume): readonly NextCommand[] {
  return [
    resume(['--rerun-from', stage], 'to have the stage done by the binary that is there now'),
    resume(
      ['--accept-changed-binary', stage],
      'only when the change does not touch what that stage did; it is recorded',
    ),
  ];
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
