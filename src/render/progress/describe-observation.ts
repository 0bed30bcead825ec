import type { Observation } from '../../core/observation.ts';
import type { GateDecision, StageExecution } from '../../core/records.ts';
import { unreachable } from '../../core/unreachable.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { countedInWords } from '../counted.ts';
import { formatDuration } from '../duration.ts';
import { oneLine } from '../harmless.ts';
import { describeVerdict } from '../verdict.ts';

/** How a line is meant, for its colour. */
export type Tone = 'good' | 'bad' | 'plain';

export interface ProgressLine {
  readonly text: string;
  readonly tone: Tone;
}

/** One line for an observation; null for what has no line of its own (output, and the end of the run). */
export function describeObservation(observation: Observation): ProgressLine | null {
  switch (observation.type) {
    case 'run-started':
      return plain(
        `run ${observation.run_id}: ${observation.resumed ? 'resumed' : 'started'} in ${oneLine(observation.out_dir)}`,
      );
    case 'notice':
      return plain(`notice: ${oneLine(observation.text)}`);
    case 'stage-entered':
      return plain(`${oneLine(observation.stage)}: entered`);
    case 'stage-skipped':
      return plain(`${oneLine(observation.stage)}: skipped, completed before${counted(observation.counts)}`);
    case 'stage-not-configured':
      return plain(`${oneLine(observation.stage)}: nothing configured`);
    case 'attempt-started': {
      const command = oneLine(displayPath(observation.command), 200);
      return plain(`${who(observation)}: attempt ${observation.attempt} started (${command})`);
    }
    case 'attempt-ended':
      return describeExecution(observation.execution);
    case 'remediation-asked':
      return plain(
        `remediation cycle ${observation.cycle}: the reviewer asks for ${observation.steps} step(s)`,
      );
    case 'gate-waiting': {
      const what = observation.for.map((one) => oneLine(one, 200)).join(', ');
      return plain(
        `gate ${observation.gate}: waiting for ${what} (at most ${formatDuration(observation.left_ms)} more)`,
      );
    }
    case 'admission-decided':
      return describeGate('admission', observation.decision);
    case 'delivered':
      return { text: `delivery ${observation.step}: ${oneLine(observation.text)}`, tone: 'good' };
    case 'gate-decided':
      return describeGate('gate', observation.decision);
    case 'attempt-output':
      return null;
    case 'run-ended':
      return { text: describeVerdict(observation), tone: observation.exit_code === 0 ? 'good' : 'bad' };
    default:
      return unreachable(observation);
  }
}

/** `planning`, and where a stage has several steps, which: `validation/command-1`. */
export function who(one: { readonly stage: string; readonly step: string }): string {
  return oneLine(one.step.startsWith('command-') ? `${one.stage}/${one.step}` : one.stage, 100);
}

function plain(text: string): ProgressLine {
  return { text, tone: 'plain' };
}

function counted(key: string | null): string {
  return key === null ? '' : ` (${oneLine(countedInWords(key))} counts)`;
}

function describeExecution(execution: StageExecution): ProgressLine {
  const head = `${who(execution)}: attempt ${execution.attempt} ${execution.status} in ${formatDuration(execution.duration_ms)}`;
  if (execution.status === 'success') return { text: head, tone: 'good' };
  const exit = exitOf(execution);
  const error = execution.error === null ? '' : `: ${oneLine(execution.error)}`;
  return { text: `${head}${exit}${error}`, tone: 'bad' };
}

function exitOf(execution: StageExecution): string {
  if (execution.signal !== null) return ` (${oneLine(execution.signal)})`;
  return execution.exit_code === null ? '' : ` (exit ${execution.exit_code})`;
}

function describeGate(what: 'admission' | 'gate', decision: GateDecision): ProgressLine {
  const carried = decision.carried_over ? ', carried over' : '';
  const from = `${oneLine(decision.status)}, source ${oneLine(decision.source)}${carried}`;
  return decision.passed
    ? { text: `${what} ${decision.gate}: passed (${from})`, tone: 'good' }
    : {
        text: `${what} ${decision.gate}: closed by ${decision.reason_code ?? 'no code'} (${from})`,
        tone: 'bad',
      };
}
