import { relative, sep } from 'node:path';
import { displayKey, isWithin, keyOf } from './path-bytes.ts';
import { realpathOfNearest } from './work-tree.ts';

/** Whether the path of this key (relative to repo-root) is left out of the content tree. */
export type PathFilter = (key: string) => boolean;

export interface PathFilterRequest {
  /** Repo-root as given and as its real path: excludes may be written either way. */
  readonly roots: readonly string[];
  /** Absolute paths of files and folders that are the orchestrator's own. */
  readonly excludes: readonly string[];
  /**
   * Picomatch patterns over the whole path from repo-root (`*.log` is the top folder's, `**` goes deeper). A match
   * on a folder takes what is in it. Dot files match like any other.
   */
  readonly ignoreGlobs: readonly string[];
}

/**
 * Builds the filter; picomatch is only loaded when there are patterns. An exclude that is or holds repo-root
 * leaves nothing out: a content tree that is always empty would never differ.
 */
export async function pathFilter(request: PathFilterRequest): Promise<PathFilter> {
  const own = excludedKeys(request);
  const isOwn: PathFilter = (key) => own.some((place) => key === place || key.startsWith(`${place}/`));
  if (request.ignoreGlobs.length === 0) return isOwn;
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch([...request.ignoreGlobs], { dot: true });
  const isIgnored: PathFilter = (key) => {
    for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1)) {
      if (matches(displayKey(key.slice(0, end)))) return true;
    }
    return matches(displayKey(key));
  };
  return (key) => isOwn(key) || isIgnored(key);
}

function excludedKeys(request: PathFilterRequest): string[] {
  const keys = new Set<string>();
  for (const exclude of request.excludes) {
    for (const form of [exclude, realpathOfNearest(exclude)]) {
      for (const root of request.roots) {
        if (form !== root && isWithin(root, form)) keys.add(keyOf(relative(root, form).split(sep).join('/')));
      }
    }
  }
  return [...keys];
}
