/**
 * The content tree (spec section 3): what was validated, and what must be there when the run closes. Names, modes
 * and raw bytes of everything that repo-root tracks or would show as untracked; commits are not content.
 */
import type { Failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { HashCache } from './file-identity.ts';
import type { GitEnvironment } from './git-environment.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from './limit.ts';
import { keyOf } from './path-bytes.ts';
import { pathFilter } from './path-filter.ts';
import { enterNested, type Taking, takeIgnoreFilesAbove, takeRepository } from './take-paths.ts';
import { digestOfListing, serialiseTree, sortedEntries, type TreeEntries } from './tree-listing.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

export interface ContentTree {
  readonly kind: 'tree';
  /** SHA-256, hex, of the listing (`tree-listing.ts`). */
  readonly digest: string;
  /** Number of entries. */
  readonly files: number;
  /** HEAD when it was taken; not part of the digest. */
  readonly head: string | null;
  readonly branch: string | null;
  /** As `git status` sees it, for the report; not part of the digest. */
  readonly dirty: boolean;
  readonly entries: TreeEntries;
}

export type TakenTree = ContentTree | { readonly kind: 'not-a-work-tree' };

export interface TakeRequest {
  /** Repo-root, absolute. In a larger work tree only this folder counts, and the `.gitignore` files above it. */
  readonly root: string;
  /** Absolute paths of out_dir and the orchestrator's own files. */
  readonly excludes: readonly string[];
  /** `--tree-ignore`, see `PathFilterRequest`. */
  readonly ignoreGlobs: readonly string[];
  readonly environment: GitEnvironment;
  /** An existing folder outside the work tree, for the private git folder. */
  readonly scratch: string;
  /** Epoch milliseconds, to know which files are too young to remember. */
  readonly now: () => number;
  /** For the whole operation, in ms; 120,000 when left out. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  /** Kept by the caller between takes of one process; a new one hashes everything. */
  readonly cache?: HashCache;
}

const BUFFER_BYTES = 1024 * 1024;

/**
 * Takes the tree. Starts no process where there is no work tree. `git_failed` when git fails or exceeds its limit,
 * or when something that belongs to the tree cannot be read; `interrupted` when `signal` stops it.
 */
export async function takeContentTree(request: TakeRequest): Promise<Result<TakenTree, Failure>> {
  const tree = findWorkTree(request.root);
  if (!tree.ok) return tree;
  if (tree.value === null) return ok({ kind: 'not-a-work-tree' });
  const limit = startLimit(request.limitMs ?? GIT_LIMIT_MS, request.signal);
  try {
    return await takeWithin(request, tree.value, limit);
  } finally {
    limit.dispose();
  }
}

async function takeWithin(
  request: TakeRequest,
  tree: WorkTree,
  limit: Limit,
): Promise<Result<TakenTree, Failure>> {
  const leaveOut = await pathFilter({ ...request, roots: [request.root, tree.root] });
  const taking: Taking = {
    found: new Map(),
    pass: {
      cache: request.cache ?? new Map(),
      now: request.now,
      limit,
      buffer: Buffer.allocUnsafe(BUFFER_BYTES),
    },
    list: { environment: request.environment, scratch: request.scratch, limit, leaveOut },
    folders: new Map([['', true]]),
    rootKey: keyOf(tree.root),
    queue: [],
  };
  const top = await takeRepository(taking, tree, { prefix: '', depth: 0 });
  if (!top.ok) return top;
  for (let next = taking.queue.shift(); next !== undefined; next = taking.queue.shift()) {
    const entered = await enterNested(taking, next);
    if (!entered.ok) return entered;
  }
  const above = await takeIgnoreFilesAbove(taking, tree);
  if (above !== null) return fail(above);
  const entries = sortedEntries(taking.found);
  const { head, dirty } = top.value;
  const digest = digestOfListing(serialiseTree({ entries }));
  return ok({
    kind: 'tree',
    digest,
    files: entries.size,
    head: head.commit,
    branch: head.branch,
    dirty,
    entries,
  });
}
