import type { Test } from 'tap';
import type { ScopePlan } from '../../../src/core/gates/gate-plan.ts';
import type { Breach } from '../../../src/core/scope/breach.ts';
import type { Change, ChangeSet } from '../../../src/core/scope/change.ts';
import { judgeScope } from '../../../src/core/scope/judge-scope.ts';
import { compileScope } from '../../../src/formats/scope-globs.ts';
import { readCommitChanges } from '../../../src/git/changes/read-changes.ts';
import { readContentChanges } from '../../../src/git/changes/read-content-changes.ts';
import { copyOf, ENVIRONMENT, type Rig, rig } from '../rig.ts';

/** A repository with a base, and the guard's two ways to look at what came after. */
export interface ChangeRig extends Rig {
  readonly baseCommit: string;
  /** What the content of the work tree changes. */
  content(more?: Partial<ContentOptions>): Promise<ChangeSet>;
  /** What HEAD changes. */
  committed(more?: { readonly root: string }): Promise<ChangeSet>;
}

interface ContentOptions {
  readonly root: string;
  readonly ignoreGlobs: readonly string[];
}

/** Builds one whose base holds these files. */
export function changeRig(t: Test, files?: Readonly<Record<string, string>>, init: string[] = []): ChangeRig {
  const plain = rig(t, files, init);
  return withReadings(plain, plain.git('rev-parse', 'HEAD').trim());
}

/** One like another one, without a process. */
export function copyOfChangeRig(t: Test, other: ChangeRig): ChangeRig {
  return withReadings(copyOf(t, other), other.baseCommit);
}

function withReadings(plain: Rig, baseCommit: string): ChangeRig {
  const common = { scratch: plain.scratch, environment: ENVIRONMENT, base: baseCommit };
  return {
    ...plain,
    baseCommit,
    content: async (more = {}) => {
      const options = { root: plain.root, ignoreGlobs: [], ...more };
      const { entries } = await plain.take(options);
      const read = await readContentChanges({ ...common, ...options, entries, excludes: [], now: Date.now });
      return changesOf(read);
    },
    committed: async (more = { root: plain.root }) => {
      const head = plain.git('rev-parse', 'HEAD').trim();
      return changesOf(await readCommitChanges({ ...common, ...more, head }));
    },
  };
}

function changesOf(read: Awaited<ReturnType<typeof readCommitChanges>>): ChangeSet {
  if (!read.ok) throw new Error(read.failure.message);
  if (read.value === null) throw new Error('not a work tree');
  return read.value;
}

/** `added src/a.ts`, and what else is worth a word. */
export function told(set: ChangeSet): readonly string[] {
  return set.changes.map((change: Change) => {
    const from = change.from === null ? '' : `${change.from.path} → `;
    return `${change.kind} ${from}${change.path}`;
  });
}

/** A scope without limits, but for what is given. */
export function scopePlan(more: Partial<ScopePlan> = {}): ScopePlan {
  return {
    ...{ allowed: [], protected: [], unprotected: [] },
    ...{ maxFiles: null, maxLines: null, maxNewFiles: null, maxDeletedFiles: null },
    ...more,
  };
}

/** What a scope says of the changes; null is no scope. */
export async function breachesOf(changes: ChangeSet, plan: ScopePlan | null): Promise<readonly Breach[]> {
  return judgeScope({ changes, rules: plan === null ? null : await compileScope(plan), planned: null });
}
