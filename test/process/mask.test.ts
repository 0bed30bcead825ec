import { randomBytes } from 'node:crypto';
import t from 'tap';
import { createMask, type Mask } from '../../src/process/mask.ts';

const VALUE = `p&ss/w"o'rd <7$> ü~`;
const ENCODED: Record<string, string> = {
  raw: VALUE,
  json: JSON.stringify(VALUE),
  'json, ASCII only': JSON.stringify(VALUE).replace('ü', '\\u00fc'),
  'json in json': JSON.stringify(JSON.stringify(VALUE)),
  url: encodeURIComponent(VALUE),
  'url, lower case': encodeURIComponent(VALUE).replaceAll(/%../g, (one) => one.toLowerCase()),
  form: new URLSearchParams({ value: VALUE }).toString(),
  hex: Buffer.from(VALUE).toString('hex'),
  'hex, upper case': Buffer.from(VALUE).toString('hex').toUpperCase(),
  base64: Buffer.from(VALUE).toString('base64'),
  'base64, one byte before': Buffer.from(`a${VALUE}b`).toString('base64'),
  'base64, two bytes before': Buffer.from(`ab${VALUE}c`).toString('base64'),
  base64url: Buffer.from(`ab${VALUE}c`).toString('base64url'),
  html: 'p&amp;ss/w&quot;o&#39;rd &lt;7$&gt; ü~',
  xml: 'p&amp;ss/w&quot;o&apos;rd &lt;7$&gt; ü~',
  shell: `'p&ss/w"o'\\''rd <7$> ü~'`,
  'shell, double quotes': `"p&ss/w\\"o'rd <7\\$> ü~"`,
};
const mask = createMask([{ name: 'SECRET', value: VALUE }]);

/** What a stream makes of `text` when it comes in pieces of `size` bytes. */
function inPieces(one: Mask, text: string, size: number): string {
  const data = Buffer.from(text);
  const stream = one.stream();
  const out: Buffer[] = [];
  for (let at = 0; at < data.length; at += size) {
    // Copied at once: a result may share memory with the piece.
    out.push(Buffer.from(stream.push(Buffer.from(data.subarray(at, at + size)))));
  }
  return Buffer.concat([...out, stream.end()]).toString();
}

for (const [encoding, text] of Object.entries(ENCODED)) {
  t.test(`a secret is masked as ${encoding}, in one piece and byte by byte`, async (t) => {
    const whole = mask.text(`before ${text} after`);
    t.match(whole, /^before \S{0,8}\*\*\*.* after$/);
    t.notMatch(whole, text.slice(4, -4));
    for (const size of [1, 2, 3, 7, 64]) t.equal(inPieces(mask, `before ${text} after`, size), whole);
  });
}

t.test('text without the secret passes unchanged, in the same memory', async (t) => {
  const chunk = Buffer.from('nothing of interest\n');
  t.equal(mask.stream().push(chunk).buffer, chunk.buffer);
  t.equal(mask.stream().push(chunk).toString(), chunk.toString());
  t.equal(createMask([]).stream().push(chunk), chunk);
  t.equal(createMask([]).text('plain'), 'plain');
  t.equal(mask.text('plain'), 'plain');
});

t.test('a line that cannot begin a secret is not held back', async (t) => {
  const stream = createMask([{ name: 'KEY', value: 'Z'.repeat(5000) }]).stream();
  t.equal(stream.push(Buffer.from('a line\n')).toString(), 'a line\n');
});

t.test('what only began like a secret comes out at the end', async (t) => {
  const stream = createMask([{ name: 'KEY', value: 'abcdefgh' }]).stream();
  t.equal(stream.push(Buffer.from('x abcd')).toString(), 'x ');
  t.equal(stream.push(Buffer.from('x abcde')).toString(), 'abcdx ');
  t.equal(stream.end().toString(), 'abcde');
});

t.test('output that ends inside a secret, as that of a killed agent does, ends with a mask', async (t) => {
  const key = createMask([{ name: 'KEY', value: 'abcdefgh' }]);
  for (const size of [1, 3, 100]) {
    t.equal(inPieces(key, 'x abcdefg', size), 'x ***');
    t.equal(inPieces(key, 'x abcdefghabcdefg', size), 'x ******');
    t.equal(inPieces(key, 'x abcdefgh', size), 'x ***');
  }
});

t.test('each line of a value with several lines is masked', async (t) => {
  const key = createMask([{ name: 'KEY', value: '-----BEGIN KEY-----\nabcdefghijkl\r\nmnopqrstuvwx\nxy\n' }]);
  t.equal(key.text('a abcdefghijkl b'), 'a *** b');
  t.equal(key.text('a mnopqrstuvwx b'), 'a *** b');
  t.equal(key.text('xy'), 'xy', 'a line of less than 6 bytes is not');
});

t.test('overlapping secrets leave no rest of either', async (t) => {
  const both = createMask([
    { name: 'ONE', value: 'abcdefgh' },
    { name: 'TWO', value: 'efghijklmn' },
    { name: 'THREE', value: 'abcdefghijklmnopq' },
  ]);
  t.equal(both.text('-abcdefghijklmn-'), '-***-');
  for (const size of [1, 2, 3, 5]) {
    t.equal(inPieces(both, '-abcdefghijklmn-', size), '-***-');
    t.equal(inPieces(both, '-abcdefghijklmnopq-', size), '-***-');
    t.equal(inPieces(both, '-abcdefghij-', size), '-***ij-');
  }
});

t.test('a stream of one repeated character does not pile up', async (t) => {
  const repeated = createMask([{ name: 'KEY', value: 'aaaaaaaa' }]);
  const out = inPieces(repeated, 'a'.repeat(10_000), 7);
  t.match(out, /^\*+a*$/);
  t.ok(out.length < 10_000);
});

t.test('random text in random pieces is masked as the whole text is', async (t) => {
  const secrets = ['abcabcab', 'bcabca', 'cababcabab'].map((value) => ({ name: 'S', value }));
  const three = createMask(secrets);
  for (let round = 0; round < 300; round += 1) {
    // The point ends no secret halfway: where a stream breaks off inside one, it masks more than the whole text.
    const text = `${[...randomBytes(120)].map((byte) => 'abc'[byte % 3]).join('')}.`;
    const size = 1 + (round % 13);
    const streamed = inPieces(three, text, size);
    for (const secret of secrets) t.notOk(streamed.includes(secret.value), `${text} by ${size}`);
    t.equal(streamed.replaceAll('*', ''), three.text(text).replaceAll('*', ''), `${text} by ${size}`);
  }
});
