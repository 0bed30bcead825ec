import { type BudgetUse, budgetUse } from './budgets.ts';
import type { ChangeKind, ChangeSet, FileMode } from './change.ts';

/** More changed paths than this are not told to a policy, and a policy is not asked about half of a change. */
export const SUMMARY_PATHS = 5_000;

/** One changed path, as a policy sees it. */
export interface ChangedPathSummary {
  readonly path: string;
  readonly kind: ChangeKind;
  /** Where a renamed file was. */
  readonly from: string | null;
  readonly old_mode: FileMode | null;
  readonly new_mode: FileMode | null;
  /** Text of a link, where it is one now. */
  readonly link: string | null;
  /** Null where they were not counted. */
  readonly lines_added: number | null;
  readonly lines_deleted: number | null;
  readonly binary: boolean;
}

/** The diff as the policy decision document has it (spec/gates.md, section 4). */
export interface ChangeSummary {
  readonly base: string | null;
  readonly head: string | null;
  readonly totals: {
    readonly files: number;
    readonly new_files: number;
    readonly deleted_files: number;
    readonly lines_added: number;
    readonly lines_deleted: number;
    readonly uncounted_files: number;
  };
  /** How many paths there are; `paths` holds the first 5,000. */
  readonly path_count: number;
  readonly truncated: boolean;
  readonly paths: readonly ChangedPathSummary[];
}

/** Builds it. A policy is not asked about one that is truncated (`policy_too_many_paths`). */
export function summariseChanges(set: ChangeSet): ChangeSummary {
  return {
    base: set.base,
    head: set.head,
    totals: totalsOf(budgetUse(set.changes)),
    path_count: set.changes.length,
    truncated: set.changes.length > SUMMARY_PATHS,
    paths: set.changes.slice(0, SUMMARY_PATHS).map((change) => ({
      path: change.path,
      kind: change.kind,
      from: change.from?.path ?? null,
      old_mode: change.oldMode,
      new_mode: change.newMode,
      link: change.link?.text ?? null,
      lines_added: change.lines?.added ?? null,
      lines_deleted: change.lines?.deleted ?? null,
      binary: change.binary,
    })),
  };
}

function totalsOf(use: BudgetUse): ChangeSummary['totals'] {
  return {
    files: use.files,
    new_files: use.newFiles,
    deleted_files: use.deletedFiles,
    lines_added: use.linesAdded,
    lines_deleted: use.linesDeleted,
    uncounted_files: use.uncounted,
  };
}
