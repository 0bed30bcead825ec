import type { StageExecution } from '../records.ts';

const AUDITED = [
  ...([
    'stage',
    'step',
    'attempt',
    'cycle',
    'status',
    'exit_code',
    'signal',
    'error',
    'duration_ms',
  ] as const),
  ...(['binary', 'script', 'usage'] as const),
];

/** What the audit log keeps of an attempt that has ended. */
export function auditedAttempt(execution: StageExecution): Readonly<Record<string, unknown>> {
  const artifacts = execution.artifacts.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
  return { ...Object.fromEntries(AUDITED.map((name) => [name, execution[name]])), artifacts };
}
