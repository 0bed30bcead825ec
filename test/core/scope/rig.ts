import type { ScopePlan } from '../../../src/core/gates/gate-plan.ts';
import type { Change, ChangeSet } from '../../../src/core/scope/change.ts';
import type { ScopeRules } from '../../../src/core/scope/scope-rules.ts';
import { compileScope } from '../../../src/formats/scope-globs.ts';

/** A change of one line in one file, but for what is given. */
export function change(path: string, more: Partial<Change> = {}): Change {
  return {
    ...{ path, name: path, isText: true, kind: 'modified', from: null },
    ...{ oldMode: 'file', newMode: 'file', link: null, lines: { added: 1, deleted: 0 } },
    ...{ binary: false, size: 2, collidesWith: null, hidden: false, outsideRoot: false },
    ...more,
  };
}

/** A link that leads to a path of the repository. */
export function linkTo(path: string): Partial<Change> {
  const to = { path, name: path, isText: true, outsideRoot: false };
  return { kind: 'added', oldMode: null, newMode: 'symlink', link: { text: path, place: 'inside', to } };
}

export function changeSet(...changes: readonly Change[]): ChangeSet {
  return { base: 'b'.repeat(40), head: null, changes, notLookedAt: [] };
}

/** A scope without limits, but for what is given. */
export function scope(more: Partial<ScopePlan> = {}): Promise<ScopeRules> {
  return compileScope({
    ...{ allowed: [], protected: [], unprotected: [] },
    ...{ maxFiles: null, maxLines: null, maxNewFiles: null, maxDeletedFiles: null },
    ...more,
  });
}
