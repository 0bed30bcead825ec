import t from 'tap';
import { isUnicodeLocale, wantsColor } from '../../src/system/terminal.ts';

type Env = Readonly<Record<string, string>>;

t.test('a flag decides on colours, then NO_COLOR, then FORCE_COLOR, then the terminal', async (t) => {
  const rules: readonly (readonly [asked: boolean | null, env: Env, isTty: boolean, colour: boolean])[] = [
    [null, {}, true, true],
    [null, {}, false, false],
    [null, { TERM: 'dumb' }, true, false],
    [null, { NO_COLOR: '1' }, true, false],
    [null, { NO_COLOR: '' }, true, true],
    [null, { FORCE_COLOR: '1' }, false, true],
    [null, { FORCE_COLOR: '3', TERM: 'dumb' }, false, true],
    [null, { FORCE_COLOR: '0' }, true, false],
    [null, { FORCE_COLOR: 'false' }, true, false],
    [null, { FORCE_COLOR: '' }, true, true],
    [null, { FORCE_COLOR: '' }, false, false],
    [null, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [false, { FORCE_COLOR: '1' }, true, false],
  ];
  for (const [asked, env, isTty, colour] of rules) {
    t.equal(wantsColor({ asked, env, isTty }), colour, JSON.stringify({ asked, env, isTty }));
  }
});

t.test('the first of LC_ALL, LC_CTYPE and LANG that is set says whether the locale is UTF-8', async (t) => {
  const rules: readonly (readonly [Env, boolean])[] = [
    [{}, false],
    [{ LANG: 'C' }, false],
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'C.UTF-8', LC_ALL: '' }, true],
    [{ LANG: 'de_DE.ISO-8859-1' }, false],
  ];
  for (const [env, unicode] of rules) t.equal(isUnicodeLocale(env), unicode, JSON.stringify(env));
});
