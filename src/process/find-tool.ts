import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isInside } from '../formats/stored-path.ts';
import { isExecutableFile } from './shebang.ts';

/** The absolute entries of a PATH: what a relative one means depends on who stands where. */
export function absoluteEntries(path: string): readonly string[] {
  return path.split(delimiter).filter((entry) => isAbsolute(entry));
}

/**
 * A tool of ours that PATH names, as an absolute path; null when there is none. One inside `workTree` (say
 * `node_modules/.bin`, which npm puts first on PATH) is passed over: an agent could have put it there.
 */
export function findTool(name: string, path: string, workTree: string): string | null {
  for (const folder of absoluteEntries(path)) {
    const candidate = join(folder, name);
    if (isExecutableFile(candidate) && !isInside(workTree, realpathSync(folder))) return candidate;
  }
  return null;
}
