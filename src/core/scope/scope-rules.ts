import type { ScopePlan } from '../gates/gate-plan.ts';

/** The first glob of a list that a folded path matches, as it was written; null where none does. */
export type GlobMatch = (foldedPath: string) => string | null;

/** A scope with its globs compiled (`compileScope` in formats). */
export interface ScopeRules {
  readonly plan: ScopePlan;
  /** Null allows all. */
  readonly allowed: GlobMatch | null;
  /** The project's own; a match on a folder takes what is in it. */
  readonly protected: GlobMatch;
  /** Those of `PROTECTED_PATHS`, likewise. */
  readonly builtIn: GlobMatch;
  readonly unprotected: GlobMatch;
}
