import { join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { durableWrite, fsyncFolder, type RandomHex } from '../durable-write.ts';
import { lstatOrNull } from '../file-kind.ts';
import { unwritable } from '../io-failure.ts';
import { type EvidencePaths, LAYOUT } from '../layout.ts';
import { ensureFolder } from '../out-dir.ts';
import { readRegularFile } from '../read-regular-file.ts';

/**
 * Keeps bytes under their SHA-256 in `<out>/artifacts/`. What is there already with the right content stays, unless
 * it has a second name by which it could be changed.
 */
export function keepCopy(
  paths: EvidencePaths,
  content: { readonly bytes: Buffer; readonly sha256: string },
  random: RandomHex,
): Result<string, Failure> {
  const folder = ensureFolder(paths.artifacts, paths.outDir);
  if (!folder.ok) return folder;
  const file = join(paths.artifacts, content.sha256);
  const there = readRegularFile(file, content.bytes.length);
  const stored = ok(`${LAYOUT.artifacts}/${content.sha256}`);
  const isKept = there.kind === 'bytes' && there.bytes.equals(content.bytes);
  try {
    if (isKept && lstatOrNull(file)?.nlink === 1) {
      // A run that was killed between rename and fsync has left its name to chance.
      fsyncFolder(paths.artifacts);
      return stored;
    }
  } catch (error) {
    return fail(unwritable(file, error));
  }
  const written = durableWrite(file, content.bytes, { random, mode: 0o600 });
  return written.ok ? stored : written;
}
