import t from 'tap';
import { parseStrictJson } from '../../src/formats/strict-json.ts';

function parse(text: string | Uint8Array, maxDepth = 64) {
  return parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text, { maxDepth });
}

function problemOf(text: string | Uint8Array, maxDepth?: number): string {
  const parsed = parse(text, maxDepth);
  return parsed.ok ? 'accepted' : parsed.failure.problem;
}

t.test(
  'what JSON.parse reads, and nobody can read differently, is accepted with the same value',
  async (t) => {
    const texts = [
      ...['null', 'true', ' false ', '0', '-0', '12.5e-3', '1E400'.replace('400', '30'), '""', '[]', '{}'],
      ...['[1,[2,{"a":[]}],"x"]', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '\t{"k" :\r\n [ 1 , 2 ] }\n'],
      ...['"\\ud83d\\ude00 \\u0041 \\" \\\\ \\/ \\b\\f\\n\\r\\t"', '"é€😀"', '{"a":1,"A":2,"":3}'],
      ...['{"proto":1,"constructor":2,"toString":3}', '123456789012345678901234567890', '[{"a":1},{"a":1}]'],
    ];
    for (const text of texts) {
      const parsed = parse(text);
      t.ok(parsed.ok, text);
      if (parsed.ok) t.strictSame(parsed.value, JSON.parse(text), text);
    }
  },
);

t.test('what is not JSON is refused, as JSON.parse does', async (t) => {
  const texts = [
    ...[
      '',
      ' ',
      '{',
      '[',
      '[1',
      '[1,',
      '[1,]',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1,}',
      '{,}',
      '[,]',
    ],
    ...['tru', 'nul', 'undefined', 'NaN', 'Infinity', '+1', '01', '-', '1.', '.5', '1e', '1e+', '-01', '0x1'],
    ...['"', '"\\', '"\\x"', '"\\u12"', '"\\u12g4"', '"a\nb"', '"\u0000"', "'a'", '{a:1}', '{1:1}', '[1 2]'],
    ...['[1}', '{"a":1]', ']', '1 2', '{} {}', '[] ,', '/* */ 1', '"a" "b"', '{"a" 1}', '\u00a01', '"abc'],
  ];
  for (const text of texts) {
    t.not(problemOf(text), 'accepted', JSON.stringify(text));
    t.throws(() => JSON.parse(text), JSON.stringify(text));
  }
});

t.test('every prefix of a document is refused without an exception', async (t) => {
  const text = '{"a":[1,-2.5e3,"\\u00e9\\n",{"b":null,"c":[true,false]}],"d":""}';
  for (let length = 0; length < text.length; length += 1) {
    t.not(problemOf(text.slice(0, length)), 'accepted', text.slice(0, length));
  }
  t.equal(problemOf(text), 'accepted');
});

t.test('a duplicate key is refused at any depth and however it is spelled', async (t) => {
  t.match(problemOf('{"passed":false,"passed":true}'), /duplicate key at line 1 column 17 \(byte 16\)/);
  for (const text of [
    '{"a":1,"\\u0061":2}',
    '[{"x":{"a":1,"b":2,"a":3}}]',
    '{"a":{"a":1},"a":2}',
    '{"":1,"":2}',
    '{"a":1,"b":{"c":1},"d":2,"b":3}',
  ]) {
    t.match(problemOf(text), /duplicate key/, text);
  }
});

t.test('a key "__proto__" is refused, however it is spelled, a value is not', async (t) => {
  t.match(problemOf('{"__proto__":{"status":"pass"}}'), /"__proto__"/);
  t.match(problemOf('{"a":[{"\\u005f_proto__":1}]}'), /"__proto__"/);
  t.equal(problemOf('{"a":"__proto__"}'), 'accepted');
});

t.test('a number that is not finite is refused', async (t) => {
  for (const text of ['1e400', '-1e999', `[${'9'.repeat(400)}]`])
    t.match(problemOf(text), /not finite/, text);
  t.equal(problemOf('[1e-400]'), 'accepted', 'it is zero');
});

t.test('bytes that are not UTF-8 are refused where they stand', async (t) => {
  t.match(problemOf(Buffer.from([0x22, 0xff, 0x22])), /not UTF-8 at byte 1/);
  t.match(
    problemOf(Buffer.concat([Buffer.from('"é\ufffd'), Buffer.from([0xc3]), Buffer.from('"')])),
    /byte 6/,
  );
  t.match(problemOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), /not UTF-8/, 'a surrogate in UTF-8');
  t.match(problemOf(Buffer.from([0x22, 0xc0, 0x80, 0x22])), /not UTF-8/, 'an overlong zero');
  t.match(problemOf(Buffer.from('{}', 'utf16le')), /./);
  t.equal(problemOf('"\ufffd"'), 'accepted', 'the replacement character itself');
});

t.test('a byte order mark is refused', async (t) => {
  t.match(problemOf('\ufeff{}'), /byte order mark/);
});

t.test('a lone surrogate in an escape survives a round trip', async (t) => {
  const parsed = parse('"\\ud83d"');
  t.ok(parsed.ok && JSON.stringify(parsed.value) === '"\\ud83d"');
});

t.test('depth is bounded, brackets and braces alike', async (t) => {
  t.equal(problemOf('['.repeat(64) + ']'.repeat(64)), 'accepted');
  t.match(problemOf('['.repeat(65) + ']'.repeat(65)), /deeper than 64/);
  t.equal(problemOf(`${'{"a":'.repeat(3)}1${'}'.repeat(3)}`, 3), 'accepted');
  t.match(problemOf(`${'{"a":'.repeat(4)}1${'}'.repeat(4)}`, 3), /deeper than 3/);
  t.equal(problemOf('[[],[],[]]', 2), 'accepted', 'siblings do not add up');
});

t.test('a million brackets, and 16 MiB of anything, end in an answer and not in a crash', async (t) => {
  t.match(problemOf('['.repeat(1_000_000)), /deeper than 64/);
  t.match(problemOf('['.repeat(1_000_000), 2_000_000), /ends too early/, 'without recursion');
  t.equal(problemOf(`[${'{"a":1},'.repeat(2 ** 21 - 2)}{}]`), 'accepted');
});

t.test('the place of a problem is told by line, column and byte', async (t) => {
  t.match(problemOf('{\n  "é": 1,\n  "b": x\n}'), /expected a value at line 3 column 8 \(byte 20\)/);
});
