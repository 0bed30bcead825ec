import { existsSync } from 'node:fs';
import type { CommandOutcome, CommandSpec } from './command.ts';
import type { StartFailure } from './start-child.ts';

/** ENOENT has three meanings; the operator needs the right one. */
export function explainStart(spec: CommandSpec, failure: StartFailure): StartFailure {
  const { errno } = failure;
  if (!existsSync(spec.cwd)) return { errno, message: `the working directory ${spec.cwd} does not exist` };
  if (errno === 'ENOENT' && existsSync(spec.file)) {
    return { errno, message: `${spec.file} exists, but the interpreter or loader it needs does not` };
  }
  return { errno, message: `cannot start ${spec.file}: ${failure.message}` };
}

const NO_OUTPUT = { bytes: 0, keptBytes: 0, truncated: false, sha256: null };

/** The outcome of an invocation in which no process was started. */
export function notStarted(
  failure: StartFailure,
  rest: Pick<CommandOutcome, 'startedAtMs' | 'durationMs' | 'logFailure'>,
): CommandOutcome {
  return {
    end: { kind: 'spawn-failed', errno: failure.errno, message: failure.message },
    stdout: NO_OUTPUT,
    stderr: NO_OUTPUT,
    tree: { killed: 0, survivors: 0, clean_sweeps: 0, method: 'none' },
    ...rest,
  };
}
