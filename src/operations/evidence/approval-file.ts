import { basename, dirname, join } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { MAX_ENVELOPE_BYTES, parseEnvelope } from '../../formats/dsse.ts';
import { isInside } from '../../formats/stored-path.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';
import { realOrSame } from '../../store/real-path.ts';
import type { Approvable } from './approvable.ts';

/**
 * Where an approval is written: where it was asked for, else beside out_dir as `<out>.<gate>.<keyid8>.json`. In the
 * work tree it would be a change that nobody has validated, and a file that is no approval by this key is somebody's
 * work: both are exit 2.
 */
export function approvalFile(
  request: { readonly write: string | null; readonly gate: string },
  found: Approvable,
  keyId: string,
): Result<string, Failure> {
  const name = `${basename(found.outDir)}.${request.gate}.${keyId.slice(0, 8)}.json`;
  const asked = request.write ?? join(dirname(found.outDir), name);
  const file = join(realOrSame(dirname(asked)), basename(asked));
  const inTree = found.workTree !== null && isInside(realOrSame(found.workTree), file);
  if (inTree && !isInside(found.outDir, file)) {
    const remedy = `name one with --write, outside the repository or in out_dir: --write ${join(found.outDir, name)}`;
    return refuse(`${file}: expected a file outside the work tree, which was validated as it is`, remedy);
  }
  const there = readRegularFile(file, MAX_ENVELOPE_BYTES);
  return there.kind === 'missing' || isBy(keyId, there)
    ? ok(file)
    : refuse(
        `${file}: expected nothing there, or an earlier approval by the same key`,
        'name another file with --write',
      );
}

function isBy(keyId: string, there: ReturnType<typeof readRegularFile>): boolean {
  if (there.kind !== 'bytes') return false;
  const envelope = parseEnvelope(there.bytes);
  return envelope.ok && envelope.value.signatures.every((one) => one.keyId === keyId);
}

function refuse(message: string, remedy: string): Result<never, Failure> {
  return fail(failure('precondition', message, { remedy }));
}
