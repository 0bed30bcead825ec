import * as fc from 'fast-check';
import { type FuzzCase, PLAIN_CASE } from '../fuzz-case.ts';
import { harmlessProgram, hostileArgument } from '../hostile.ts';

const VALUE_FLAGS: readonly string[] = [
  ...[
    'rerun-from',
    'accept-changed-binary',
    'checkpoint-path',
    'policy-status',
    'ci-status',
    'review-status',
  ],
  ...['gate-max-age', 'manager-arg', 'manager-env', 'manager-expected-artifact', 'manager-timeout-ms'],
  ...[
    'executor-arg',
    'executor-env',
    'executor-expected-artifact',
    'reviewer-arg',
    'reviewer-env',
    'validation-arg',
  ],
  ...['validation-env', 'repo-root', 'planning-context-artifact', 'execution-max-iterations', 'timeout-ms'],
  ...[
    'reviewer-remediation-max-cycles',
    'run-timeout-ms',
    'kill-grace-ms',
    'pass-env',
    'redact-env',
    'tree-ignore',
  ],
  ...[
    'max-artifact-bytes',
    'max-log-bytes',
    'config',
    'break-lock',
    'bogus',
    'Timeout-ms',
    'timeoutMs',
    'no-resume',
  ],
];

const SWITCHES: readonly string[] = [
  ...['--resume', '--inherit-env', '--allow-stale-artifacts', '--validation-from-planning-context', '--json'],
  ...[
    '--quiet',
    '--verbose',
    '--no-color',
    '--simulate-blocked',
    '--dry-run',
    '--print-config',
    '--help',
    '-V',
    '--',
  ],
];

const valued = fc
  .record({ flag: fc.constantFrom(...VALUE_FLAGS), value: hostileArgument, joined: fc.boolean() })
  .map(({ flag, value, joined }) => (joined ? [`--${flag}=${value}`] : [`--${flag}`, value]));

const program = fc
  .record({ role: fc.constantFrom('manager', 'reviewer', 'validation'), bin: harmlessProgram })
  .map(({ role, bin }) => [`--${role}-bin`, bin]);

const token = fc.oneof(
  { weight: 5, arbitrary: valued },
  { weight: 1, arbitrary: program },
  { weight: 2, arbitrary: fc.constantFrom(...SWITCHES).map((one) => [one]) },
  { weight: 1, arbitrary: hostileArgument.map((one) => [one]) },
  { weight: 1, arbitrary: hostileArgument.map((one) => [`--${one}`]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1000, 100_000).map((length) => ['--executor-arg', 'x'.repeat(length)]),
  },
);

/** What only prints, where one of these is on the line. */
const PRINTS = /^(--help|-h|-V|--version|--dry-run|--print-config)$/;

/** A run whose gates are closed, with flags of any kind behind it; 0 is for what only prints. */
export const argvs: fc.Arbitrary<FuzzCase> = fc
  .record({
    head: fc.constantFrom(
      ['./out', '--executor-bin', '/bin/true'],
      ['./out', '--executor-bin', '/bin/true'],
      [],
      ['run'],
    ),
    tokens: fc.oneof(fc.tuple(token), fc.array(token, { minLength: 1, maxLength: 4 })),
    rawArgument: fc.constantFrom('', '', '', '', '', '', '\\377\\376', '--manager-arg=\\303\\050'),
  })
  .map(({ head, tokens, rawArgument }) => {
    const argv = [...head, ...tokens.flat()];
    const prints = argv.some((one) => PRINTS.test(one)) ? [0] : [];
    return {
      ...PLAIN_CASE,
      ...{ input: 'argv', argv, rawArgument, writes: 'work' },
      codes: rawArgument === '' ? [...prints, 1, 2, 3, 124] : [...prints, 2],
    };
  });
