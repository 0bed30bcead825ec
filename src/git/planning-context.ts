/**
 * The repository as it is told to the manager. The same tree gives the same document, but for the run id. What the
 * repository's authors wrote (names, readme, subjects) is in it as data, bounded, and links are not followed.
 */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import {
  type CommitSubject,
  PLANNING_CONTEXT_SCHEMA_VERSION,
  type PlanningContext,
} from '../formats/planning-context.ts';
import { PRODUCT } from '../formats/report.ts';
import { walkFolder } from './folder-walk.ts';
import { GIT_LIMIT_MS, startLimit } from './limit.ts';
import { listPaths } from './list-paths.ts';
import { displayKey } from './path-bytes.ts';
import { type PathFilter, pathFilter } from './path-filter.ts';
import { recentCommits } from './recent-commits.ts';
import { askWithin, type RepositoryOptions } from './repository-question.ts';
import { readRootFile } from './root-file.ts';
import { detectValidationCommands } from './validation-commands.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

export interface PlanningContextRequest extends RepositoryOptions {
  readonly root: string;
  readonly runId: string;
  readonly excludes: readonly string[];
  readonly ignoreGlobs: readonly string[];
}

const LISTED = 2_000;
const TOP_LEVEL = 500;
const EXTENSIONS = 40;
const COMMITS = 20;
const README_CHARACTERS = 4_000;
const README_BYTES = 1024 * 1024;
const READMES = ['README.md', 'README', 'README.txt', 'README.rst', 'README.adoc', 'Readme.md', 'readme.md'];

/** What git, or the folder itself, says. */
interface Seen {
  readonly repo: Omit<PlanningContext['repo'], 'name'>;
  /** Sorted. */
  readonly keys: readonly string[];
  readonly truncated: boolean;
  readonly commits: readonly CommitSubject[];
  readonly notes: readonly string[];
}

/** Builds the document. Fails as `takeContentTree` does; without a work tree no process is started. */
export async function buildPlanningContext(
  request: PlanningContextRequest,
): Promise<Result<PlanningContext, Failure>> {
  const tree = findWorkTree(request.root);
  if (!tree.ok) return tree;
  const root = realpathSync(request.root);
  const leaveOut = await pathFilter({ ...request, roots: [request.root, root] });
  const seen =
    tree.value === null ? ok(seenInFolder(root, leaveOut)) : await seenByGit(tree.value, request, leaveOut);
  if (!seen.ok) return seen;
  const detected = detectValidationCommands(root);
  const readme = readmeOf(root);
  return ok({
    schema_version: PLANNING_CONTEXT_SCHEMA_VERSION,
    product: PRODUCT,
    run_id: request.runId,
    repo: { name: basename(root), ...seen.value.repo },
    files: filesOf(seen.value),
    readme,
    recent_commits: seen.value.commits,
    validation_commands: detected.commands,
    notes: [...seen.value.notes, ...detected.notes],
  });
}

async function seenByGit(
  tree: WorkTree,
  request: PlanningContextRequest,
  leaveOut: PathFilter,
): Promise<Result<Seen, Failure>> {
  const limit = startLimit(request.limitMs ?? GIT_LIMIT_MS, request.signal);
  const options = { environment: request.environment, scratch: request.scratch, limit };
  try {
    const listing = await listPaths({ tree, leaveOut, ...options });
    if (!listing.ok) return listing;
    const commits = await askWithin(tree, options, async (repository) =>
      ok(await recentCommits(repository, COMMITS)),
    );
    if (!commits.ok) return commits;
    const { head, tracked, untracked, nested, dirty } = listing.value;
    return ok({
      repo: { is_git: true, head: head.commit, branch: head.branch, dirty },
      keys: [...new Set([...tracked, ...untracked, ...nested])].sort(),
      truncated: false,
      commits: commits.value ?? [],
      notes: commits.value === null ? ['the history cannot be read'] : [],
    });
  } finally {
    limit.dispose();
  }
}

function seenInFolder(root: string, leaveOut: PathFilter): Seen {
  const { keys, truncated } = walkFolder(root, leaveOut);
  return {
    repo: { is_git: false, head: null, branch: null, dirty: null },
    keys,
    truncated,
    commits: [],
    notes: truncated ? [`only the first ${keys.length} files were looked at`] : [],
  };
}

function filesOf(seen: Seen): PlanningContext['files'] {
  const top = new Set<string>();
  const counts = new Map<string, number>();
  for (const key of seen.keys) {
    const slash = key.indexOf('/');
    if (top.size < TOP_LEVEL) top.add(displayKey(slash === -1 ? key : key.slice(0, slash + 1)));
    const extension = displayKey(/[^/]\.([^./]{1,16})$/.exec(key)?.[1] ?? '').toLowerCase();
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  const extensions = [...counts]
    .map(([extension, count]) => ({ extension, count }))
    .sort((one, other) => other.count - one.count || (one.extension < other.extension ? -1 : 1))
    .slice(0, EXTENSIONS);
  return {
    count: seen.keys.length,
    listing: seen.keys.slice(0, LISTED).map(displayKey),
    listing_truncated: seen.truncated || seen.keys.length > LISTED,
    top_level: [...top],
    extensions,
  };
}

function readmeOf(root: string): PlanningContext['readme'] {
  for (const path of READMES) {
    const read = readRootFile(root, path, README_BYTES);
    if (read.kind !== 'bytes') continue;
    const text = read.bytes.toString('utf8');
    const excerpt = text.slice(0, README_CHARACTERS).toWellFormed();
    return { path, excerpt, truncated: text.length > README_CHARACTERS };
  }
  return null;
}
