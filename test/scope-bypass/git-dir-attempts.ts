import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from './attempt.ts';

/** The git folder under another name, links out of the repository, and a repository that says something else. */
export const GIT_DIR_ATTEMPTS: readonly Attempt[] = [
  inGitDir('writes a git folder in another case', '.GIT/hooks/pre-commit', true),
  inGitDir('writes a git folder under its short name', 'git~1/config', true),
  inGitDir('writes a git folder through an NTFS stream', '.git::$INDEX_ALLOCATION/config', true),
  inGitDir('writes a git folder with a code point that macOS skips', '.g\u200cit/config', false),
  inGitDir('writes a git folder with a blank at the end', 'src/.git /config', true),
  {
    tries: 'commits a tree with an entry .git',
    ...{ view: 'commit', refusedBy: 'path_in_git_dir', naiveSees: false },
    act: (victim) => victim.commitEntry('.git'),
  },
  {
    tries: 'commits a tree with an entry ..',
    ...{ view: 'commit', refusedBy: 'path_outside_repository', naiveSees: false },
    act: (victim) => victim.commitEntry('..'),
  },
  {
    tries: 'commits a name that climbs where \\ parts folders',
    ...{ view: 'commit', refusedBy: 'path_outside_repository', naiveSees: false },
    act: (victim) => {
      victim.write('src\\..\\..\\x', 'x\n');
      victim.commit();
    },
  },
  linked('links to a folder above the repository', '../../outside'),
  linked('links to an absolute path', '/etc/passwd'),
  {
    tries: 'links out of the repository by way of another link',
    ...{ view: 'content', refusedBy: 'symlink_escapes', naiveSees: false },
    act: (victim) => {
      victim.link('src/deep/here', '../..');
      victim.link('src/deep/out', 'here/../outside');
    },
  },
  {
    tries: 'links to a workflow',
    ...{ view: 'content', refusedBy: 'symlink_to_protected', naiveSees: false },
    act: (victim) => victim.link('src/notes.md', '../.github/workflows/ci.yml'),
  },
  {
    tries: 'links to the hooks',
    ...{ view: 'content', refusedBy: 'path_in_git_dir', naiveSees: false },
    act: (victim) => victim.link('src/hooks', '../.git/hooks'),
  },
  {
    tries: 'commits a link to an absolute path in the place of a file',
    ...{ view: 'commit', refusedBy: 'symlink_escapes', naiveSees: false },
    act: (victim) => {
      victim.remove('src/main.ts');
      victim.link('src/main.ts', '/etc/passwd');
      victim.commit();
    },
  },
  {
    tries: 'puts a link in the place of a folder',
    ...{ view: 'content', refusedBy: 'too_many_deleted_files', naiveSees: true },
    act: (victim) => {
      victim.remove('docs');
      victim.link('docs', 'src');
    },
  },
  {
    tries: 'replaces the base by its own commit (refs/replace)',
    ...{ view: 'commit', refusedBy: 'path_protected', naiveSees: false },
    act: (victim) => {
      victim.write('.github/workflows/ci.yml', 'evil\n');
      victim.commit();
      victim.git('replace', victim.baseCommit, victim.git('rev-parse', 'HEAD').trim());
    },
  },
  {
    tries: 'writes over an object of the base, so that it holds the change already',
    ...{ view: 'commit', refusedBy: 'git_failed', naiveSees: false },
    act: (victim) => {
      const old = victim.git('rev-parse', `${victim.baseCommit}:.github/workflows`).trim();
      victim.write('.github/workflows/ci.yml', 'evil\n');
      victim.commit();
      forge(join(victim.root, '.git'), old, victim.git('rev-parse', 'HEAD:.github/workflows').trim());
    },
  },
];

function inGitDir(tries: string, path: string, naiveSees: boolean): Attempt {
  return {
    ...{ tries, view: 'content', refusedBy: 'path_in_git_dir', naiveSees },
    act: (victim) => victim.write(path, 'evil\n'),
  };
}

function linked(tries: string, target: string): Attempt {
  return {
    ...{ tries, view: 'content', refusedBy: 'symlink_escapes', naiveSees: false },
    act: (victim) => victim.link('src/link', target),
  };
}

/** Puts another object's bytes under an object's name, as whoever can write below `.git` can. */
function forge(gitDir: string, name: string, other: string): void {
  const file = (id: string): string => join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
  chmodSync(file(name), 0o644);
  copyFileSync(file(other), file(name));
}
