import { displayKey } from './path-bytes.ts';
import type { TreeEntries } from './tree-listing.ts';

/** One path that differs. `path` is made for people: escaped where it is not text. */
export interface ChangedPath {
  readonly change: 'added' | 'removed' | 'changed';
  readonly path: string;
}

/** What there is to compare: a tree, perhaps by its digest alone, or the fact that there was none. */
export type Comparable =
  | { readonly kind: 'tree'; readonly digest: string; readonly entries?: TreeEntries }
  | { readonly kind: 'not-a-work-tree' };

export interface TreeComparison {
  readonly same: boolean;
  /** The first paths, in byte order; empty where a side has no entries, or where git came or went. */
  readonly changed: readonly ChangedPath[];
  /** How many paths differ, or null when that cannot be told. */
  readonly count: number | null;
  /** One line for the report: what differs. */
  readonly summary: string;
}

/** Whether what was validated is still there (spec section 3). The digest decides; the entries only tell what. */
export function compareContentTrees(before: Comparable, after: Comparable, first = 10): TreeComparison {
  if (before.kind === 'not-a-work-tree' || after.kind === 'not-a-work-tree')
    return compareKinds(before, after);
  if (before.digest === after.digest) return { same: true, changed: [], count: 0, summary: 'no difference' };
  if (before.entries === undefined || after.entries === undefined) {
    return {
      same: false,
      changed: [],
      count: null,
      summary: `digest ${before.digest} is now ${after.digest}`,
    };
  }
  const all = differences(before.entries, after.entries);
  const changed = all.slice(0, first).map(([key, change]) => ({ change, path: displayKey(key) }));
  const named = changed.map((one) => `${one.change} ${one.path}`).join(', ');
  const more = all.length > first ? ` and ${all.length - first} more` : '';
  return { same: false, changed, count: all.length, summary: `${named}${more}` };
}

function compareKinds(before: Comparable, after: Comparable): TreeComparison {
  if (before.kind === after.kind)
    return { same: true, changed: [], count: 0, summary: 'not a git work tree' };
  const summary =
    before.kind === 'tree'
      ? 'it was a git work tree and is none now'
      : 'it was no git work tree and is one now';
  return { same: false, changed: [], count: null, summary };
}

function differences(before: TreeEntries, after: TreeEntries): [string, ChangedPath['change']][] {
  const found: [string, ChangedPath['change']][] = [];
  for (const [key, identity] of before) {
    const now = after.get(key);
    if (now === identity) continue;
    found.push([key, now === undefined || now.startsWith('absent') ? 'removed' : 'changed']);
  }
  for (const key of after.keys()) if (!before.has(key)) found.push([key, 'added']);
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}
