/**
 * A git folder of our own in front of the repository's objects. Git reads its configuration, hooks, attributes,
 * `info/exclude`, filters and refs from here, so the repository's have no say and no agent's code can be started
 * through them; index and `shallow` are copies, so nothing of the user's is ever written or locked. (Giving
 * GIT_DIR also means that git does no discovery and therefore asks nobody who owns the checkout.)
 */
import {
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { codeOf, readBounded } from './bounded-read.ts';
import type { GitDirs } from './work-tree.ts';

const INDEX_BYTES = 2 ** 31 - 1;

export interface PrivateGitDir {
  /** `GIT_DIR` … for a call that sees the copy of the index. */
  readonly withIndex: Readonly<Record<string, string>>;
  /** The same with no index at all: every file is untracked, and no flag in an index can hide one. */
  readonly withoutIndex: Readonly<Record<string, string>>;
  dispose(): void;
}

export interface PrivateGitDirRequest {
  readonly dirs: GitDirs;
  readonly topLevel: string;
  /** HEAD's commit, null when there is none yet. */
  readonly commit: string | null;
  /** An existing folder outside the repository, for temporary files. */
  readonly scratch: string;
}

/** Makes one. `git_failed` when the index cannot be copied; `evidence_unwritable` when `scratch` cannot be written. */
export function openPrivateGitDir(request: PrivateGitDirRequest): Result<PrivateGitDir, Failure> {
  let folder: string;
  try {
    folder = mkdtempSync(join(request.scratch, 'git-'));
  } catch (error) {
    return fail(failure('evidence_unwritable', `${request.scratch} cannot be written: ${codeOf(error)}`));
  }
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const filled = fill(folder, request);
    if (filled !== null) {
      dispose();
      return fail(filled);
    }
  } catch (error) {
    dispose();
    return fail(failure('evidence_unwritable', `${folder} cannot be written: ${codeOf(error)}`));
  }
  const common = { GIT_DIR: folder, GIT_WORK_TREE: request.topLevel };
  return ok({
    withIndex: { ...common, GIT_INDEX_FILE: join(folder, 'index') },
    withoutIndex: { ...common, GIT_INDEX_FILE: join(folder, 'no-index') },
    dispose,
  });
}

function fill(folder: string, request: PrivateGitDirRequest): Failure | null {
  mkdirSync(join(folder, 'refs'));
  // Not GIT_OBJECT_DIRECTORY: git would take it for the objects of every nested folder that it looks at, too.
  symlinkSync(join(request.dirs.commonDir, 'objects'), join(folder, 'objects'), 'junction');
  writeFileSync(join(folder, 'HEAD'), `${request.commit ?? 'ref: refs/heads/none'}\n`);
  writeFileSync(join(folder, 'config'), configFor(request));
  const sources = [
    join(request.dirs.gitDir, 'index'),
    ...sharedIndexes(request.dirs.gitDir),
    join(request.dirs.commonDir, 'shallow'),
  ];
  for (const source of sources) {
    const read = readBounded(source, INDEX_BYTES);
    if (read.kind === 'absent') continue;
    if (read.kind !== 'bytes') {
      return failure('git_failed', `${source}: expected a regular file that can be read, got ${read.kind}`);
    }
    writeFileSync(join(folder, basename(source)), read.bytes);
  }
  return null;
}

/** A split index keeps most of itself in these. */
function sharedIndexes(gitDir: string): string[] {
  const entries: Dirent[] = readdirSync(gitDir, { withFileTypes: true });
  return entries
    .filter((entry) => /^sharedindex\.[0-9a-f]+$/.test(entry.name))
    .map((entry) => join(gitDir, entry.name));
}

/** The one thing that the repository has to tell us: which hash its object ids are made with. */
function configFor(request: PrivateGitDirRequest): string {
  const long = request.commit === null ? saysSha256(request.dirs.commonDir) : request.commit.length === 64;
  const format = long ? '\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n' : '';
  return `[core]\n\tbare = false\n${format}`;
}

function saysSha256(commonDir: string): boolean {
  const read = readBounded(join(commonDir, 'config'), 1024 * 1024);
  return (
    read.kind === 'bytes' && /^\s*objectformat\s*=\s*"?sha256"?\s*$/im.test(read.bytes.toString('latin1'))
  );
}
