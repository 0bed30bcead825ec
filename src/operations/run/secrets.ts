import { needsVariable } from '../../core/agents/agent-command.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { tokenVariables } from '../../core/gates/plan-of-settings.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { ROLES, type RunPlan } from '../../core/run-plan.ts';
import { createMask, MASK_TEXT, type Mask } from '../../process/mask.ts';
import { compileNames, type NameMatcher } from '../../process/name-globs.ts';
import { collectSecrets, looksLikeSecret } from '../../process/secrets.ts';
import type { RunKeys } from './run-keys.ts';

/** What must not be shown or stored in this invocation. */
export interface Secrecy {
  readonly mask: Mask;
  readonly isSecret: (name: string) => boolean;
  /** `--pass-env`, compiled. */
  readonly pass: NameMatcher;
  /** Variables that hold tokens of forges: for the gates, never for a stage. */
  readonly withheld: ReadonlySet<string>;
  /** Secret-looking variables of the caller that `--pass-env` hands to stages, sorted. */
  readonly passedSecrets: readonly string[];
  /** Names of secrets that are too short to be masked. */
  readonly tooShort: readonly string[];
}

/** A failure as it may be told and kept: a path or a value that it names can hold a secret. */
export function maskFailure(why: Failure, mask: Mask): Failure {
  return {
    ...why,
    message: mask.text(why.message),
    remedy: why.remedy === null ? null : mask.text(why.remedy),
  };
}

/** An argument as it is kept: what `NAME=value` gives a variable named like a secret, however short, is masked. */
export function maskArgument(argument: string, secrecy: Pick<Secrecy, 'mask' | 'isSecret'>): string {
  const [, before = '', name = ''] = /^(--[a-z-]+=)?([^=]+)=/.exec(argument) ?? [];
  const isGiven = name !== '' && !name.startsWith('-') && secrecy.isSecret(name);
  return isGiven ? `${before}${name}=${MASK_TEXT}` : secrecy.mask.text(argument);
}

/** Collects the secrets; one that `--redact-env` names and that is too short to mask is refused, exit 2. */
export async function collectSecrecy(
  plan: RunPlan,
  env: Readonly<Record<string, string | undefined>>,
  { stateKey, signKey }: RunKeys,
): Promise<Result<Secrecy, Failure>> {
  const roleEnvs = [
    ...ROLES.map((role) => plan.roles[role]?.env ?? {}),
    ...plan.validation.map((one) => one.env),
  ];
  const withheld = new Set(tokenVariables(plan.closure));
  const redacted = await compileNames(plan.redactEnv);
  const redact = (name: string) => redacted(name) || withheld.has(name);
  const pass = await compileNames(plan.passEnv);
  const { secrets, tooShort } = collectSecrets({ callerEnv: env, roleEnvs, redact });
  const refused = tooShort.find((one) => one.explicit);
  if (refused !== undefined) {
    return fail(
      failure('precondition', `${refused.name}: its value is too short to be masked safely`, {
        remedy: withheld.has(refused.name)
          ? 'a token of a forge is longer: is it the right one?'
          : 'use a secret of at least 6 characters, or take the name out of --redact-env',
      }),
    );
  }
  const keySecrets = [
    ...(stateKey?.spellings ?? []).map((value) => ({ name: 'state key', value })),
    ...(signKey?.spellings ?? []).map((value) => ({ name: 'signing key', value })),
  ];
  const isSecret = (name: string) => looksLikeSecret(name) || redact(name);
  const reaches = (name: string) => pass(name) || ROLES.some((role) => needsVariable(plan.roles[role], name));
  const passed = Object.keys(env).filter(
    (name) => env[name] !== undefined && reaches(name) && isSecret(name) && !withheld.has(name),
  );
  return ok({
    mask: createMask([...secrets, ...keySecrets]),
    isSecret,
    pass,
    withheld,
    passedSecrets: passed.sort(),
    tooShort: tooShort.map((one) => one.name).sort(),
  });
}

/**
 * Secrets that `--pass-env` handed to stages and that the caller does not have now: a stage still to run would
 * start without them (spec section 5), so the resume is refused, exit 2, by name.
 */
export function refuseLostSecrets(
  document: RunDocument,
  standing: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<void, Failure> {
  const lost = document.config.passed_secrets.filter((name) => (env[name] ?? '') === '');
  const runs = ['planning', 'execution', 'validation'].some((stage) => !standing.includes(stage));
  if (lost.length === 0 || !runs) return ok(undefined);
  return fail(
    failure('precondition', `--resume: ${lost.join(', ')} was passed to the stages and is not set now`, {
      remedy: `set ${lost.join(', ')} in the environment, then --resume`,
    }),
  );
}
