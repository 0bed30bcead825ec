import fc from 'fast-check';
import t from 'tap';
import { runFlags } from '../../src/cli/flags.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { parseFlags } from '../../src/cli/parser.ts';

const specs = runFlags();
const HARD = [
  ...[
    '-c',
    '--',
    '--resume',
    '',
    '007',
    '1e3',
    '0x10',
    'true',
    'null',
    'a=b',
    '=x',
    '-',
    '--no-color',
    'a b',
  ],
  ...['"q"', "'q'", '"', '$HOME', '*', 'one\ntwo', 'grüße 🙂', '--manager-arg=x', '{"a":1}', 'a.b', '-5'],
  ...['--__proto__=1', 'x'.repeat(100_000)],
];

async function parse(...argv: string[]) {
  const normalised = normaliseArgv(argv, specs);
  t.equal(normalised.problem, null);
  return parseFlags(normalised.argv, specs);
}

function problemOf(...argv: string[]): string | undefined {
  return normaliseArgv(argv, specs).problem?.message;
}

t.test('a hard argument arrives as written, after a space and after "="', async (t) => {
  for (const value of HARD) {
    const apart = await parse('./out', '--manager-arg', value, '--resume');
    t.strictSame(apart.values('manager-arg'), [value], `apart: ${value.slice(0, 20)}`);
    t.strictSame(apart.positionals, ['./out']);
    t.equal(apart.has('resume'), true);
    const joined = await parse('./out', `--manager-arg=${value}`, '--resume');
    t.strictSame(joined.values('manager-arg'), [value], `joined: ${value.slice(0, 20)}`);
    t.equal(joined.has('resume'), true);
  }
});

t.test('all hard arguments together keep their order', async (t) => {
  const parsed = await parse(...HARD.flatMap((value) => ['--executor-arg', value]));
  t.strictSame(parsed.values('executor-arg'), HARD);
});

t.test('any list of arguments arrives as written', async () => {
  const texts = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.boolean()), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(texts, async (list) => {
      const argv = list.flatMap(([text, joined]) =>
        joined ? [`--reviewer-arg=${text}`] : ['--reviewer-arg', text],
      );
      const normalised = normaliseArgv(argv, specs);
      const parsed = await parseFlags(normalised.argv, specs);
      const arrived = parsed.values('reviewer-arg');
      return normalised.problem === null && list.every(([text], index) => arrived[index] === text);
    }),
    { seed: 7, numRuns: 300 },
  );
});

t.test('any argv at all is read without throwing, and problems are one line', async () => {
  const words = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('--', '--resume', '-h', '--manager-bin', '-')),
  );
  fc.assert(
    fc.property(words, (argv) => !/[\n\r\u001b]/.test(normaliseArgv(argv, specs).problem?.message ?? '')),
    { seed: 7, numRuns: 500 },
  );
});

t.test('the raw order of different flags is kept', (t) => {
  const argv = [
    '--validation-bin=a',
    '--validation-arg',
    '-x',
    '--validation-bin',
    'b',
    '--validation-env=K=V',
  ];
  t.strictSame(normaliseArgv(argv, specs).flags, [
    { name: 'validation-bin', value: 'a' },
    { name: 'validation-arg', value: '-x' },
    { name: 'validation-bin', value: 'b' },
    { name: 'validation-env', value: 'K=V' },
  ]);
  t.end();
});

t.test('"--" ends the flags', async (t) => {
  const parsed = await parse('--resume', '--', '--json');
  t.strictSame(parsed.positionals, ['--json']);
  t.equal(parsed.has('json'), false);
});

t.test('a switch does not take the word after it', async (t) => {
  const parsed = await parse('--resume', 'true');
  t.strictSame(parsed.positionals, ['true']);
});

t.test('what cannot stand is named with what was expected', (t) => {
  const cases: [string[], string][] = [
    [['--timeout-ms'], '--timeout-ms: expected a value, got none'],
    [['--timeout-ms', '1', '--timeout-ms=2'], '--timeout-ms: expected once, got twice'],
    [['--resume', '--resume'], '--resume: expected once, got twice'],
    [['--resume=yes'], '--resume: expected no value, got "yes"'],
    [
      ['--manager-bin', '--resume'],
      '--manager-bin: expected a value, got none; if "--resume" is meant, write --manager-bin=...',
    ],
    [['--manager-bin', '--'], '--manager-bin: expected a value, got none'],
    [['--timeuot-ms', '4'], '--timeuot-ms: unknown flag (did you mean --timeout-ms?)'],
    [['--timeoutMs', '4'], '--timeoutMs: unknown flag (did you mean --timeout-ms?)'],
    [['--frob'], '--frob: unknown flag'],
    [['--res'], '--res: unknown flag'],
    [['--no-resume'], '--no-resume: unknown flag'],
    [['-c'], '-c: unknown flag'],
    [['-hV'], '-hV: unknown flag'],
    [['-'], '-: expected a flag or a path; for a folder of that name write ./-'],
    [['--\u001b[31mred\n'], '--\\x1b[31mred\\x0a: unknown flag'],
    [['--manager.arg', 'x'], '--manager.arg: unknown flag (did you mean --manager-arg?)'],
  ];
  for (const [argv, expected] of cases) t.equal(problemOf(...argv), expected, argv.join(' '));
  t.end();
});

t.test('a problem repeats no more of argv than fits a line', (t) => {
  t.ok((problemOf(`--${'x'.repeat(100_000)}`) ?? '').length < 200);
  t.end();
});

t.test('-h and -V are the only letters', (t) => {
  t.strictSame(
    normaliseArgv(['-h', '-V'], specs).flags.map((flag) => flag.name),
    ['help', 'version'],
  );
  t.end();
});
