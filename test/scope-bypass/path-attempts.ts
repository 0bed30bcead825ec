import type { Attempt } from './attempt.ts';

/** Protected paths under another name, or on another way. */
export const PATH_ATTEMPTS: readonly Attempt[] = [
  {
    tries: 'edits a workflow and tells the index to assume it unchanged',
    ...{ view: 'content', refusedBy: 'path_protected', naiveSees: false },
    act: (victim) => {
      victim.git('update-index', '--assume-unchanged', '.github/workflows/ci.yml');
      victim.write('.github/workflows/ci.yml', 'evil\n');
    },
  },
  {
    tries: 'edits a workflow and marks it skip-worktree',
    ...{ view: 'content', refusedBy: 'path_protected', naiveSees: false },
    act: (victim) => {
      victim.git('update-index', '--skip-worktree', '.github/workflows/ci.yml');
      victim.write('.github/workflows/ci.yml', 'evil\n');
    },
  },
  added('writes a workflow in another case', '.GitHub/Workflows/x.yml'),
  added('writes a workflow behind a dot that Windows drops', '.github./workflows/x.yml'),
  added('writes a workflow with a code point that macOS skips', '.git\u200chub/workflows/x.yml'),
  added('writes a workflow whose name holds a line break', '.github/workflows/a\nb.yml'),
  added('writes secrets through an NTFS stream', '.env::$DATA', true),
  added('writes secrets in another case', '.ENV.local'),
  added('writes a lock file with a Kelvin sign for the k', 'src/pac\u212aage-lock.json'),
  added('writes a lock file deep in a folder', 'src/app/deep/Cargo.lock', true),
  added('names submodules in another case', '.GITMODULES'),
  added('turns diffs off in a folder of its own', 'src/.gitattributes', true),
  {
    tries: 'moves a workflow away',
    ...{ view: 'content', refusedBy: 'path_protected', naiveSees: false },
    scope: { maxDeletedFiles: null },
    act: (victim) => victim.move('.github/workflows/ci.yml', 'src/ci.yml'),
  },
  {
    tries: 'moves a source file onto a new workflow',
    ...{ view: 'content', refusedBy: 'path_protected', naiveSees: true },
    scope: { maxDeletedFiles: null },
    act: (victim) => victim.move('src/main.ts', '.github/workflows/new.yml'),
  },
  {
    tries: 'force-adds a file that the repository ignores, outside of what is allowed',
    ...{ view: 'content', refusedBy: 'path_not_allowed', naiveSees: true },
    scope: { allowed: ['src/**'] },
    act: (victim) => {
      victim.write('x.log', 'x\n');
      victim.git('add', '-f', 'x.log');
    },
  },
  {
    tries: 'hides a file with .git/info/exclude',
    ...{ view: 'content', refusedBy: 'path_not_allowed', naiveSees: false },
    scope: { allowed: ['src/**'] },
    act: (victim) => {
      victim.write('.git/info/exclude', 'evil.js\n');
      victim.write('evil.js', 'x\n');
    },
  },
  {
    tries: 'hides a file with core.excludesFile',
    ...{ view: 'content', refusedBy: 'path_not_allowed', naiveSees: false },
    scope: { allowed: ['src/**'] },
    act: (victim) => {
      victim.write('.git/ignored', 'evil.js\n');
      victim.git('config', 'core.excludesFile', '.git/ignored');
      victim.write('evil.js', 'x\n');
    },
  },
  {
    tries: 'hides files with a new rule in .gitignore',
    ...{ view: 'content', refusedBy: 'path_hidden', naiveSees: false },
    act: (victim) => {
      victim.write('.gitignore', 'dist/\n*.log\nnode_modules/\n');
      victim.write('node_modules/left-pad/index.js', 'evil\n');
    },
  },
  {
    tries: 'hides a folder with a .gitignore that ignores itself',
    ...{ view: 'content', refusedBy: 'path_hidden', naiveSees: false },
    act: (victim) => {
      victim.write('node_modules/.gitignore', '*\n');
      victim.write('node_modules/left-pad/index.js', 'evil\n');
    },
  },
  {
    tries: 'edits a file of the work tree outside of repo-root',
    ...{ view: 'content', refusedBy: 'path_outside_root', naiveSees: false, root: 'pkg' },
    act: (victim) => victim.write('src/main.ts', 'evil\n'),
  },
  {
    tries: 'commits a file outside of repo-root',
    ...{ view: 'commit', refusedBy: 'path_outside_root', naiveSees: false, root: 'pkg' },
    act: (victim) => {
      victim.write('src/main.ts', 'evil\n');
      victim.commit();
    },
  },
  {
    tries: 'adds a file that is another one where case is folded',
    ...{ view: 'content', refusedBy: 'path_collides', naiveSees: false },
    act: (victim) => victim.write('src/MAIN.ts', 'evil\n'),
  },
  {
    tries: 'adds a folder that is another one where case is folded',
    ...{ view: 'content', refusedBy: 'path_collides', naiveSees: true },
    scope: { allowed: ['src/**'] },
    act: (victim) => victim.write('SRC/new.ts', 'evil\n'),
  },
  {
    tries: 'adds a file that is a device on Windows',
    ...{ view: 'content', refusedBy: 'name_not_portable', naiveSees: false },
    act: (victim) => victim.write('src/aux.ts', 'x\n'),
  },
];

function added(tries: string, path: string, naiveSees = false): Attempt {
  return {
    ...{ tries, view: 'content', refusedBy: 'path_protected', naiveSees },
    act: (victim) => victim.write(path, 'evil\n'),
  };
}
