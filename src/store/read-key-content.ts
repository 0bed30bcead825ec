import { closeSync, fstatSync, openSync, realpathSync, type Stats } from 'node:fs';
import { fail, ok, type Result } from '../core/result.ts';
import type { KeySource } from '../core/run-plan.ts';
import { describeKind } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { type Refusal, readDescriptor } from './read-descriptor.ts';
import { OPEN_SAFELY, readUpTo } from './read-regular-file.ts';

/**
 * Reads what a secret key's file or descriptor holds, `limit` bytes at most. A file that others can read is refused.
 * `makeOne` is how such a key is made, for who has none.
 */
export async function readKeyContent(
  source: KeySource,
  limit: number,
  makeOne: string,
): Promise<Result<Buffer, Refusal>> {
  if (source.from === 'descriptor') return readDescriptor(source.fd, limit);
  return readKeyFile(source.path, { limit, makeOne, judge: refusedSecret });
}

/** The same of a public key's file, which everybody may read. */
export function readPublicKeyContent(path: string, limit: number, makeOne: string): Result<Buffer, Refusal> {
  return readKeyFile(path, { limit, makeOne, judge: refusedKind });
}

interface KeyFile {
  readonly limit: number;
  readonly makeOne: string;
  readonly judge: (stats: Stats, path: string) => Refusal | null;
}

/** Links are followed: secrets are often mounted as one. What is judged is the file that is opened. */
function readKeyFile(path: string, { limit, makeOne, judge }: KeyFile): Result<Buffer, Refusal> {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(realpathSync.native(path), OPEN_SAFELY);
    const refused = judge(fstatSync(descriptor), path);
    return refused === null ? ok(readUpTo(descriptor, limit)) : fail(refused);
  } catch (error) {
    const problem = `expected a file that can be read, got: ${describeErrno(errnoOf(error))}`;
    return fail({ problem, remedy: makeOne });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function refusedKind(stats: Stats): Refusal | null {
  if (stats.isFile()) return null;
  const problem = `expected a regular file, got ${describeKind(stats)}`;
  return { problem, remedy: 'a secret key in a pipe is given as a descriptor' };
}

function refusedSecret(stats: Stats, path: string): Refusal | null {
  const refused = refusedKind(stats);
  // Windows has no such modes.
  if (refused !== null || process.platform === 'win32' || (stats.mode & 0o077) === 0) return refused;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const problem = `expected a file that only its owner can read, got mode ${mode}`;
  return { problem, remedy: `chmod 600 ${path}` };
}
