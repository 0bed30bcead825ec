import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { unreachable } from '../../core/unreachable.ts';
import { authenticatedText, type Checkpoint } from '../../formats/checkpoint.ts';
import type { StateKey } from '../../formats/state-key.ts';

/**
 * Whether evidence was written with the state key: `unauthenticated` has no MAC, `not-checked` has one and no key
 * was given to check it with.
 */
export type Authenticity = 'authenticated' | 'unauthenticated' | 'not-checked';

/**
 * Holds a checkpoint to the key. With a key nothing is believed that was not written with it: not a checkpoint
 * without a MAC either, which is what is left when somebody takes the MAC off.
 */
export function judgeAuthenticity(
  checkpoint: Checkpoint,
  file: { readonly path: string; readonly bytes: Buffer },
  key: StateKey | null,
): Result<Authenticity, Failure> {
  const { authentication } = checkpoint;
  if (key === null) return ok(authentication === null ? 'unauthenticated' : 'not-checked');
  if (authentication === null) {
    const what = 'it is unauthenticated: written without a state key, or its MAC was taken off';
    return fail(refusal('evidence_tampered', file.path, what));
  }
  if (authentication.key_id !== key.id) {
    const what = `expected the state key ${authentication.key_id}, got ${key.id}`;
    return fail(refusal('checkpoint_unreadable', file.path, what));
  }
  const text = authenticatedText(file.bytes.toString('utf8'), checkpoint);
  if (key.checkpoint.verifies(text, authentication.mac)) return ok('authenticated');
  return fail(
    refusal('evidence_tampered', file.path, 'its MAC is not that of its content under the state key'),
  );
}

/** In words, for a line of `verify` and of `report`. */
export function describeAuthenticity(evidence: {
  readonly authenticity: Authenticity;
  readonly checkpoint: Checkpoint;
}): string {
  const id = evidence.checkpoint.authentication?.key_id ?? '';
  switch (evidence.authenticity) {
    case 'authenticated':
      return `the checkpoint was written with the state key ${id}; report and audit log by their own checks`;
    case 'unauthenticated':
      return 'unauthenticated: evidence forged as a whole would not be seen';
    case 'not-checked':
      return `it names the state key ${id}, and no key was given to check that with`;
    default:
      return unreachable(evidence.authenticity);
  }
}

function refusal(reason: 'evidence_tampered' | 'checkpoint_unreadable', path: string, what: string): Failure {
  const remedy =
    reason === 'checkpoint_unreadable'
      ? 'it was left untouched: give the key it was written with, or start a fresh run without --resume'
      : 'it was left untouched: put back a good copy, or start a fresh run without --resume';
  return failure(reason, `${path}: ${what}`, { remedy });
}

/** Evidence with a MAC is not gone on with unseen: `precondition`, exit 2, with everything left as it is. */
export function refuseWithoutKey(authenticity: Authenticity, checkpoint: Checkpoint): Result<void, Failure> {
  if (authenticity !== 'not-checked') return ok(undefined);
  const id = checkpoint.authentication?.key_id ?? '';
  return fail(
    failure(
      'precondition',
      `--resume: the evidence is authenticated with the state key ${id}, and no key was given`,
      {
        remedy:
          'give it again with --state-key-file or --state-key-fd, or start a fresh run without --resume',
      },
    ),
  );
}
