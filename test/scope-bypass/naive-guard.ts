import type { ScopePlan } from '../../src/core/gates/gate-plan.ts';
import type { Attempt } from './attempt.ts';
import type { Victim } from './repository.ts';

/**
 * The control: a guard as it is commonly written. It stages everything, reads `git diff` in the repository with the
 * repository's configuration, and compares the names and numbers that it prints.
 */
export function naiveRefuses(victim: Victim, attempt: Attempt, scope: ScopePlan): boolean {
  const range = attempt.view === 'content' ? ['--cached', victim.baseCommit] : [victim.baseCommit, 'HEAD'];
  const diff = (how: string): string[] =>
    victim
      .git('diff', how, ...range)
      .split('\n')
      .filter((line) => line !== '');
  try {
    if (attempt.view === 'content') victim.git('add', '-A');
  } catch {
    // Git itself does not take it.
    return true;
  }
  const status = diff('--name-status');
  const names = status.map((line) => line.split('\t').at(-1) ?? '');
  const lines = diff('--numstat').map((line) => Number(line.split('\t')[0]) + Number(line.split('\t')[1]));
  const over = (limit: number | null, found: number): boolean => limit !== null && found > limit;
  return (
    names.some((name) => isProtected(name) || !isAllowed(name, scope)) ||
    over(scope.maxFiles, names.length) ||
    over(
      scope.maxLines,
      lines.reduce((sum, one) => sum + (Number.isNaN(one) ? 0 : one), 0),
    ) ||
    over(scope.maxNewFiles, status.filter((line) => line.startsWith('A')).length) ||
    over(scope.maxDeletedFiles, status.filter((line) => line.startsWith('D')).length)
  );
}

function isProtected(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return (
    path.startsWith('.git/') ||
    path.startsWith('.github/workflows/') ||
    name.startsWith('.env') ||
    ['.gitmodules', '.gitattributes', 'package-lock.json', 'Cargo.lock'].includes(name)
  );
}

function isAllowed(path: string, scope: ScopePlan): boolean {
  const folders = scope.allowed.map((glob) => glob.replace(/\*\*$/, ''));
  return folders.length === 0 || folders.some((folder) => path.startsWith(folder));
}
