import t from 'tap';
import { linksByFoldedPath, resolveLink } from '../../../src/git/changes/resolve-link.ts';

const LINKS: Readonly<Record<string, string>> = {
  here: '.',
  'deep/down/up': '../..',
  loop: 'loop',
  'a/b': '../c',
  c: 'src',
  Lib: 'deep/down',
};

const ROWS: readonly (readonly [string, string, string])[] = [
  ['l', 'src/a', 'src/a'],
  ['x/l', '../src/a', 'src/a'],
  ['x/l', './/../src/./a/', 'src/a'],
  ['l', '.', ''],
  ['l', '..', 'outside'],
  ['x/l', '../..', 'outside'],
  ['x/l', '../../repo/src', 'outside'],
  ['l', '/etc/passwd', 'outside'],
  ['l', 'c:/x', 'outside'],
  ['l', 'a\\b', 'lost'],
  ['l', 'loop/x', 'lost'],
  ['l', 'deep/down/up/..', 'outside'],
  ['l', 'deep/down/up/src', 'src'],
  ['l', 'a/b/x', 'src/x'],
  ['l', 'here/here/x', 'x'],
  ['l', 'lib/../y', 'deep/y'],
  ['l', 'nowhere/../x', 'x'],
];

for (const [from, text, end] of ROWS) {
  t.test(`the link ${from} → ${text} leads to ${end === '' ? 'the top' : end}`, async (t) => {
    const found = resolveLink(from, text, linksByFoldedPath(new Map(Object.entries(LINKS))));
    t.equal(found.kind === 'inside' ? found.key : found.kind, end);
  });
}
