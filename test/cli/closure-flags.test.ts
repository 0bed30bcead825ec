import t from 'tap';
import { runFlags } from '../../src/cli/flags.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { readRunRequest } from '../../src/cli/run-request.ts';
import { CLOSURE_DEFAULTS, CLOSURE_KEYS } from '../../src/core/config/closure-settings.ts';
import { resolveClosure } from '../../src/core/config/resolve-closure.ts';
import { deliveryPlanOf, gatePlanOf, scopePlanOf } from '../../src/core/gates/plan-of-settings.ts';

const SHA = 'a'.repeat(40);
const HEX = 'b'.repeat(64);

async function read(...argv: string[]) {
  return readRunRequest(normaliseArgv(['--executor-bin', 'x', ...argv], runFlags()), '/caller');
}

async function problem(...argv: string[]): Promise<string> {
  const found = await read(...argv);
  return found.ok ? 'accepted' : found.failure.message;
}

const EVERY = [
  ...['--policy-from', 'cedar:policy', '--policy-from', `opa:rego@sha256:${HEX}`, '--policy-min-rules', '3'],
  ...['--opa-bin', './opa', '--opa-sha256', HEX, '--conftest-bin', 'conftest', '--conftest-sha256', HEX],
  ...['--ci-from', 'github:o/r', '--ci-from', 'command:./ci', '--ci-required', 'build', '--ci-accept-flaky'],
  ...['--review-from', 'file:approvals/a.json', '--review-approvals', '2', '--review-allow', 'ann'],
  ...[
    '--review-agent',
    'bot',
    '--require-external',
    'ci',
    '--gate-wait-ms',
    '5',
    '--gate-poll-ms',
    '6000',
    '--gate-commit',
    SHA,
  ],
  ...['--approver-key', 'keys/a.pem', '--approver-key', 'keys/b.pem', '--approvers-required', '2'],
  ...['--github-url', 'https://ghe.example/api/v3', '--github-token-env', 'GH'],
  ...['--gitlab-url', 'http://127.0.0.1:8080/api/v4', '--gitlab-token-env', 'GL', '--base', 'origin/main'],
  ...['--scope', '--scope-allow', 'src/**', '--scope-protect', 'src/x', '--scope-unprotect', '*.lock'],
  ...['--scope-max-files', '1', '--scope-max-lines', '2', '--scope-max-new-files', '3'],
  ...['--scope-max-deleted-files', '0', '--delivery-branch', 'agent/x', '--delivery-commit-message', 'Why'],
  ...['--delivery-remote', 'up', '--delivery-protected-branch', 'rel/*', '--delivery-pr', 'github:o/r'],
  ...['--delivery-pr-base', 'main', '--delivery-pr-title', 'T', '--delivery-pr-body', 'B'],
  '--delivery-pr-draft',
];

t.test('every setting of closure arrives with its flag as origin, and paths from the caller', async (t) => {
  const found = await read(...EVERY);
  if (!found.ok) throw new Error(found.failure.message);
  const given = found.value.request.given.closure ?? {};
  t.strictSame(Object.keys(given).sort(), [...CLOSURE_KEYS].sort(), 'none is parsed and ignored');
  t.equal(given.ci_accept_flaky?.origin, '--ci-accept-flaky');
  const closure = resolveClosure(given, CLOSURE_DEFAULTS);
  for (const key of CLOSURE_KEYS) {
    if (key !== 'conftest_bin') t.notSame(closure[key], CLOSURE_DEFAULTS[key], `${key} is not its default`);
  }
  t.strictSame(closure.policy_from, ['cedar:policy', `opa:/caller/rego@sha256:${HEX}`]);
  t.strictSame(closure.ci_from, ['github:o/r', 'command:/caller/ci']);
  t.strictSame(closure.review_from, ['file:/caller/approvals/a.json']);
  t.strictSame(closure.approver_keys, ['/caller/keys/a.pem', '/caller/keys/b.pem']);
  t.strictSame([closure.opa_bin, closure.conftest_bin], ['/caller/opa', 'conftest']);
  t.match(gatePlanOf(closure), { requireExternal: ['ci'], waitMs: 5, commit: SHA, signers: { required: 2 } });
  t.match(scopePlanOf(closure), { allowed: ['src/**'], maxFiles: 1, maxDeletedFiles: 0 });
  t.match(deliveryPlanOf(closure), {
    branch: 'agent/x',
    pullRequest: { on: 'github', project: 'o/r', base: 'main', title: 'T', draft: true },
  });
});

t.test('a rule of a scope configures the scope', (t) => {
  const rule = { scope_max_files: { value: 3, origin: '--scope-max-files' } };
  t.equal(scopePlanOf(resolveClosure(rule, CLOSURE_DEFAULTS))?.maxFiles, 3);
  t.equal(scopePlanOf(CLOSURE_DEFAULTS), null);
  t.end();
});

t.test('a setting that cannot stand is refused by its flag, with what was expected', async (t) => {
  const rows: readonly (readonly [argv: string[], message: RegExp])[] = [
    [['--ci-from', 'github:o'], /^--ci-from: expected operator, command:BIN.*got "github:o"/],
    [['--ci-from', 'cedar:policy'], /^--ci-from: expected /],
    [['--policy-from', 'github:o/r#1'], /^--policy-from: expected /],
    [['--policy-from', ''], /^--policy-from: expected a text, got an empty one/],
    [['--policy-from', 'cedar:'], /^--policy-from: expected /],
    [['--policy-from', 'cedar:p@sha256:12'], /^--policy-from: expected /],
    [['--ci-from', 'github:o/..#1'], /^--ci-from: expected /],
    [['--ci-from', 'github:o/r#0'], /^--ci-from: expected /],
    [['--ci-from', 'gitlab:a/../b!1'], /^--ci-from: expected /],
    [['--ci-from', 'github:o/r'], /^--ci-from: expected github:o\/r#PR, or --delivery-pr/],
    [['--ci-from', 'operator', '--ci-from', 'operator'], /^--ci-from: expected each source once/],
    [['--gate-commit', 'HEAD'], /^--gate-commit: expected a whole commit id/],
    [['--gate-commit', 'abc123'], /^--gate-commit: expected a whole commit id/],
    [['--opa-sha256', 'x'], /^--opa-sha256: expected a SHA-256/],
    [['--github-url', 'http://api.github.com'], /^--github-url: expected an https URL/],
    [['--github-url', 'https://user:pw@x'], /^--github-url: expected an https URL without user/],
    [['--gitlab-token-env', 'A=B'], /^--gitlab-token-env: expected the name of a variable/],
    [['--require-external', 'ci'], /^--ci-from: expected another source than operator/],
    [['--require-external', 'cii'], /^--require-external: expected policy, ci or review/],
    [['--review-from', 'file:a.json'], /^--approver-key: expected with a file: source/],
    [
      ['--review-from', 'file:a', '--approver-key', 'k', '--approvers-required', '2'],
      /^--approvers-required: expected at most 1/,
    ],
    [['--delivery-branch', 'x'], /^--delivery-commit-message: expected with --delivery-branch/],
    [['--delivery-commit-message', 'x'], /^--delivery-branch: expected with the other delivery settings/],
    [
      ['--delivery-branch', 'x', '--delivery-commit-message', 'm', '--delivery-pr', 'github:o/r'],
      /^--delivery-pr-base: expected with --delivery-pr/,
    ],
    [
      [
        '--delivery-branch',
        'x',
        '--delivery-commit-message',
        'm',
        '--delivery-pr',
        'o/r',
        '--delivery-pr-base',
        'main',
      ],
      /^--delivery-pr: expected github:OWNER\/REPO/,
    ],
    [['--scope-allow', '../x'], /^--scope-allow: .*it holds \. or \.\./],
    [['--scope-protect', '/etc/**'], /^--scope-protect: .*absolute/],
    [['--scope-max-files', '-1'], /^--scope-max-files: expected a whole number/],
    [['--gate-wait-ms', '1e3'], /^--gate-wait-ms: expected a whole number/],
  ];
  for (const [argv, message] of rows) t.match(await problem(...argv), message, argv.join(' '));
});
