/**
 * What has to change in the base commit so that it holds the validated content tree, and nothing else: raw bytes and
 * modes of each path, no filter and no attribute of the repository in between. What does not belong to the content
 * tree (out_dir, `--tree-ignore`, what lies outside repo-root) stays as the base has it.
 */
import { refuse } from '../../core/delivery/refusal.ts';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { displayKey, keyOf } from '../path-bytes.ts';
import type { PathFilter } from '../path-filter.ts';
import type { TreeEntries } from '../tree-listing.ts';
import type { WorkTree } from '../work-tree.ts';
import type { CommittedEntry } from './base-entries.ts';
import { blobId, readValidated } from './read-blob.ts';

export interface TreePlanRequest {
  readonly workTree: WorkTree;
  /** Of the validated tree, from repo-root. */
  readonly entries: TreeEntries;
  readonly base: ReadonlyMap<string, CommittedEntry>;
  readonly leaveOut: PathFilter;
  /** Digits of an object id of this repository: 40 or 64. */
  readonly hexDigits: number;
  /** Whether the submodule at this key (from repo-root) is exactly what the base names. */
  readonly isUnchangedSubmodule: (key: string, oid: string) => Promise<Result<boolean, Failure>>;
}

/** Keys are from the top level of the work tree. */
export interface TreePlan {
  /** The whole of the commit's tree, as it has to be. */
  readonly whole: ReadonlyMap<string, CommittedEntry>;
  /** The identity of each that comes from the work tree. */
  readonly identities: ReadonlyMap<string, string>;
}

/** Plans it; a refusal (`refuse`) for what no commit can hold. */
export async function planTree(request: TreePlanRequest): Promise<Result<TreePlan, Failure>> {
  const { workTree, entries, base } = request;
  const prefix = workTree.prefix === '' ? '' : `${keyOf(workTree.prefix)}/`;
  const root = keyOf(workTree.root);
  const whole = new Map<string, CommittedEntry>();
  const identities = new Map<string, string>();
  for (const [key, entry] of base) if (!belongs(key, prefix, request.leaveOut)) whole.set(key, entry);
  let submodule: string | null = null;
  for (const [key, identity] of entries) {
    if (key.startsWith('../') || (submodule !== null && key.startsWith(submodule))) continue;
    const path = prefix + key;
    if (identity === 'repo -' || identity === 'folder -') {
      const kept = await keepSubmodule(request, { key, identity, before: base.get(path) });
      if (!kept.ok) return kept;
      if (kept.value === null) continue;
      whole.set(path, kept.value);
      submodule = `${key}/`;
      continue;
    }
    if (identity.startsWith('absent')) continue;
    const blob = readValidated(`${root}/${key}`, identity);
    if (blob === null) return fail(changed(key, identity));
    const entry = { mode: blob.mode, oid: blobId(blob.bytes, request.hexDigits) };
    whole.set(path, entry);
    identities.set(path, identity);
  }
  return ok({ whole, identities });
}

/** Whether two trees are the same, entry by entry. */
export function sameTree(
  one: ReadonlyMap<string, CommittedEntry>,
  other: ReadonlyMap<string, CommittedEntry>,
): boolean {
  return one.size === other.size && [...one].every(([key, entry]) => sameEntry(entry, other.get(key)));
}

/** Whether a path is the same in both; absent is something else. */
export function sameEntry(one: CommittedEntry, other: CommittedEntry | undefined): boolean {
  return one.mode === other?.mode && one.oid === other.oid;
}

function belongs(key: string, prefix: string, leaveOut: PathFilter): boolean {
  return key.startsWith(prefix) && !leaveOut(key.slice(prefix.length));
}

/** The base's own entry where it stands; null where there is only a folder in the place of a file. */
async function keepSubmodule(
  request: TreePlanRequest,
  found: { readonly key: string; readonly identity: string; readonly before: CommittedEntry | undefined },
): Promise<Result<CommittedEntry | null, Failure>> {
  const { key, identity, before } = found;
  const isSubmodule = before?.mode === '160000';
  if (identity === 'folder -' && !isSubmodule) return ok(null);
  if (!isSubmodule) {
    return fail(
      refuse(
        `${displayKey(key)} is a repository of its own and no submodule of the base commit: no commit can hold what is in it`,
        'register it as a submodule before the run, remove its .git, or leave it out with --tree-ignore',
      ),
    );
  }
  const isEmpty = ![...request.entries.keys()].some((other) => other.startsWith(`${key}/`));
  const same = identity === 'folder -' ? ok(isEmpty) : await request.isUnchangedSubmodule(key, before.oid);
  if (!same.ok) return same;
  if (same.value) return ok(before);
  return fail(
    refuse(
      `the submodule ${displayKey(key)} is not what the base commit names: its changes cannot be delivered from here`,
      'deliver them in its own repository first, and begin from a base that names them',
    ),
  );
}

function changed(key: string, identity: string): Failure {
  if (identity.startsWith('special')) {
    return refuse(
      `${displayKey(key)} is neither file nor link: no commit can hold it`,
      'remove it, or leave it out with --tree-ignore, then --resume --rerun-from validation',
    );
  }
  return refuse(
    `${displayKey(key)} is not what validation judged any more`,
    '--resume --rerun-from validation',
  );
}
