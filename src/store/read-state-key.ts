import { closeSync, fstatSync, openSync, realpathSync, type Stats } from 'node:fs';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { StateKeySource } from '../core/run-plan.ts';
import { parseStateKey, STATE_KEY_BYTES, type StateKey } from '../formats/state-key.ts';
import { describeKind } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { readDescriptor } from './read-descriptor.ts';
import { OPEN_SAFELY, readUpTo } from './read-regular-file.ts';

/** One byte for the newline, and one that shows that there is more. */
const READ_BYTES = STATE_KEY_BYTES.max + 2;

const MAKE_ONE = 'make one with: (umask 077; openssl rand -hex 32 > FILE)';

/** Reads the key once. `precondition` (exit 2) when it is not there or cannot be a key; no message shows any of it. */
export async function readStateKey(source: StateKeySource): Promise<Result<StateKey, Failure>> {
  const flag = source.from === 'file' ? `--state-key-file ${source.path}` : `--state-key-fd ${source.fd}`;
  const refuse = ({ problem, remedy }: Refusal) =>
    fail(failure('precondition', `${flag}: ${problem}`, { remedy }));
  const content =
    source.from === 'file' ? readKeyFile(source.path) : await readDescriptor(source.fd, READ_BYTES);
  if (!content.ok) return refuse(content.failure);
  const key = parseStateKey(content.value);
  return key.ok ? key : refuse({ problem: key.failure, remedy: MAKE_ONE });
}

/** Why a key cannot be read, in words, and what to do about it. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

/** Links are followed: secrets are often mounted as one. What is judged is the file that is opened. */
function readKeyFile(path: string): Result<Buffer, Refusal> {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(realpathSync.native(path), OPEN_SAFELY);
    const refused = refusedFile(fstatSync(descriptor), path);
    return refused === null ? ok(readUpTo(descriptor, READ_BYTES)) : fail(refused);
  } catch (error) {
    const problem = `expected a file that can be read, got: ${describeErrno(errnoOf(error))}`;
    return fail({ problem, remedy: MAKE_ONE });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function refusedFile(stats: Stats, path: string): Refusal | null {
  if (!stats.isFile()) {
    const problem = `expected a regular file, got ${describeKind(stats)}`;
    return { problem, remedy: 'a pipe is given with --state-key-fd' };
  }
  // Windows has no such modes.
  if (process.platform === 'win32' || (stats.mode & 0o077) === 0) return null;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const problem = `expected a file that only its owner can read, got mode ${mode}`;
  return { problem, remedy: `chmod 600 ${path}` };
}
