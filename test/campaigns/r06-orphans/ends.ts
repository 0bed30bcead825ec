import type { Live } from '../../e2e/live-process.ts';

/** A way for a stage to end. */
export interface End {
  readonly name: string;
  /** The last command of the agent; `N` is its own sleep. */
  readonly last: string;
  /** What is done to the orchestrator once the tree is up; null leaves it alone. */
  readonly signal: Parameters<Live['signal']>[0] | null;
  /** The exit code; null where it cannot have one. */
  readonly code: number | null;
}

export const ENDS: readonly End[] = [
  { name: 'exit 0', last: 'exit 0', signal: null, code: 0 },
  { name: 'exit 3', last: 'exit 3', signal: null, code: 1 },
  { name: 'timeout', last: 'sleep N', signal: null, code: 124 },
  { name: 'SIGTERM', last: 'sleep N', signal: 'SIGTERM', code: 143 },
  { name: 'SIGINT', last: 'sleep N', signal: 'SIGINT', code: 130 },
  { name: 'SIGHUP', last: 'sleep N', signal: 'SIGHUP', code: 129 },
  { name: 'SIGKILL', last: 'sleep N', signal: 'SIGKILL', code: null },
];
