import { lstatSync, readdirSync } from 'node:fs';
import { fsPathOf, keyOf } from './path-bytes.ts';
import type { PathFilter } from './path-filter.ts';

/** What a plain folder is told with: enough for a picture, bounded in work. */
export const MAX_WALKED = 20_000;

export interface Walked {
  /** Files and links, as keys from `root`; folders are entered in byte order, links are not followed. */
  readonly keys: readonly string[];
  /** Whether the bound was met before the end. */
  readonly truncated: boolean;
}

/** The files of a folder that is no git work tree. `.git` and `node_modules` are left out, unreadable folders too. */
export function walkFolder(root: string, leaveOut: PathFilter, max = MAX_WALKED): Walked {
  const rootKey = keyOf(root);
  const keys: string[] = [];
  const stack = [''];
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    const folders: string[] = [];
    for (const name of namesIn(`${rootKey}/${folder}`)) {
      const key = folder + name;
      if (name === '.git' || name === 'node_modules' || leaveOut(key)) continue;
      if (keys.length >= max) return { keys: keys.sort(), truncated: true };
      const stat = lstatSync(fsPathOf(`${rootKey}/${key}`), { throwIfNoEntry: false });
      if (stat?.isDirectory() === true) folders.push(`${key}/`);
      else if (stat?.isFile() === true || stat?.isSymbolicLink() === true) keys.push(key);
    }
    stack.push(...folders.reverse());
  }
  return { keys: keys.sort(), truncated: false };
}

function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(fsPathOf(folder), { encoding: 'buffer' });
    return names.map((name) => name.toString('latin1')).sort();
  } catch {
    return [];
  }
}
