import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { StageExecution, StreamRecord } from '../../core/records.ts';
import { isInside, loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { OPEN_SAFELY } from '../../store/read-regular-file.ts';

const TAIL_BYTES = 16 * 1024;

export interface LogTail {
  readonly stream: 'stderr' | 'stdout';
  /** The last lines that are not empty, raw. */
  readonly lines: readonly string[];
}

/** The end of what an attempt printed: of stderr, and where that is empty of stdout; null where there is none. */
export function logTail(execution: StageExecution, roots: StoredRoots, count: number): LogTail | null {
  for (const stream of ['stderr', 'stdout'] as const) {
    const lines = streamTail(execution[stream], roots, count);
    if (lines.length > 0) return { stream, lines };
  }
  return null;
}

/** The last `count` lines of one stream that are not empty, raw; none where its log cannot be read. */
export function streamTail(
  stream: StreamRecord | null,
  roots: StoredRoots,
  count: number,
): readonly string[] {
  return stream === null ? [] : lastLines(stream.log, roots, count);
}

function lastLines(stored: string, roots: StoredRoots, count: number): readonly string[] {
  const loaded = loadPath(stored, roots);
  const text = readTail(isAbsolute(loaded) ? loaded : join(roots.outDir, loaded), roots.outDir);
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}

/** Only what really lies in out_dir is shown: a checkpoint that was written by hand names any file it likes. */
function readTail(path: string, outDir: string): string {
  let descriptor: number | null = null;
  try {
    if (!isInside(realpathSync.native(outDir), realpathSync.native(path))) return '';
    descriptor = openSync(path, OPEN_SAFELY);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return '';
    const from = Math.max(0, stats.size - TAIL_BYTES);
    const buffer = Buffer.alloc(stats.size - from);
    const length = readSync(descriptor, buffer, 0, buffer.length, from);
    const text = buffer.toString('utf8', 0, length);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch {
    return '';
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
