import { accessSync, constants, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isInside } from '../formats/stored-path.ts';
import { describeKind, lstatOrNull } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { realOrSame } from './real-path.ts';

/** An out_dir that can be used. */
export interface InspectedOutDir {
  /** Its real path: everything that follows uses this one. */
  readonly path: string;
  readonly exists: boolean;
  /** Whether it lies inside (or is) repo-root: then it gets a `.gitignore`. */
  readonly insideRepo: boolean;
}

/**
 * Whether `outDir` (absolute) can hold a run's evidence; writes nothing. Exit 2 with what is wrong when it
 * cannot (spec section 5): a file, a dangling link, unwritable, a file on the way, or touching a `.git`.
 * Whether tracked files are inside is for git to say.
 */
export function inspectOutDir(
  outDir: string,
  repo: { readonly repoRoot: string; readonly gitDirs: readonly string[] },
): Result<InspectedOutDir, Failure> {
  if (outDir.includes('\0')) return refuse('out_dir', 'a path without a zero byte', 'one with it');
  try {
    const place = locate(outDir);
    if (!place.ok) return place;
    const { path, exists, parent } = place.value;
    const writable = checkWritable(parent);
    if (!writable.ok) return writable;
    const apart = checkGitFolders(path, [...repo.gitDirs, join(repo.repoRoot, '.git')]);
    if (!apart.ok) return apart;
    return ok({ path, exists, insideRepo: isInside(realOrSame(repo.repoRoot), path) });
  } catch (error) {
    return refuse(outDir, 'a folder that can be used', describeErrno(errnoOf(error)));
  }
}

function refuse(path: string, expected: string, got: string): Result<never, Failure> {
  return fail(
    failure('precondition', `${path}: expected ${expected}, got ${got}`, {
      remedy: 'choose another out_dir',
    }),
  );
}

interface Place {
  readonly path: string;
  readonly exists: boolean;
  /** The nearest folder on the way that exists: out_dir itself, where it does. */
  readonly parent: string;
}

/** Resolves what exists of the path; what does not exist is taken as written. */
function locate(outDir: string): Result<Place, Failure> {
  let parent = outDir;
  const missing: string[] = [];
  for (;;) {
    const there = lstatOrNull(parent);
    if (there !== null) {
      const folder = followToFolder(parent, there);
      if (!folder.ok) return folder;
      return ok({ path: join(folder.value, ...missing), exists: missing.length === 0, parent: folder.value });
    }
    missing.unshift(basename(parent));
    parent = dirname(parent);
  }
}

function followToFolder(path: string, there: Stats): Result<string, Failure> {
  if (!there.isSymbolicLink()) {
    return there.isDirectory()
      ? ok(realpathSync.native(path))
      : refuse(path, 'a folder', describeKind(there));
  }
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return refuse(path, 'a folder', 'a symbolic link to nothing');
  if (!target.isDirectory()) return refuse(path, 'a folder', `a symbolic link to ${describeKind(target)}`);
  return ok(realpathSync.native(path));
}

function checkWritable(folder: string): Result<void, Failure> {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    return refuse(folder, 'a folder that can be written', describeErrno(errnoOf(error)));
  }
}

function checkGitFolders(path: string, gitDirs: readonly string[]): Result<void, Failure> {
  for (const given of gitDirs) {
    if (lstatOrNull(given) === null) continue;
    const gitDir = realOrSame(given);
    if (isInside(gitDir, path))
      return refuse(path, 'a folder outside the repository store', `one in ${gitDir}`);
    if (isInside(path, gitDir)) return refuse(path, 'a folder of its own', `one that contains ${gitDir}`);
  }
  return ok(undefined);
}
