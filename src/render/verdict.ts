import { unreachable } from '../core/unreachable.ts';
import { oneLine } from './harmless.ts';
import type { RunEnding } from './next-command.ts';
import type { Palette } from './palette.ts';

/** The verdict of a run in one line: `done: closure-ready`, `blocked: GATE_CI_NOT_SUCCESS`, `failed: …`. */
export function describeVerdict(ending: RunEnding): string {
  const { terminal_state: terminal, failure } = ending;
  const why = failure === null ? '' : `${failure.reason}: ${oneLine(failure.message)}`;
  switch (terminal) {
    case 'done':
      return failure === null ? 'done: closure-ready' : `not done: ${why}`;
    case 'blocked':
      return `blocked: ${oneLine(ending.blocked_reason_codes.join(', '))}`;
    case 'failed':
    case 'timeout':
      return `${terminal}: ${why}`;
    case null:
      return failure === null ? 'not finished' : `not finished: ${why}`;
    default:
      return unreachable(terminal);
  }
}

/** The colour that goes with a verdict. */
export function verdictStyle(ending: RunEnding, palette: Palette): (text: string) => string {
  if (ending.terminal_state === 'done' && ending.failure === null) return palette.good;
  return ending.terminal_state === 'blocked' ? palette.warn : palette.bad;
}
