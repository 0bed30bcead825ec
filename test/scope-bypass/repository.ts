import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { type ChangeRig, copyOfChangeRig } from '../git/changes/rig.ts';

/** What the base of every attempt holds. */
export const BASE_FILES: Readonly<Record<string, string>> = {
  '.env': 'TOKEN=\n',
  '.github/workflows/ci.yml': 'on: push\n',
  '.gitignore': 'dist/\n*.log\n',
  'docs/guide.md': '# Guide\n',
  'package-lock.json': '{}\n',
  'pkg/a.ts': 'a\n',
  'src/main.ts': lines(10),
  'src/main.test.ts': lines(5),
};

/** A repository that an attempt is made in, with words for what agents do. */
export interface Victim extends ChangeRig {
  move(from: string, to: string): void;
  remove(path: string): void;
  link(path: string, target: string): void;
  /** Runs git with something on its standard input; what it prints, trimmed. */
  pipe(input: string, ...args: string[]): string;
  /** Commits a tree that holds the base's and one entry more, under any name; HEAD is then that commit. */
  commitEntry(name: string, entry?: string): void;
}

/** Numbered lines. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, at) => `line ${at}\n`).join('');
}

/** Builds one. */
export function victim(t: Test, template: ChangeRig): Victim {
  const rig = copyOfChangeRig(t, template);
  const pipe = (input: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd: rig.root, input, encoding: 'utf8', env: AUTHOR }).trim();
  const blob = (): string => pipe('x\n', 'hash-object', '-w', '--stdin');
  return {
    ...rig,
    pipe,
    move: (from, to) => {
      mkdirSync(dirname(join(rig.root, to)), { recursive: true });
      renameSync(join(rig.root, from), join(rig.root, to));
    },
    remove: (path) => rmSync(join(rig.root, path), { recursive: true }),
    link: (path, target) => {
      mkdirSync(dirname(join(rig.root, path)), { recursive: true });
      symlinkSync(target, join(rig.root, path));
    },
    commitEntry: (name, entry) => {
      const more = entry ?? `100644 blob ${blob()}`;
      const listing = `${rig.git('ls-tree', 'HEAD')}${more}\t${name}\n`;
      const tree = pipe(listing, 'mktree', '--missing');
      const commit = pipe('m\n', 'commit-tree', tree, '-p', 'HEAD');
      rig.git('update-ref', 'refs/heads/main', commit);
    },
  };
}

const AUTHOR = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
