import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { runGit } from './git-command.ts';
import type { GitEnvironment } from './git-environment.ts';
import { startLimit } from './limit.ts';

/** It reads nothing and answers at once, ms. */
const VERSION_LIMIT_MS = 10_000;
const MAX_SHOWN = 80;

/** What `git --version` says; `git` is absolute. `git_failed` where it does not answer. */
export async function gitVersion(
  git: string,
  environment: GitEnvironment,
  signal?: AbortSignal,
): Promise<Result<string, Failure>> {
  const limit = startLimit(VERSION_LIMIT_MS, signal);
  let said = '';
  try {
    const run = await runGit({
      ...{ git, environment, limit, args: ['--version'], cwd: '/', repository: {} },
      onChunk: (chunk) => {
        if (said.length < MAX_SHOWN) said += chunk.toString('latin1', 0, MAX_SHOWN);
      },
    });
    return run.ok ? ok(said.split('\n', 1)[0]?.trim() ?? '') : run;
  } finally {
    limit.dispose();
  }
}
