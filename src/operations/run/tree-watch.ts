import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { TreeComparison } from '../../git/compare-trees.ts';
import type { ContentTree, TakenTree } from '../../git/content-tree.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import type { RandomHex } from '../../store/durable-write.ts';

/** Watches the content tree of repo-root for one invocation; keeps what it read, so that comparing is cheap. */
export interface TreeWatch {
  /** Takes the tree as it is now and keeps its listing among the artifacts. */
  readonly take: () => Promise<Result<TakenTree, Failure>>;
  /** Compares what is there now with the tree of this digest (null: repo-root was no git work tree). */
  readonly compare: (digest: string | null) => Promise<Result<TreeComparison, Failure>>;
  /** The entries of a tree that was taken in this run; undefined where its listing is gone or is another. */
  readonly listing: (digest: string) => Promise<ContentTree['entries'] | undefined>;
}

export interface TreeWatchOptions {
  readonly root: string;
  readonly workTree: WorkTree | null;
  /** Absolute: out_dir and the orchestrator's own files outside it. */
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Marks the git processes for the reaper. */
  readonly marks: Readonly<Record<string, string>>;
  /** A folder for git's private files; made when it is needed. */
  readonly scratch: () => Result<string, Failure>;
  /** Where listings are kept by digest. */
  readonly artifacts: string;
  readonly outDir: string;
  readonly random: RandomHex;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Outside git this starts nothing and says so; a folder that becomes a work tree later is a change. */
export function createTreeWatch(options: TreeWatchOptions): TreeWatch {
  const cache = new Map();
  const known = new Map<string, ContentTree>();
  const takeNow = async (): Promise<Result<TakenTree, Failure>> => {
    if (options.workTree === null && !(await isWorkTreeNow(options.root))) {
      return ok({ kind: 'not-a-work-tree' });
    }
    const scratch = options.scratch();
    if (!scratch.ok) return scratch;
    const { takeContentTree } = await import('../../git/content-tree.ts');
    return takeContentTree({
      root: options.root,
      excludes: options.excludes,
      ignoreGlobs: options.ignoreGlobs,
      environment: { path: options.env.PATH ?? '', home: options.env.HOME ?? null, marks: options.marks },
      scratch: scratch.value,
      now: options.now,
      signal: options.signal,
      cache,
    });
  };
  const listing = async (digest: string) =>
    known.get(digest)?.entries ?? (await readListing(options.artifacts, digest));
  return {
    listing,
    take: async () => {
      const taken = await takeNow();
      if (!taken.ok || taken.value.kind !== 'tree') return taken;
      known.set(taken.value.digest, taken.value);
      const kept = await keepListing(options, taken.value);
      return kept.ok ? taken : kept;
    },
    compare: async (digest) => {
      const taken = await takeNow();
      if (!taken.ok) return taken;
      const { compareContentTrees } = await import('../../git/compare-trees.ts');
      if (digest === null) return ok(compareContentTrees({ kind: 'not-a-work-tree' }, taken.value));
      const entries = await listing(digest);
      const before = { kind: 'tree' as const, digest, ...(entries === undefined ? {} : { entries }) };
      return ok(compareContentTrees(before, taken.value));
    },
  };
}

async function isWorkTreeNow(root: string): Promise<boolean> {
  const { findWorkTree } = await import('../../git/work-tree.ts');
  const found = findWorkTree(root);
  return !found.ok || found.value !== null;
}

/** The listing lets a later invocation name the paths that changed, where the checkpoint has only a digest. */
async function keepListing(options: TreeWatchOptions, tree: ContentTree): Promise<Result<void, Failure>> {
  const { serialiseTree } = await import('../../git/tree-listing.ts');
  const { ensureFolder } = await import('../../store/out-dir.ts');
  const { durableWrite } = await import('../../store/durable-write.ts');
  const folder = ensureFolder(options.artifacts, options.outDir);
  if (!folder.ok) return folder;
  return durableWrite(join(options.artifacts, tree.digest), serialiseTree(tree), {
    random: options.random,
    mode: 0o600,
  });
}

/** undefined where the listing is gone or is not the one of this digest: then only "it differs" can be said. */
async function readListing(artifacts: string, digest: string): Promise<ContentTree['entries'] | undefined> {
  const { parseTree } = await import('../../git/tree-listing.ts');
  try {
    const parsed = parseTree(readFileSync(join(artifacts, digest)));
    return parsed.ok && parsed.value.digest === digest ? parsed.value.entries : undefined;
  } catch {
    return undefined;
  }
}
