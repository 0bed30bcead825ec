import type { Finished } from '../e2e/live-process.ts';

/** How a call ended, for a violation: exit code or signal, and the first line of stderr (else of stdout). */
export function endingOf(run: Finished): string {
  if (run.hung) return `hung for ${Math.round(run.ms)} ms`;
  const code = run.code === null ? `ended by ${run.signal}` : `exit ${run.code}`;
  const [line = ''] = (run.stderr.trim() === '' ? run.stdout : run.stderr).trim().split('\n');
  return line === '' ? code : `${code}, said ${JSON.stringify(line.slice(0, 200))}`;
}
