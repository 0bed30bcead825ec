import type { Failure } from '../../../core/failure.ts';
import { ok, type Result } from '../../../core/result.ts';
import type { RunContext } from '../context.ts';
import { gitScratch } from '../paths.ts';

/** Folders that hide themselves before the first stage: a scope is to judge what stages hide, not the evidence of other runs. */
export async function takeHiddenFolders(context: RunContext): Promise<Result<readonly string[], Failure>> {
  if (context.workTree === null || !context.plan.closure.scope) return ok([]);
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { selfIgnoredFolders } = await import('../../../git/changes/self-ignored-folders.ts');
  const { env } = context.ports;
  return selfIgnoredFolders(context.plan.repoRoot, {
    environment: { path: env.PATH ?? '', home: env.HOME ?? null },
    scratch: scratch.value,
    signal: context.abort,
  });
}
