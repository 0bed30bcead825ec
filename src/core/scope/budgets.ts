import type { ScopePlan } from '../gates/gate-plan.ts';
import type { Breach } from './breach.ts';
import type { BreachCode } from './breach-codes.ts';
import type { Change } from './change.ts';

/** How much a change changes. A rename is two paths: one that is gone and one that is new. */
export interface BudgetUse {
  readonly files: number;
  readonly newFiles: number;
  readonly deletedFiles: number;
  readonly linesAdded: number;
  readonly linesDeleted: number;
  /** Files whose lines were not counted. */
  readonly uncounted: number;
}

/** Adds it up. */
export function budgetUse(changes: readonly Change[]): BudgetUse {
  const count = (is: (change: Change) => boolean): number => changes.filter(is).length;
  const renamed = count(({ kind }) => kind === 'renamed');
  const sum = (of: (lines: NonNullable<Change['lines']>) => number): number =>
    changes.reduce((total, { lines }) => total + (lines === null ? 0 : of(lines)), 0);
  return {
    files: changes.length + renamed,
    newFiles: count(({ kind }) => kind === 'added') + renamed,
    deletedFiles: count(({ kind }) => kind === 'deleted') + renamed,
    linesAdded: sum(({ added }) => added),
    linesDeleted: sum(({ deleted }) => deleted),
    uncounted: count(({ lines }) => lines === null),
  };
}

/** The budgets that are exceeded. Lines that were not counted exceed every limit. */
export function judgeBudgets(use: BudgetUse, plan: ScopePlan): readonly Breach[] {
  const over = [
    exceeded('too_many_files', 'files', use.files, plan.maxFiles),
    exceeded('too_many_lines', 'lines', use.linesAdded + use.linesDeleted, plan.maxLines),
    exceeded('too_many_new_files', 'new files', use.newFiles, plan.maxNewFiles),
    exceeded('too_many_deleted_files', 'deleted files', use.deletedFiles, plan.maxDeletedFiles),
    uncounted(use.uncounted, plan.maxLines),
  ];
  return over.filter((breach) => breach !== null);
}

function exceeded(code: BreachCode, what: string, found: number, limit: number | null): Breach | null {
  // Not `found > limit`: a limit that is no number must not let everything through.
  if (limit === null || found <= limit) return null;
  return {
    code,
    path: null,
    rule: `${what}: at most ${limit}`,
    message: `${found} ${what}, expected at most ${limit}`,
    remedy: 'make the change smaller, or raise the limit',
  };
}

function uncounted(files: number, limit: number | null): Breach | null {
  if (limit === null || files === 0) return null;
  return {
    code: 'too_many_lines',
    path: null,
    rule: `lines: at most ${limit}`,
    message: `${files} changed files are too large for their lines to be counted`,
    remedy: 'leave large files to a person',
  };
}
