import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Attempt } from './attempt.ts';
import { lines } from './repository.ts';

const MANY = lines(500);

/** Too much in what looks like little, and what is neither file nor line. */
export const SIZE_ATTEMPTS: readonly Attempt[] = [
  {
    tries: 'writes 500 lines and calls them binary in .git/info/attributes',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: false },
    act: (victim) => {
      victim.write('.git/info/attributes', '*.ts -diff\n');
      victim.write('src/main.ts', MANY);
    },
  },
  {
    tries: 'writes 500 lines that a textconv of its own turns into none',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: true },
    act: (victim) => {
      victim.write('.git/info/attributes', '*.ts diff=none\n');
      victim.git('config', 'diff.none.textconv', 'true');
      victim.write('src/main.ts', MANY);
    },
  },
  {
    tries: 'writes 500 lines and one NUL',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: false },
    act: (victim) => victim.write('src/main.ts', `${MANY}\0\n`),
  },
  {
    tries: 'writes 500 lines that end with CR',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: false },
    act: (victim) => victim.write('src/new.ts', MANY.replaceAll('\n', '\r')),
  },
  {
    tries: 'writes a quarter of a megabyte on one line',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: false },
    act: (victim) => victim.write('src/new.ts', 'evil();'.repeat(40_000)),
  },
  {
    tries: 'writes a file too large for a diff',
    ...{ view: 'content', refusedBy: 'too_many_lines', naiveSees: false },
    act: (victim) => victim.write('src/new.bin', Buffer.alloc(3 * 1024 * 1024)),
  },
  {
    tries: 'has an identical file moved, so that a test is gone and nothing is deleted',
    ...{ view: 'content', refusedBy: 'too_many_deleted_files', naiveSees: false },
    act: (victim) => victim.move('src/main.test.ts', 'src/main.test.ts.bak'),
  },
  {
    tries: 'takes a file out of git, leaves it there and ignores it',
    ...{ view: 'content', refusedBy: 'too_many_deleted_files', naiveSees: true },
    act: (victim) => {
      victim.git('rm', '-q', '--cached', 'src/main.test.ts');
      victim.git('commit', '-q', '-m', 'untrack');
      victim.write('.gitignore', 'dist/\n*.log\n*.test.ts\n');
    },
  },
  {
    tries: 'commits eight files and leaves two more uncommitted',
    ...{ view: 'content', refusedBy: 'too_many_files', naiveSees: true },
    scope: { maxNewFiles: null },
    act: (victim) => {
      for (let at = 0; at < 8; at += 1) victim.write(`src/${at}.ts`, 'x\n');
      victim.commit();
      for (let at = 8; at < 10; at += 1) victim.write(`src/${at}.ts`, 'x\n');
    },
  },
  {
    tries: 'makes a file executable where core.fileMode is off',
    ...{ view: 'content', refusedBy: 'mode_changed', naiveSees: false },
    act: (victim) => {
      victim.git('config', 'core.fileMode', 'false');
      victim.write('src/main.ts', lines(10), 0o755);
    },
  },
  {
    tries: 'commits another mode and nothing else',
    ...{ view: 'commit', refusedBy: 'mode_changed', naiveSees: false },
    act: (victim) => {
      victim.write('src/main.ts', lines(10), 0o755);
      victim.commit();
    },
  },
  {
    tries: 'commits a submodule where diff.ignoreSubmodules is all',
    ...{ view: 'commit', refusedBy: 'submodule_changed', naiveSees: false },
    act: (victim) => {
      victim.git('config', 'diff.ignoreSubmodules', 'all');
      victim.commitEntry('vendor', `160000 commit ${victim.baseCommit}`);
    },
  },
  {
    tries: 'clones a repository into a folder of the repository',
    ...{ view: 'content', refusedBy: 'nested_repository', naiveSees: false },
    act: (victim) => victim.git('clone', '-q', victim.root, join(victim.root, 'src/vendor')),
  },
  {
    tries: 'puts a pipe in the place of a file',
    ...{ view: 'content', refusedBy: 'special_file', naiveSees: true },
    act: (victim) => {
      victim.remove('src/main.ts');
      execFileSync('mkfifo', [join(victim.root, 'src/main.ts')]);
    },
  },
];
