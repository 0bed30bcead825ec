/** Whether a commit holds exactly what was validated: what a forge says of it is worth nothing otherwise. */
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from '../limit.ts';
import { displayKey, keyOf } from '../path-bytes.ts';
import { type PathFilter, pathFilter } from '../path-filter.ts';
import { askWithin, type OpenRepository, type RepositoryOptions } from '../repository-question.ts';
import type { TreeEntries } from '../tree-listing.ts';
import { findWorkTree, type WorkTree } from '../work-tree.ts';
import { type CommitTree, readCommitTree } from './commit-tree.ts';
import { readObjects } from './object-stream.ts';
import { isInRoot } from './path-name.ts';
import { holdsWhatIsRecorded } from './recorded-submodule.ts';

export interface CommitMatchRequest extends RepositoryOptions {
  /** Repo-root, absolute. */
  readonly root: string;
  /** Full hex. */
  readonly commit: string;
  /** The content tree that validation judged. */
  readonly entries: TreeEntries;
  /** As they were when it was taken: what they leave out is left out of the commit, too. */
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
}

export interface CommitMatch {
  readonly same: boolean;
  /** The first 20 paths that differ, for people, in byte order. */
  readonly differing: readonly string[];
  readonly count: number;
}

const TOLD = 20;

/**
 * Compares names, modes and raw bytes in repo-root; a `.gitignore` above it counts as it does in the content tree. Null
 * outside of a git work tree. A commit that a filter or a line-end rule has written differs from the files. Fails as
 * `readCommitChanges` does.
 */
export async function commitMatchesContent(
  request: CommitMatchRequest,
): Promise<Result<CommitMatch | null, Failure>> {
  const found = findWorkTree(request.root);
  if (!found.ok) return found;
  const tree = found.value;
  if (tree === null) return ok(null);
  const leaveOut = await pathFilter({ ...request, roots: [request.root, tree.root] });
  const limit = startLimit(request.limitMs ?? GIT_LIMIT_MS, request.signal);
  try {
    const asked = { ...request, tree, leaveOut, limit };
    const differing = await askWithin(tree, asked, (repository) => compare(repository, asked));
    if (!differing.ok) return differing;
    const paths = [...differing.value].sort();
    const told = paths.slice(0, TOLD).map((key) => displayKey(key));
    return ok({ same: paths.length === 0, differing: told, count: paths.length });
  } finally {
    limit.dispose();
  }
}

interface Asked extends CommitMatchRequest {
  readonly tree: WorkTree;
  readonly leaveOut: PathFilter;
  readonly limit: Limit;
}

async function compare(
  repository: OpenRepository,
  asked: Asked,
): Promise<Result<ReadonlySet<string>, Failure>> {
  const prefix = keyOf(asked.tree.prefix);
  const whole = await readCommitTree(repository, asked.commit);
  if (!whole.ok) return whole;
  const entries = fromTop(asked.entries, prefix);
  const commit = whatCounts(whole.value, entries, { prefix, leaveOut: asked.leaveOut });
  const digests = await digestsOf(repository, commit);
  if (!digests.ok) return digests;
  const differing = new Set<string>();
  const submodules: string[] = [];
  for (const [key, node] of commit) {
    const identity = entries.get(key) ?? 'absent -';
    if (node.mode === 'submodule') {
      submodules.push(`${key}/`);
      if (!(await isAsRecorded(asked, entries, { key, identity, commit: node.id }))) differing.add(key);
      continue;
    }
    if (identity !== `${WORDS[node.mode]} ${digests.value.get(node.id) ?? '-'}`) differing.add(key);
  }
  for (const [key, identity] of entries) {
    const isCovered = commit.has(key) || submodules.some((folder) => key.startsWith(folder));
    if (!isCovered && identity !== 'absent -') differing.add(key);
  }
  return ok(differing);
}

/** As the content tree calls them. */
const WORDS = { file: 'file', executable: 'exec', symlink: 'link' } as const;

/** `../.gitignore` and the like become paths of their own: the folders above repo-root are those of its prefix. */
function fromTop(entries: TreeEntries, prefix: string): TreeEntries {
  if (prefix === '') return entries;
  const parts = prefix.split('/');
  const moved = new Map<string, string>();
  for (const [key, identity] of entries) {
    const up = /^(?:\.\.\/)*/.exec(key)?.[0] ?? '';
    const above = parts.slice(0, parts.length - up.length / 3);
    moved.set([...above, key.slice(up.length)].join('/'), identity);
  }
  return moved;
}

/** Of the commit: repo-root without what is left out, and the ignore files above it. */
function whatCounts(
  tree: CommitTree,
  entries: TreeEntries,
  { prefix, leaveOut }: { readonly prefix: string; readonly leaveOut: PathFilter },
): CommitTree {
  const skip = prefix === '' ? 0 : prefix.length + 1;
  const isAbove = (key: string): boolean =>
    key.endsWith('.gitignore') && `${prefix}/`.startsWith(key.slice(0, -'.gitignore'.length));
  return new Map(
    [...tree].filter(([key]) =>
      isInRoot(key, prefix) ? !leaveOut(key.slice(skip)) : entries.has(key) || isAbove(key),
    ),
  );
}

/** SHA-256 of every blob's bytes, by its id. */
async function digestsOf(
  repository: OpenRepository,
  commit: CommitTree,
): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const ids = [...commit.values()].filter(({ mode }) => mode !== 'submodule').map(({ id }) => id);
  const digests = new Map<string, string>();
  const read = await readObjects(repository, {
    ids: [...new Set(ids)],
    type: 'blob',
    maxBytes: 0,
    digest: true,
    take: (id, { sha256 }) => void digests.set(id, sha256),
  });
  return read.ok ? ok(digests) : read;
}

function isAsRecorded(
  asked: Asked,
  entries: TreeEntries,
  submodule: { readonly key: string; readonly identity: string; readonly commit: string },
): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  return holdsWhatIsRecorded({ ...asked, top: asked.tree.topLevel, entries, buffer }, submodule);
}
