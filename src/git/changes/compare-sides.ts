import { shorten } from '../../core/scope/breach.ts';
import type { Change, ChangeKind, LinkTarget, PathName } from '../../core/scope/change.ts';
import { findCollisions } from './find-collisions.ts';
import { COMPARING_STEPS, type ComparingBudget, countLines, linesOf } from './line-count.ts';
import { isInRoot, pathName, pathNameFromTop } from './path-name.ts';
import { type LinkAt, linksByFoldedPath, resolveLink } from './resolve-link.ts';
import { hasBytes, type Node, type Side, sameNode } from './side.ts';

const NOTHING = Buffer.alloc(0);

/** One path that differs, before anything is known about it. */
export interface Difference {
  readonly key: string;
  readonly before: Node | null;
  readonly after: Node | null;
  /** Set where the same bytes were at another path, which is gone. */
  readonly from: string | null;
  readonly hidden: boolean;
}

/** Paths that are not the same on both sides, in byte order. */
export function differencesOf(before: Side, after: Side, hidden: Side): readonly Difference[] {
  const found: Difference[] = [];
  for (const [key, node] of after) {
    const was = before.get(key) ?? null;
    if (was === null || !sameNode(was, node)) {
      found.push({ key, before: was, after: node, from: null, hidden: false });
    }
  }
  for (const [key, node] of before) {
    if (!after.has(key)) found.push({ key, before: node, after: null, from: null, hidden: false });
  }
  for (const [key, node] of hidden) found.push({ key, before: null, after: node, from: null, hidden: true });
  return found.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

/** The same with files that were moved as they are told as one; an empty file is never moved. */
export function withRenames(differences: readonly Difference[]): readonly Difference[] {
  const gone = new Map<string, Difference[]>();
  // The last one first, so that each is taken from the end of its list.
  for (const one of differences.toReversed()) {
    if (one.after !== null || !isMovable(one.before)) continue;
    const same = gone.get(one.before.id) ?? [];
    same.push(one);
    gone.set(one.before.id, same);
  }
  const sources = new Set<Difference>();
  const told = differences.map((one) => {
    if (one.before !== null || one.hidden || !isMovable(one.after)) return one;
    const source = gone.get(one.after.id)?.pop();
    if (source === undefined) return one;
    sources.add(source);
    return { ...one, before: source.before, from: source.key };
  });
  return told.filter((one) => !sources.has(one));
}

function isMovable(node: Node | null): node is Node {
  return node !== null && hasBytes(node.mode) && node.size !== 0 && node.id !== '';
}

export interface DescribeRequest {
  readonly differences: readonly Difference[];
  /** Everything that is there now. */
  readonly after: Side;
  /** Texts of all links that are there now. */
  readonly links: ReadonlyMap<string, string>;
  /** From the top level to repo-root, a key. */
  readonly prefix: string;
}

/** What the core is told of each difference. */
export function describeChanges(request: DescribeRequest): readonly Change[] {
  const { differences, after, links, prefix } = request;
  const added = differences.filter((one) => one.from !== null || one.before === null).map(({ key }) => key);
  const all = [...after.keys(), ...differences.filter((one) => one.hidden).map(({ key }) => key)];
  const collisions = findCollisions(added, all);
  const linkAt = linksByFoldedPath(links);
  const budget: ComparingBudget = { steps: COMPARING_STEPS };
  const name = (key: string): PathName => pathNameFromTop(key, prefix);
  return differences.map((one) => ({
    ...name(one.key),
    kind: kindOf(one),
    from: one.from === null ? null : name(one.from),
    oldMode: one.before?.mode ?? null,
    newMode: one.after?.mode ?? null,
    link: one.after?.mode === 'symlink' ? linkOf(one, request, linkAt) : null,
    lines: linesChanged(one, budget),
    binary: [one.before, one.after].some((node) => node?.bytes?.includes(0) === true),
    size: one.after?.size ?? null,
    collidesWith: collisions.get(one.key) ?? null,
    hidden: one.hidden,
  }));
}

function kindOf({ before, after, from }: Difference): ChangeKind {
  if (from !== null) return 'renamed';
  if (before === null) return 'added';
  if (after === null) return 'deleted';
  if (before.mode === after.mode) return 'modified';
  const files = [before.mode, after.mode].every((mode) => mode === 'file' || mode === 'executable');
  if (!files) return 'type-changed';
  return before.id === after.id ? 'mode-changed' : 'modified';
}

function linkOf(one: Difference, { links, prefix }: DescribeRequest, linkAt: LinkAt): LinkTarget {
  const text = links.get(one.key) ?? null;
  if (text === null) return { text: '', place: 'lost', to: null };
  const shown = shorten(pathName(text).path);
  const end = resolveLink(one.key, text, linkAt);
  if (end.kind !== 'inside') return { text: shown, place: end.kind, to: null };
  if (end.key !== prefix && !isInRoot(end.key, prefix)) return { text: shown, place: 'outside', to: null };
  const to = end.key === prefix ? pathName('') : pathNameFromTop(end.key, prefix);
  return { text: shown, place: 'inside', to };
}

/** Null where a side's bytes were too many to be kept. */
function linesChanged(one: Difference, budget: ComparingBudget): Change['lines'] {
  const [before, after] = [bytesOf(one.before), bytesOf(one.after)];
  if (one.before !== null && one.before.id === one.after?.id) return { added: 0, deleted: 0 };
  if (before === null || after === null) return null;
  const sameType = (one.before?.mode === 'symlink') === (one.after?.mode === 'symlink');
  if (sameType) return countLines(before, after, budget);
  return { added: linesOf(after).length, deleted: linesOf(before).length };
}

function bytesOf(node: Node | null): Buffer | null {
  return node === null || !hasBytes(node.mode) ? NOTHING : node.bytes;
}
