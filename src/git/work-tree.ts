/**
 * Whether a folder lies in a git work tree, found with `node:fs` alone: where there is none, no git process is
 * ever started. The repository's configuration (`core.worktree`, `core.bare`) has no say in it.
 */
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { codeOf, readBounded } from './bounded-read.ts';
import { isWithin } from './path-bytes.ts';

/** Where a repository keeps its own files; all real paths. They differ in a linked work tree. */
export interface GitDirs {
  /** HEAD and index. */
  readonly gitDir: string;
  /** objects, branches and config. */
  readonly commonDir: string;
}

export interface WorkTree extends GitDirs {
  /** The real path of the folder that was asked about. */
  readonly root: string;
  /** The folder that holds `.git`; a real path. */
  readonly topLevel: string;
  /** From `topLevel` to `root`, with `/`; empty where they are the same. */
  readonly prefix: string;
}

/** What `.git` in one folder is. `broken` is a `.git` file that leads nowhere: git itself refuses to go on there. */
export type DotGit =
  | ({ readonly kind: 'repository' } & GitDirs)
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly why: string };

/**
 * The work tree that `root` is the top of or lies in, or null when it lies in none (a bare repository and the
 * inside of a `.git` are none). `git_failed` when `root` cannot be read or its `.git` leads nowhere.
 */
export function findWorkTree(root: string): Result<WorkTree | null, Failure> {
  let real: string;
  try {
    real = realpathSync(root);
  } catch (error) {
    return fail(failure('git_failed', `${root}: expected a folder that can be read, got ${codeOf(error)}`));
  }
  for (let folder = real; ; folder = dirname(folder)) {
    const found = dotGitOf(folder);
    if (found.kind === 'broken') return fail(brokenDotGit(folder, found.why));
    if (found.kind === 'repository') {
      if (isWithin(found.gitDir, real) || isWithin(found.commonDir, real)) return ok(null);
      const prefix = relative(folder, real).split(sep).join('/');
      return ok({ root: real, topLevel: folder, prefix, gitDir: found.gitDir, commonDir: found.commonDir });
    }
    if (dirname(folder) === folder) return ok(null);
  }
}

/** What `.git` in exactly this folder is, by git's own rules for it (gitrepository-layout). */
export function dotGitOf(folder: string): DotGit {
  const dotGit = join(folder, '.git');
  const stat = statOf(dotGit);
  if (stat?.isDirectory() === true) return repositoryAt(dotGit) ?? { kind: 'none' };
  if (stat?.isFile() !== true) return { kind: 'none' };
  const read = readBounded(dotGit, 65_536);
  if (read.kind !== 'bytes') return { kind: 'broken', why: 'cannot be read' };
  const target = /^gitdir: ([^\0]*?)[\r\n]*$/.exec(read.bytes.toString('utf8'))?.[1];
  if (target === undefined || target === '') return { kind: 'broken', why: 'is not "gitdir: <path>"' };
  return (
    repositoryAt(resolve(folder, target)) ?? {
      kind: 'broken',
      why: `names no git folder (${JSON.stringify(target)})`,
    }
  );
}

/** Whether `folder` is, contains or lies in the `.git` of a work tree (spec section 5). The folder need not exist. */
export function touchesGitDir(tree: WorkTree, folder: string): boolean {
  const real = realpathOfNearest(folder);
  const places = [tree.gitDir, tree.commonDir, join(tree.topLevel, '.git')];
  return places.some((place) => isWithin(place, real) || isWithin(real, place));
}

/** The real path of something that may not exist yet: that of its nearest folder that does, and the rest as given. */
export function realpathOfNearest(path: string): string {
  const absolute = resolve(path);
  for (let folder = absolute; ; folder = dirname(folder)) {
    try {
      return join(realpathSync(folder), relative(folder, absolute));
    } catch {
      if (dirname(folder) === folder) return absolute;
    }
  }
}

function repositoryAt(gitDir: string): DotGit | null {
  try {
    const real = realpathSync(gitDir);
    const pointer = readBounded(join(real, 'commondir'), 65_536);
    const commonDir =
      pointer.kind === 'bytes' ? realpathSync(resolve(real, pointer.bytes.toString('utf8').trimEnd())) : real;
    const whole =
      hasHead(real) &&
      statOf(join(commonDir, 'objects'))?.isDirectory() === true &&
      statOf(join(commonDir, 'refs'))?.isDirectory() === true;
    return whole ? { kind: 'repository', gitDir: real, commonDir } : null;
  } catch {
    return null;
  }
}

function hasHead(gitDir: string): boolean {
  const head = join(gitDir, 'HEAD');
  try {
    if (lstatSync(head).isSymbolicLink()) return true;
  } catch {
    return false;
  }
  const read = readBounded(head, 65_536);
  return read.kind === 'bytes' && /^(?:ref:\s*refs\/|[0-9a-f]{40})/.test(read.bytes.toString('latin1'));
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function brokenDotGit(folder: string, why: string): Failure {
  return failure('git_failed', `${join(folder, '.git')} ${why}, expected a repository`, {
    remedy: `make the repository reachable (mount its git folder, git worktree repair), or remove ${join(folder, '.git')}`,
  });
}
