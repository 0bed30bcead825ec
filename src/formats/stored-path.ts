import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The folders that stored paths are relative to; both absolute. */
export interface StoredRoots {
  readonly repoRoot: string;
  readonly outDir: string;
}

/** Whether `path` is `folder` or lies in it; both absolute and normalised. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || !(rest === '..' || rest.startsWith(`..${sep}`) || isAbsolute(rest));
}

/**
 * Evidence can move between machines (spec section 5): a path in out_dir is stored as `out:<rest>`, one in
 * repo-root as `repo:<rest>`, any other stays absolute.
 */
export function storePath(path: string, roots: StoredRoots): string {
  if (isInside(roots.outDir, path)) return `out:${slashed(relative(roots.outDir, path))}`;
  if (isInside(roots.repoRoot, path)) return `repo:${slashed(relative(roots.repoRoot, path))}`;
  return path;
}

/** The path that a stored one means here. */
export function loadPath(stored: string, roots: StoredRoots): string {
  if (stored.startsWith('out:')) return join(roots.outDir, stored.slice('out:'.length));
  if (stored.startsWith('repo:')) return join(roots.repoRoot, stored.slice('repo:'.length));
  return stored;
}

/** What a name that is looked up on PATH is stored behind where it could be read as a stored path. */
const ON_PATH = 'path:';

/** A binary as evidence stores it: a path like any other, or a name that is looked up on PATH. */
export function storeBinary(bin: string, roots: StoredRoots): string {
  if (isAbsolute(bin)) return storePath(bin, roots);
  return /^(out|repo|path):/.test(bin) ? `${ON_PATH}${bin}` : bin;
}

/** The binary that a stored one means here. */
export function loadBinary(stored: string, roots: StoredRoots): string {
  return stored.startsWith(ON_PATH) ? stored.slice(ON_PATH.length) : loadPath(stored, roots);
}

/** repo-root itself: relative to out_dir where out_dir lies in it, so that a checkout can be elsewhere later. */
export function storeRepoRoot(roots: StoredRoots): string {
  return isInside(roots.repoRoot, roots.outDir)
    ? `out:${slashed(relative(roots.outDir, roots.repoRoot))}`
    : roots.repoRoot;
}

/** The repo-root that a stored one means for this out_dir. */
export function loadRepoRoot(stored: string, outDir: string): string {
  return stored.startsWith('out:') ? resolve(outDir, stored.slice('out:'.length)) : stored;
}

/** How a stored path reads to a person who stands in the repository. */
export function displayPath(stored: string): string {
  if (stored.startsWith('repo:')) return stored.slice('repo:'.length) || '.';
  return stored.startsWith('out:') ? `<out>/${stored.slice('out:'.length)}` : stored;
}

/** Only the platform's own separator: a backslash is a character like any other where it separates nothing. */
function slashed(path: string): string {
  return path.split(sep).join('/');
}
