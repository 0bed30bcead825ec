import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { fsyncFolder } from '../durable-write.ts';
import { describeKind, lstatOrNull } from '../file-kind.ts';
import { unwritable } from '../io-failure.ts';

/** Makes sure that the lock's folder is one, ours alone; something else in its place is exit 2. */
export function ensureLockFolder(folder: string): Result<void, Failure> {
  try {
    // Without `recursive`, which would follow a symbolic link that somebody has put there.
    if (lstatOrNull(folder) === null) createFolder(folder);
    const there = lstatOrNull(folder);
    if (there?.isDirectory() === true) return ok(undefined);
    const what = there === null ? 'nothing' : describeKind(there);
    return fail(
      failure('precondition', `expected the lock folder at ${folder}, got ${what}`, {
        remedy: `remove ${folder}, or choose another out_dir`,
      }),
    );
  } catch (error) {
    return fail(unwritable(folder, error, 'create'));
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another contender was faster; what it has made is looked at like anything else.
    if (lstatOrNull(folder) === null) throw error;
  }
  fsyncFolder(dirname(folder));
}
