import { type Failure, failure } from '../core/failure.ts';
import { fail, type Result } from '../core/result.ts';
import type { KeySource } from '../core/run-plan.ts';
import {
  MAKE_PUBLIC_KEY,
  MAKE_SIGNING_KEY,
  MAX_KEY_FILE_BYTES,
  parseSigningKey,
  parseVerifyingKey,
  type SigningKey,
  type VerifyingKey,
} from '../formats/signing-key.ts';
import { readKeyContent, readPublicKeyContent } from './read-key-content.ts';

/** One byte shows that there is more. */
const READ_BYTES = MAX_KEY_FILE_BYTES + 1;

/**
 * Reads a private key once; `flag` is what named it, as `--sign-key`. `precondition` (exit 2) when it is not there or
 * cannot be one; no message shows any of it.
 */
export async function readSigningKey(source: KeySource, flag: string): Promise<Result<SigningKey, Failure>> {
  const named = source.from === 'file' ? `${flag} ${source.path}` : `${flag}-fd ${source.fd}`;
  const content = await readKeyContent(source, READ_BYTES, MAKE_SIGNING_KEY);
  if (!content.ok) return refusal(named, content.failure.problem, content.failure.remedy);
  const key = parseSigningKey(content.value);
  return key.ok ? key : refusal(named, key.failure, MAKE_SIGNING_KEY);
}

/** Reads a trusted public key; `precondition` (exit 2) when it is not there or cannot be one. */
export function readVerifyingKey(path: string, flag: string): Result<VerifyingKey, Failure> {
  const named = `${flag} ${path}`;
  const content = readPublicKeyContent(path, READ_BYTES, MAKE_PUBLIC_KEY);
  if (!content.ok) return refusal(named, content.failure.problem, content.failure.remedy);
  const key = parseVerifyingKey(content.value);
  return key.ok ? key : refusal(named, key.failure, MAKE_PUBLIC_KEY);
}

function refusal(named: string, problem: string, remedy: string): Result<never, Failure> {
  return fail(failure('precondition', `${named}: ${problem}`, { remedy }));
}
