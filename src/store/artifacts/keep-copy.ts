import { join } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { durableWrite, type RandomHex } from '../durable-write.ts';
import { type EvidencePaths, LAYOUT } from '../layout.ts';
import { ensureFolder } from '../out-dir.ts';
import { readRegularFile } from '../read-regular-file.ts';

/** Keeps bytes under their SHA-256 in `<out>/artifacts/`; what is there already with the right content stays. */
export function keepCopy(
  paths: EvidencePaths,
  content: { readonly bytes: Buffer; readonly sha256: string },
  random: RandomHex,
): Result<string, Failure> {
  const folder = ensureFolder(paths.artifacts, paths.outDir);
  if (!folder.ok) return folder;
  const file = join(paths.artifacts, content.sha256);
  const there = readRegularFile(file, content.bytes.length);
  const same = there.kind === 'bytes' ? there.bytes.equals(content.bytes) : false;
  if (!same) {
    const written = durableWrite(file, content.bytes, { random, mode: 0o600 });
    if (!written.ok) return written;
  }
  return ok(`${LAYOUT.artifacts}/${content.sha256}`);
}
