import { type Failure, failure } from '../../../core/failure.ts';
import { gatePlanOf, tokenVariables } from '../../../core/gates/plan-of-settings.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunPlan } from '../../../core/run-plan.ts';
import { verifyingKeysOf } from '../../signing-keys.ts';

/** What gates cannot do without, seen before anything is run: an agent's hours are not spent for a missing token. */
export async function gatePreconditions(
  plan: RunPlan,
  isGit: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<void, Failure>> {
  const { closure } = plan;
  if (closure.scope && !isGit) {
    const what = `--scope: expected a git work tree at ${plan.repoRoot}, got none`;
    return refuse(what, 'without git nobody can tell what was changed');
  }
  const missing = tokenVariables(closure).find((name) => (env[name] ?? '') === '');
  if (missing !== undefined) {
    return refuse(
      `${missing}: expected the token of a forge that gates are read from, got none`,
      `set ${missing}, or name another variable with --github-token-env or --gitlab-token-env`,
    );
  }
  const { keys } = gatePlanOf(closure).signers;
  if (keys.length === 0) return ok(undefined);
  const read = await verifyingKeysOf(keys, '--approver-key');
  return read.ok ? ok(undefined) : read;
}

function refuse(message: string, remedy: string): Result<never, Failure> {
  return fail(failure('precondition', message, { remedy }));
}
