import t from 'tap';
import { agentLines, harmless, oneLine } from '../../src/render/harmless.ts';
import { harmlessJson } from '../../src/render/harmless-json.ts';

const HOSTILE: Readonly<Record<string, readonly [string, string]>> = {
  'a colour (CSI)': ['\x1b[31mred', '\\x1b[31mred'],
  'a window title (OSC, ended by BEL)': ['\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
  'a link (OSC 8, ended by ST)': ['\x1b]8;;http://x\x1b\\', '\\x1b]8;;http://x\\x1b\\'],
  'a device control string (DCS)': ['\x1bP1$r\x1b\\', '\\x1bP1$r\\x1b\\'],
  'an application command (APC)': ['\x1b_G\x1b\\', '\\x1b_G\\x1b\\'],
  'an eight-bit CSI (C1)': ['\x9b2J', '\\x9b2J'],
  'a carriage return': ['failed\rpassed', 'failed\\x0dpassed'],
  backspaces: ['bad\b\b\bok ', 'bad\\x08\\x08\\x08ok '],
  'a zero byte': ['a\0b', 'a\\x00b'],
  DEL: ['a\x7fb', 'a\\x7fb'],
  'a bidirectional override': ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
  'a bidirectional isolate': ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  'a line separator': ['a\u2028::error::b\u2029', 'a\\u{2028}::error::b\\u{2029}'],
  'a lone surrogate': ['a\ud800b', 'a\\u{d800}b'],
  'a form feed and a vertical tab': ['a\x0c\x0bb', 'a\\x0c\\x0bb'],
  'a CI command inside a line': ['x ##[add-mask]a ##vso[task.x]', 'x #\\x23[add-mask]a #\\x23vso[task.x]'],
};

for (const [what, [raw, shown]] of Object.entries(HOSTILE)) {
  t.test(`${what} is shown, not acted on`, async (t) => {
    t.equal(harmless(raw), shown);
    t.equal(harmless(shown), shown, 'what is harmless stays as it is');
  });
}

t.test('ordinary text stays as it is, whatever its script', async (t) => {
  const text = 'a\tb\nGrüße 日本語 🙂 👩‍👩‍👧 \u00a0#1 ## heading C:\\x';
  t.equal(harmless(text), text);
});

t.test('no control character survives, at any place', async (t) => {
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('');
  t.notMatch(
    harmless(all),
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/,
  );
  t.notMatch(oneLine(all, 100_000), /[\u0000-\u001f]/);
});

t.test('one line is one line, and no longer than asked', async (t) => {
  t.equal(oneLine('a\nb\tc'), 'a\\x0ab\\x09c');
  t.equal(oneLine('x'.repeat(50), 10), `${'x'.repeat(9)}…`);
  t.equal(oneLine('x'.repeat(10), 10), 'x'.repeat(10));
  t.equal(oneLine('🙂🙂🙂', 4), '🙂…', 'a pair is not cut in two');
  t.equal(oneLine('x'.repeat(10_000_000), 20).length, 20);
});

t.test('every line of an agent begins with its stage', async (t) => {
  t.strictSame(agentLines('execution', '::error::x\r\n##[error]y\n  ::set-output name=a::b\n'), [
    '[execution] ::error::x',
    '[execution] #\\x23[error]y',
    '[execution]   ::set-output name=a::b',
  ]);
  t.strictSame(agentLines('a\nb', ''), ['[a\\x0ab] ']);
});

t.test('JSON is spelt harmlessly and means the same', async (t) => {
  const value = { text: '\u202e\u2028\x7f\x9b ##[error] ##vso[x]', '\u200e': 1 };
  const json = harmlessJson(JSON.stringify(value));
  t.match(json, /^[\x20-\x7e]+$/);
  t.notMatch(json, /##/);
  t.strictSame(JSON.parse(json), value);
});
