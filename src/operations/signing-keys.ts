import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { KeySource } from '../core/run-plan.ts';
import type { SigningKey, VerifyingKey } from '../formats/signing-key.ts';

/** The signing key that was asked for; without one nothing is loaded. `precondition` when it cannot be used. */
export async function signingKeyOf(
  source: KeySource | null,
  flag = '--sign-key',
): Promise<Result<SigningKey | null, Failure>> {
  if (source === null) return ok(null);
  const { readSigningKey } = await import('../store/read-signing-key.ts');
  return readSigningKey(source, flag);
}

/** The trusted public keys in these files, absolute; the first that cannot be used is `precondition`, exit 2. */
export async function verifyingKeysOf(
  paths: readonly string[],
  flag = '--key',
): Promise<Result<readonly VerifyingKey[], Failure>> {
  const { readVerifyingKey } = await import('../store/read-signing-key.ts');
  const keys: VerifyingKey[] = [];
  for (const path of paths) {
    const key = readVerifyingKey(path, flag);
    if (!key.ok) return key;
    if (!keys.some((one) => one.keyId === key.value.keyId)) keys.push(key.value);
  }
  return ok(keys);
}

/** A threshold that these keys can never reach is a mistake, not a verdict: `precondition`, exit 2. */
export function refuseThreshold(keys: readonly VerifyingKey[], threshold: number): Result<void, Failure> {
  if (threshold <= Math.max(1, keys.length)) return ok(undefined);
  const got = `expected as many different keys, got ${keys.length}`;
  return fail(
    failure('precondition', `--key-threshold ${threshold}: ${got}`, { remedy: 'give each with --key' }),
  );
}
