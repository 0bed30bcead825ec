import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import type { SigningKey } from '../../formats/signing-key.ts';
import type { StateKey } from '../../formats/state-key.ts';
import { signingKeyOf } from '../signing-keys.ts';
import { stateKeyOf } from '../state-key.ts';

/** The secret keys of one invocation. */
export interface RunKeys {
  /** Authenticates checkpoint and audit log. */
  readonly stateKey: StateKey | null;
  /** Signs the report. */
  readonly signKey: SigningKey | null;
}

/** Reads both, and closes their descriptors: what is started later must not find them open. */
export async function readRunKeys(
  request: Pick<RunRequest, 'stateKey' | 'signKey'>,
): Promise<Result<RunKeys, Failure>> {
  const stateKey = await stateKeyOf(request.stateKey);
  if (!stateKey.ok) return stateKey;
  const signKey = await signingKeyOf(request.signKey);
  return signKey.ok ? ok({ stateKey: stateKey.value, signKey: signKey.value }) : signKey;
}
