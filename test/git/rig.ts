import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { type ContentTree, type TakeRequest, takeContentTree } from '../../src/git/content-tree.ts';
import { findGit, type GitEnvironment } from '../../src/git/git-environment.ts';

/** Git's own environment in tests: nobody's configuration, a fixed author and time. */
const GIT_TEST_ENV = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
};

/** What our git is started with. */
export const ENVIRONMENT: GitEnvironment = { path: process.env.PATH ?? '', home: null };

/** The git of this machine, for stand-ins that hand on to it. */
export function realGit(): string {
  const git = findGit(ENVIRONMENT.path, '/nowhere');
  if (!git.ok) throw new Error(git.failure.message);
  return git.value;
}

/** A folder under the system's temporary one: the tests' own `t.testdir()` lies in this repository. */
export function temporaryFolder(t: Test): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orchestrator-git-test-')));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real repository with one commit, and a way to take its content tree. */
export interface Rig {
  readonly base: string;
  readonly root: string;
  readonly scratch: string;
  git(...args: string[]): string;
  gitIn(folder: string, ...args: string[]): string;
  write(path: string, content: string | Buffer, mode?: number): void;
  commit(message?: string): void;
  options(more?: Partial<TakeRequest>): TakeRequest;
  /** The tree, or an exception with the failure's message. */
  take(more?: Partial<TakeRequest>): Promise<ContentTree>;
}

export function rig(
  t: Test,
  files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' },
  init: string[] = [],
): Rig {
  const rig = emptyRig(t);
  rig.git('init', '-q', '-b', 'main', ...init);
  for (const [path, content] of Object.entries(files)) rig.write(path, content);
  if (Object.keys(files).length > 0) rig.commit('first');
  return rig;
}

/** A repository like another one, without a process. */
export function copyOf(t: Test, other: Rig): Rig {
  const rig = emptyRig(t);
  cpSync(other.root, rig.root, { recursive: true, verbatimSymlinks: true });
  return rig;
}

function emptyRig(t: Test): Rig {
  const base = temporaryFolder(t);
  const root = join(base, 'repo');
  const scratch = join(base, 'scratch');
  mkdirSync(root);
  mkdirSync(scratch);
  const gitIn = (folder: string, ...args: string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      env: GIT_TEST_ENV,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const options = (more: Partial<TakeRequest> = {}): TakeRequest => ({
    ...{ root, scratch, excludes: [], ignoreGlobs: [], environment: ENVIRONMENT, now: Date.now },
    ...more,
  });
  return {
    ...{ base, root, scratch, gitIn, options },
    git: (...args) => gitIn(root, ...args),
    write: (path, content, mode) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      if (mode !== undefined) chmodSync(join(root, path), mode);
    },
    commit: (message = 'change') => {
      gitIn(root, 'add', '-A');
      gitIn(root, 'commit', '-q', '--allow-empty', '-m', message);
    },
    take: async (more) => {
      const taken = await takeContentTree(options(more));
      if (!taken.ok) throw new Error(taken.failure.message);
      if (taken.value.kind !== 'tree') throw new Error('not a work tree');
      return taken.value;
    },
  };
}

/** A stand-in for git, first on PATH; the rest of PATH follows. */
export function pathWithGit(base: string, script: string): string {
  const bin = join(base, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  return `${bin}:${process.env.PATH ?? ''}`;
}
