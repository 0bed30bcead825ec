import { type Failure, failure } from '../../../core/failure.ts';
import { gatePlanOf, tokenVariables } from '../../../core/gates/plan-of-settings.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunPlan } from '../../../core/run-plan.ts';
import type { SigningKey } from '../../../formats/signing-key.ts';
import { verifyingKeysOf } from '../../signing-keys.ts';

/** What gates cannot do without, seen before anything is run: an agent's hours are not spent for a missing token. */
export async function gatePreconditions(
  plan: RunPlan,
  isGit: boolean,
  ground: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signKey: SigningKey | null;
  },
): Promise<Result<void, Failure>> {
  const { closure } = plan;
  if (closure.scope && !isGit) {
    const what = `--scope: expected a git work tree at ${plan.repoRoot}, got none`;
    return refuse(what, 'without git nobody can tell what was changed');
  }
  const missing = tokenVariables(closure).find((name) => (ground.env[name] ?? '') === '');
  if (missing !== undefined) {
    return refuse(
      `${missing}: expected the token of a forge that gates are read from, got none`,
      `set ${missing}, or name another variable with --github-token-env or --gitlab-token-env`,
    );
  }
  const { keys } = gatePlanOf(closure).signers;
  if (keys.length === 0) return ok(undefined);
  const read = await verifyingKeysOf(keys, '--approver-key');
  if (!read.ok) return read;
  const own = read.value.some((one) => one.keyId === ground.signKey?.keyId);
  return own
    ? refuse(
        '--approver-key: expected the key of somebody else, got that of --sign-key',
        'who runs is not who approves: give each a key of their own',
      )
    : ok(undefined);
}

function refuse(message: string, remedy: string): Result<never, Failure> {
  return fail(failure('precondition', message, { remedy }));
}
