import * as fc from 'fast-check';

/** What changes what a terminal shows, or ends a line. */
const CONTROL_TEXTS: readonly string[] = [
  ...[
    '\u001b[31mx',
    '\u001b]0;t\u0007',
    '\u009b2J',
    'a\nb',
    'a\rb',
    'a\bb',
    '\t',
    '\u007f',
    '\u202eabc',
    '\u2028',
  ],
];

/** Texts that have broken programs: names, escapes, commands, numbers. None leads out of the working directory. */
const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  ...'. - -- -1 -x = ~ * { [ " \' \\ %s%n $(id) `id` |id é e\u0301 🚀 \u202e \ufeff \u200b %0A'.split(' '),
  ...'__proto__ constructor toString hasOwnProperty ::error::x ##[error]x ::add-mask::x CON nul'.split(' '),
  ...'null undefined NaN Infinity true false 0 -0 007 1e3 0x10 1.5 2147483647 2147483648'.split(' '),
  ...'allow success missing planning closure out report 1s 24h 99999d K=V =V K= 9007199254740993'.split(' '),
  ...['9'.repeat(400), 'a'.repeat(255), 'a'.repeat(256), 'b/'.repeat(60), 'x'.repeat(5000)],
];

/** A text, often one of the hostile ones; never one that leads out of the working directory. */
export const hostileText: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
    { weight: 1, arbitrary: fc.constantFrom(...CONTROL_TEXTS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 30 }) },
  )
  .filter(staysInside);

/** The same for what goes through exec(2): no NUL, no lone surrogates. */
export const hostileArgument: fc.Arbitrary<string> = hostileText.map((text) =>
  text.replaceAll('\0', 'N').toWellFormed(),
);

/** Programs that are started are always these: what is fuzzed must not be able to harm the machine. */
export const harmlessProgram: fc.Arbitrary<string> = fc.constantFrom(
  ...['/bin/true', 'true', '/bin/false', './none', 'none-of-that-name', '', '.', '/', './a\nb'],
);

/** Any value of a JSON document. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], 'done', 'passed'),
  fc.array(fc.oneof(hostileText, fc.integer()), { maxLength: 4 }),
  fc.dictionary(hostileText, fc.oneof(hostileText, fc.integer(), fc.boolean()), { maxKeys: 4 }),
);

/** A place in a document, and bytes. */
export const place: fc.Arbitrary<number> = fc.double({ min: 0, max: 0.999999, noNaN: true });
export const base64: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 1, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

function staysInside(text: string): boolean {
  return !text.startsWith('/') && !/(^|\/)\.\.(\/|$)/.test(text);
}
