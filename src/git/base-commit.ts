/** The commit that a change is measured against, and that policies are read from. */
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { runGit } from './git-command.ts';
import { findGit, type GitEnvironment } from './git-environment.ts';
import { findHead, isObjectId } from './head.ts';
import { GIT_LIMIT_MS, type Limit, startLimit } from './limit.ts';
import { displayKey } from './path-bytes.ts';
import type { WorkTree } from './work-tree.ts';

export interface BaseQuestion {
  readonly workTree: WorkTree;
  /** What the operator named; null is HEAD. */
  readonly revision: string | null;
  readonly environment: GitEnvironment;
  readonly signal?: AbortSignal;
}

/**
 * Its object id; null where HEAD has no commit yet. `precondition` where the revision names no commit here,
 * `git_failed` where git does not answer.
 */
export async function findBase(question: BaseQuestion): Promise<Result<string | null, Failure>> {
  const limit = startLimit(GIT_LIMIT_MS, question.signal);
  try {
    const { workTree, environment } = question;
    const git = findGit(environment.path, workTree.topLevel);
    if (!git.ok) return git;
    if (question.revision !== null) return await resolve(question, question.revision, git.value, limit);
    const head = await findHead(workTree, { git: git.value, environment, limit });
    return head.ok ? ok(head.value.commit) : head;
  } finally {
    limit.dispose();
  }
}

/** The repository's own refs are read here, as the operator sees them; rev-parse starts nothing. */
async function resolve(
  question: BaseQuestion,
  revision: string,
  git: string,
  limit: Limit,
): Promise<Result<string, Failure>> {
  let said = '';
  const { workTree, environment } = question;
  const run = await runGit({
    git,
    environment,
    limit,
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    cwd: workTree.topLevel,
    repository: { GIT_DIR: workTree.gitDir },
    onChunk: (chunk) => {
      said += chunk.toString('latin1', 0, 4096);
    },
  });
  const commit = said.trim();
  if (run.ok && isObjectId(commit)) return ok(commit);
  if (!run.ok && limit.signal.aborted) return run;
  const shown = displayKey(revision).slice(0, 200);
  return fail(
    failure('precondition', `--base: expected a commit or branch of ${workTree.topLevel}, got "${shown}"`, {
      remedy: 'fetch it first (a shallow checkout may not have it), or name another',
    }),
  );
}
