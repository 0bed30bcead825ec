import type { Finding } from '../../core/doctor/finding.ts';
import { judgeKey, refused } from '../../core/doctor/judge-plan.ts';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import type { KeySource, RunRequest } from '../../core/run-plan.ts';
import type { RunKeys } from '../run/run-keys.ts';
import { refuseKeyPlace } from '../run/state-key-place.ts';
import { signingKeyOf } from '../signing-keys.ts';
import { stateKeyOf } from '../state-key.ts';
import type { Scene } from './scene.ts';

/** The keys that could be read: they are masked like everywhere; and what was found on the way. */
export interface ReadKeys {
  readonly keys: RunKeys;
  readonly findings: readonly Finding[];
}

/** Reads the files of secret keys as a run would. A descriptor is the run's to read: it is left alone. */
export async function probeKeys(request: RunRequest): Promise<ReadKeys> {
  const state = await read(request.stateKey, stateKeyOf);
  const sign = await read(request.signKey, signingKeyOf);
  return {
    keys: { stateKey: state?.value ?? null, signKey: sign?.value ?? null },
    findings: [
      ...(state === null ? [] : [judgeKey({ flag: '--state-key', read: state.read })]),
      ...(sign === null ? [] : [judgeKey({ flag: '--sign-key', read: sign.read })]),
    ],
  };
}

async function read<Key>(
  source: KeySource | null,
  open: (source: KeySource) => Promise<Result<Key | null, Failure>>,
): Promise<{ readonly value: Key | null; readonly read: Result<void, Failure> | null } | null> {
  if (source === null) return null;
  if (source.from === 'descriptor') return { value: null, read: null };
  const key = await open(source);
  return key.ok ? { value: key.value, read: ok(undefined) } : { value: null, read: key };
}

/** Where the keys lie, and the public keys that approvals are checked with. */
export async function probeKeyPlaces({ request, plan, ground }: Scene): Promise<readonly Finding[]> {
  const place = ground.ok ? refuseKeyPlace(request, ground.value, plan) : ok(undefined);
  const { readVerifyingKey } = await import('../../store/read-signing-key.ts');
  const approvers = plan.closure.approver_keys.map((path) => {
    const key = readVerifyingKey(path, '--approver-key');
    return judgeKey({ flag: `--approver-key ${path}`, read: key.ok ? ok(undefined) : key });
  });
  const means = 'a run is refused, exit 2';
  return [...(place.ok ? [] : [refused({ check: 'key', means }, place.failure)]), ...approvers];
}
