import t from 'tap';
import { STARTER_SCOPE } from '../../src/core/scope/starter-scope.ts';
import { compileScope, parseScopeGlob } from '../../src/formats/scope-globs.ts';

t.test(
  'a glob that could never match, or means something else than it says, is refused with the reason',
  async (t) => {
    const refused = [
      '',
      ' ',
      'a ',
      '!a',
      '#a',
      '/a',
      'C:/a',
      './a',
      'a/../b',
      'a//b',
      'a\\b',
      'a\nb',
      '[[:upper:]]',
      '+(a)',
      '[a',
      '{a,b',
      'x'.repeat(1001),
    ];
    for (const glob of refused) {
      const parsed = await parseScopeGlob(glob);
      t.match(
        parsed,
        { ok: false, failure: /^".*" is no glob of paths below repo-root: \w/ },
        JSON.stringify(glob),
      );
    }
  },
);

t.test('globs of the usual kinds are accepted, and a folder is all that is in it', async (t) => {
  for (const glob of ['src/**', '*.md', '**/x?.ts', '[a-c].txt', '{a,b}/**', '.env*', 'a b', 'é/**']) {
    t.strictSame(await parseScopeGlob(glob), { ok: true, value: glob });
  }
  t.strictSame(await parseScopeGlob('docs/'), { ok: true, value: 'docs/**' });
});

t.test('a glob that was not checked is a bug', async (t) => {
  await t.rejects(compileScope({ ...STARTER_SCOPE, allowed: ['!src'] }), /is no glob/);
});

t.test('a match names the glob as it was written', async (t) => {
  const rules = await compileScope({ ...STARTER_SCOPE, allowed: ['Docs/', 'SRC/**'] });
  t.equal(rules.allowed?.('src/a'), 'SRC/**');
  t.equal(rules.allowed?.('docs/a'), 'Docs/');
  t.equal(rules.allowed?.('x'), null);
});
