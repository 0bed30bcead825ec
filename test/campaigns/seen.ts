import type { Finished } from '../e2e/live-process.ts';

/** How a call ended, for the text of a violation: its code or signal, and its refusal, or the first line that it said. */
export function seen(run: Finished): string {
  const how = run.hung ? 'hung, killed at its limit' : `exit ${run.code ?? run.signal}`;
  const lines = (run.stderr.trim() === '' ? run.stdout : run.stderr).trim().split('\n');
  // A shell around it may have said something before.
  const line = lines.find((one) => one.startsWith('orchestrator: ')) ?? lines[0] ?? '';
  return `${how}${line === '' ? '' : `: ${line.slice(0, 200)}`}`;
}
