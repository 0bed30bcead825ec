import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { GitCall } from './git-command.ts';
import { findGit, type GitEnvironment } from './git-environment.ts';
import { findHead, type Head } from './head.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from './limit.ts';
import { openPrivateGitDir, type PrivateGitDir } from './private-git-dir.ts';
import type { WorkTree } from './work-tree.ts';

/** What every question to a repository needs, beside what is asked. */
export interface RepositoryOptions {
  readonly environment: GitEnvironment;
  /** An existing folder outside the work tree, for the private git folder. */
  readonly scratch: string;
  /** For the whole question, in ms; 120,000 when left out. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

/** What is at hand while a question is answered. */
export interface OpenRepository {
  readonly head: Head;
  readonly folder: PrivateGitDir;
  /** A call of git at `tree.root`, but for its arguments and its view of the repository. */
  readonly call: Pick<GitCall, 'git' | 'cwd' | 'environment' | 'limit'>;
}

/** Asks a repository something through a private git folder of its own, under one limit; cleans up after it. */
export async function askRepository<Answer>(
  tree: WorkTree,
  options: RepositoryOptions,
  ask: (repository: OpenRepository) => Promise<Result<Answer, Failure>>,
): Promise<Result<Answer, Failure>> {
  const limit = startLimit(options.limitMs ?? GIT_LIMIT_MS, options.signal);
  try {
    return await askWithin(tree, { ...options, limit }, ask);
  } finally {
    limit.dispose();
  }
}

/** The same under a limit that has been started already. */
export async function askWithin<Answer>(
  tree: WorkTree,
  options: Pick<RepositoryOptions, 'environment' | 'scratch'> & { readonly limit: Limit },
  ask: (repository: OpenRepository) => Promise<Result<Answer, Failure>>,
): Promise<Result<Answer, Failure>> {
  const { environment, scratch, limit } = options;
  const git = findGit(environment.path, tree.topLevel);
  if (!git.ok) return git;
  const head = await findHead(tree, { git: git.value, environment, limit });
  if (!head.ok) return head;
  const folder = openPrivateGitDir({
    dirs: tree,
    topLevel: tree.topLevel,
    commit: head.value.commit,
    scratch,
  });
  if (!folder.ok) return folder;
  try {
    const call = { git: git.value, cwd: tree.root, environment, limit };
    return await ask({ head: head.value, folder: folder.value, call });
  } finally {
    folder.value.dispose();
  }
}
