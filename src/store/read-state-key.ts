import { type Failure, failure } from '../core/failure.ts';
import { fail, type Result } from '../core/result.ts';
import type { StateKeySource } from '../core/run-plan.ts';
import { parseStateKey, STATE_KEY_BYTES, type StateKey } from '../formats/state-key.ts';
import type { Refusal } from './read-descriptor.ts';
import { readKeyContent } from './read-key-content.ts';

/** One byte for the newline, and one that shows that there is more. */
const READ_BYTES = STATE_KEY_BYTES.max + 2;

const MAKE_ONE = 'make one with: (umask 077; openssl rand -hex 32 > FILE)';

/** Reads the key once. `precondition` (exit 2) when it is not there or cannot be a key; no message shows any of it. */
export async function readStateKey(source: StateKeySource): Promise<Result<StateKey, Failure>> {
  const flag = source.from === 'file' ? `--state-key-file ${source.path}` : `--state-key-fd ${source.fd}`;
  const refuse = ({ problem, remedy }: Refusal) =>
    fail(failure('precondition', `${flag}: ${problem}`, { remedy }));
  const content = await readKeyContent(source, READ_BYTES, MAKE_ONE);
  if (!content.ok) return refuse(content.failure);
  const key = parseStateKey(content.value);
  return key.ok ? key : refuse({ problem: key.failure, remedy: MAKE_ONE });
}
