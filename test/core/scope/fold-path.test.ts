import t from 'tap';
import { foldPath, isInGitDir, isOutside, whyNotPortable } from '../../../src/core/scope/fold-path.ts';

t.test('spellings of one file fold to one path', async (t) => {
  const same: readonly (readonly string[])[] = [
    [
      'src/Main.ts',
      'SRC/main.ts',
      'src\\main.ts',
      'src./main.ts. .',
      'src/main.ts::$DATA',
      'sr\u200cc/main.ts',
    ],
    ['ma\u00df', 'MASS', 'ma\u017fs'],
    ['caf\u00e9', 'cafe\u0301', 'CAF\u00c9'],
    ['package-lock.json', 'pac\u212aage-lock.json'],
    ['a/../b', 'A/../B'],
  ];
  for (const [first = '', ...others] of same) {
    for (const other of others) t.equal(foldPath(other), foldPath(first), JSON.stringify(other));
  }
  t.not(foldPath('src/main.ts'), foldPath('src/main.js'));
  t.not(foldPath('a/b'), foldPath('ab'));
});

t.test('a git folder is one under every name that some system takes for it', async (t) => {
  for (const path of [
    '.git',
    'x/.git/y',
    '.GIT',
    '.git.',
    '.git ',
    '.git::$X',
    'GIT~1',
    'git~2/x',
    '.g\u200dit',
    '.git\\x',
  ]) {
    t.equal(isInGitDir(path), true, JSON.stringify(path));
  }
  for (const path of ['.gitignore', 'git', '.github/x', 'a.git', 'git~', '.git-x', 'x/.gitkeep']) {
    t.equal(isInGitDir(path), false, path);
  }
});

t.test('what is absolute or climbs is outside', async (t) => {
  for (const path of ['/x', '\\x', 'c:/x', 'C:\\x', '..', 'a/../b', 'a\\..\\b'])
    t.equal(isOutside(path), true, path);
  for (const path of ['a', 'a..b', '...', 'a/..b', 'a:b']) t.equal(isOutside(path), false, path);
});

t.test('names that are not the same everywhere are told apart from those that are', async (t) => {
  const why = (name: string): string | null => whyNotPortable({ name, isText: true });
  for (const name of [
    'a\nb',
    'a\u200eb',
    'a?b',
    'a\\b',
    'cafe\u0301',
    'x./y',
    'x /y',
    'progra~1',
    'con',
    'src/AUX.c',
    'lpt1',
  ]) {
    t.type(why(name), 'string', JSON.stringify(name));
  }
  t.type(why('x'.repeat(256)), 'string');
  for (const name of ['a b', 'café', '[id].tsx', 'console.ts', '.env', 'x'.repeat(255)])
    t.equal(why(name), null, name);
  t.type(whyNotPortable({ name: 'x', isText: false }), 'string');
});
