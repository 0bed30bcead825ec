import * as fc from 'fast-check';
import { type FuzzCase, PLAIN_CASE } from '../fuzz-case.ts';
import { hostileValue } from '../hostile.ts';

/** The bytes that a stage leaves, and whether strict JSON allows them; null where both may be right. */
interface Left {
  readonly bytes: Buffer;
  readonly valid: boolean | null;
}

const text = (content: string, valid: boolean | null): Left => ({ bytes: Buffer.from(content), valid });

const FIXED: readonly Left[] = [
  ...[
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
    'NaN',
    '[Infinity]',
    '01',
    '1.',
    '+1',
    '.5',
    '"\t"',
    '// x\n1',
  ],
  ...[
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"b":1,"b":1}}',
    '{"__proto__":{"passed":true}}',
    '1 2',
    '{}x',
  ],
  ...[
    '\ufeff{}',
    '1e400',
    '[-1e999]',
    `${'['.repeat(65)}${']'.repeat(65)}`,
    '['.repeat(100_000),
    '"\\x41"',
    '"\u0000"',
  ],
].map((content) => text(content, false));

const RAW: readonly Left[] = [
  { bytes: Buffer.from([0x22, 0xff, 0x22]), valid: false },
  { bytes: Buffer.from([0x22, 0xc0, 0xaf, 0x22]), valid: false },
  { bytes: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), valid: false },
  { bytes: Buffer.from('{}', 'utf16le'), valid: false },
];

const left: fc.Arbitrary<Left> = fc.oneof(
  fc.constantFrom(...FIXED, ...RAW),
  fc
    .jsonValue()
    .map((value) =>
      text(JSON.stringify(value), /__proto__|\\ud[89a-f]/i.test(JSON.stringify(value)) ? null : true),
    ),
  fc.json().map((content) => text(content.slice(0, -1), /^[\d"]|^\W/.test(content) ? null : false)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => ({ bytes: Buffer.from(bytes), valid: null })),
);

/** An artifact of any content: what is no strict JSON fails the stage, what is goes on to a gate that is closed. */
export const artifacts: fc.Arbitrary<FuzzCase> = left.map(({ bytes, valid }) => ({
  ...PLAIN_CASE,
  ...leaving('executor', bytes),
  input: 'artifacts',
  codes: valid === null ? [1, 3] : valid ? [3] : [1],
}));

/** A reviewer's report of any content: only `passed: true` completes the stage. */
export const reviews: fc.Arbitrary<FuzzCase> = fc
  .record({
    passed: hostileValue,
    findings: fc.oneof(fc.constant([]), hostileValue),
    next_step_plan: hostileValue,
  })
  .map((report) => ({
    ...PLAIN_CASE,
    ...leaving('reviewer', Buffer.from(JSON.stringify(report))),
    input: 'reviews',
    codes: report.passed === true ? [1, 3] : [1],
  }));

/** The stage copies `given.json` to where its artifact is expected. Only policy passes: nothing can end with 0. */
function leaving(role: string, bytes: Buffer): Pick<FuzzCase, 'argv' | 'edits'> {
  const copies = [
    `--${role}-bin`,
    '/bin/cp',
    `--${role}-arg`,
    'given.json',
    `--${role}-arg`,
    'out/left.json',
  ];
  return {
    argv: ['./out', '--policy-status', 'allow', ...copies, `--${role}-expected-artifact`, 'out/left.json'],
    edits: [{ path: 'given.json', edit: { type: 'content', base64: bytes.toString('base64') } }],
  };
}
