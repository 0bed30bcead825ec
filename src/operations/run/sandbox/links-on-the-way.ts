import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { isInside } from '../../../formats/stored-path.ts';
import { errnoOf } from '../../../store/io-failure.ts';

/** As many as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * The first link on the way of an absolute path that lies in one of `folders`, by its real place; null where there is
 * none. Whoever can write there decides what the path leads to.
 */
export function linkOnTheWay(path: string, folders: readonly string[]): string | null {
  let at = '/';
  let followed = 0;
  const left = path.split('/');
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const next = name === '..' ? dirname(at) : join(at, name);
    const target = next === at ? null : linkAt(next);
    if (target === null) at = next;
    else {
      followed += 1;
      if (followed > MAX_LINKS || folders.some((folder) => isInside(folder, next))) return next;
      left.unshift(...target.split('/'));
      if (isAbsolute(target)) at = '/';
    }
  }
  return null;
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
