import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Larger files are told by size and time: those of these tests are holes. */
const MAX_DIGESTED = 16 * 1024 * 1024;

/** Everything at and below a path, by name: kind, mode, size, time of change, content. Equal where nothing was written. */
export function folderState(path: string, name = '.'): Readonly<Record<string, string>> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { [name]: 'nothing' };
  const facts = [stats.mode, stats.uid, stats.size, stats.mtimeMs, stats.ctimeMs, contentOf(path, stats)];
  const below = stats.isDirectory() ? readdirSync(path).sort() : [];
  const states = below.map((one) => folderState(join(path, one), join(name, one)));
  return Object.assign({ [name]: facts.join(' ') }, ...states);
}

function contentOf(path: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return readlinkSync(path);
  if (!stats.isFile() || stats.size > MAX_DIGESTED) return '';
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
