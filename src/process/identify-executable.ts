import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExecutableRecord } from '../core/records.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { scriptArgument } from './script-argument.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A named pipe in a file's place would be waited for without end, and no signal heard meanwhile. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The two files that decide what is executed; `script` is null unless the binary is an interpreter with one. */
export interface ExecutableIdentity {
  readonly binary: ExecutableRecord;
  readonly script: ExecutableRecord | null;
}

/** A change within this of the last one may leave a file's times as they were (coarse clocks), ms. */
const RACY_MS = 2_000;

/** Digests of this process, by what identifies a file's content (device, inode, size, both times in ns). */
export interface DigestCache {
  readonly digests: Map<string, string>;
  /** Unix ms: files that changed just now are not remembered. */
  readonly now: () => number;
}

/**
 * SHA-256 and size of the binary and of the script an interpreter is given. `file` is absolute, a script is
 * looked for from `cwd`; one that is not there is left to the interpreter to complain about. The failure, in
 * words, means that a file cannot be read. `path` in the records is absolute.
 */
export function identifyExecutable(
  command: { readonly file: string; readonly args: readonly string[]; readonly cwd: string },
  cache: DigestCache,
): Result<ExecutableIdentity, string> {
  const binary = digestFile(command.file, cache);
  if (!binary.ok) return binary;
  const named = scriptArgument(command.file, command.args);
  const script = named === null ? null : digestFile(resolve(command.cwd, named), cache);
  return ok({ binary: binary.value, script: script?.ok === true ? script.value : null });
}

function digestFile(path: string, cache: DigestCache): Result<ExecutableRecord, string> {
  let fd: number;
  try {
    fd = openSync(path, FLAGS);
  } catch (error) {
    return fail(`cannot read ${path}: ${messageOf(error)}`);
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) return fail(`${path} is not a regular file`);
    const key = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
    const sha256 = cache.digests.get(key) ?? digest(fd);
    if (cache.now() - Number(stat.ctimeMs) > RACY_MS) cache.digests.set(key, sha256);
    return ok({ path, sha256, bytes: Number(stat.size) });
  } catch (error) {
    return fail(`cannot read ${path}: ${messageOf(error)}`);
  } finally {
    closeSync(fd);
  }
}

/** In pieces: a runtime of 100 MB and more must not be in memory whole. */
function digest(fd: number): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let at = 0; ; ) {
    const length = readSync(fd, buffer, 0, CHUNK_BYTES, at);
    if (length === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, length));
    at += length;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
