import { join } from 'node:path';
import t from 'tap';
import { runFlags } from '../../src/cli/flags.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { readRunRequest } from '../../src/cli/run-request.ts';
import type { RunRequest } from '../../src/core/run-plan.ts';

const CWD = '/caller';

async function read(argv: readonly string[], cwd = CWD) {
  const result = await readRunRequest(normaliseArgv(argv, runFlags()), cwd);
  return result.ok
    ? { ...result.value, problem: null }
    : { problem: result.failure, request: null, mode: null };
}

async function request(...argv: string[]): Promise<RunRequest> {
  const found = await read(argv);
  if (found.request === null) throw new Error(found.problem?.message);
  return found.request;
}

async function problem(...argv: string[]): Promise<string> {
  const found = await read(argv);
  if (found.problem === null) throw new Error(`expected a refusal of ${argv.join(' ')}`);
  t.equal(found.problem.reason, 'usage');
  return found.problem.message;
}

t.test('the deterministic quickstart of document 004 parses as printed', async (t) => {
  const found = await request(
    ...['./out', '--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'],
    ...['--manager-bin', '/bin/sh', '--manager-arg', '-c', '--manager-arg', 'exit 0'],
    ...['--executor-bin', '/bin/sh', '--executor-arg', '-c', '--executor-arg', 'exit 0'],
  );
  t.equal(found.outDir, '/caller/out');
  t.strictSame(found.assertions, { policy: 'allow', ci: 'success', review: 'approved' });
  for (const role of ['manager', 'executor'] as const) {
    t.strictSame(found.given.roles[role], {
      bin: { value: '/bin/sh', origin: `--${role}-bin` },
      args: { value: ['-c', 'exit 0'], origin: `--${role}-arg` },
    });
  }
  t.strictSame(found.given.roles.reviewer, {});
});

t.test('the CI-like quickstart of document 004 parses as printed', async (t) => {
  const variables = {
    AUTONOMOUS_NON_INTERACTIVE_PROFILE: 'orchestrator_v1',
    AUTONOMOUS_REQUIRE_PR_NUMBER: 'true',
    AUTONOMOUS_REVIEW_REQUIRED: 'true',
  };
  const found = await request(
    ...['./out', '--policy-status', 'allow', '--ci-status', 'success', '--review-status', 'approved'],
    ...[
      '--manager-bin',
      './target/release/auto_manager_ai',
      '--manager-arg',
      '.',
      '--manager-arg',
      './out/manager',
    ],
    ...['--manager-expected-artifact', './out/manager/action_plan.json'],
    ...['--manager-expected-artifact', './out/manager/run_report.json'],
    ...['--executor-bin', './target/debug/autonomous_dev_ai'],
    ...Object.entries(variables).flatMap(([name, value]) => ['--executor-env', `${name}=${value}`]),
  );
  const { manager, executor } = found.given.roles;
  t.equal(manager.bin?.value, '/caller/target/release/auto_manager_ai');
  t.strictSame(manager.args?.value, ['.', './out/manager'], 'arguments are never touched');
  t.strictSame(
    manager.expectedArtifacts?.value.map((one) => one.path),
    ['/caller/out/manager/action_plan.json', '/caller/out/manager/run_report.json'],
  );
  t.strictSame(executor.env?.value, variables);
});

t.test('resume needs nothing else, and nothing is given that was not said', async (t) => {
  t.strictSame(await request('./out', '--resume'), {
    outDir: '/caller/out',
    checkpointPath: null,
    resume: true,
    rerunFrom: null,
    acceptChangedBinary: [],
    assertions: {},
    simulateBlocked: false,
    breakLock: null,
    stateKey: null,
    signKey: null,
    htmlReport: null,
    output: { json: false, quiet: false, verbose: false, color: null },
    given: { roles: { manager: {}, executor: {}, reviewer: {} }, closure: {} },
  });
});

t.test("on resume a role's flags may stand without its bin", async (t) => {
  const found = await request('--resume', '--executor-arg', 'x', '--manager-timeout-ms', '5');
  t.strictSame(found.given.roles.executor.args, { value: ['x'], origin: '--executor-arg' });
  t.equal(found.given.roles.manager.timeoutMs?.value, 5);
});

t.test('every setting arrives with its flag as origin', async (t) => {
  const found = await request(
    ...['--reviewer-bin', 'review', '--repo-root', 'r', '--planning-context-artifact', 'c.json'],
    ...[
      '--execution-max-iterations',
      '3',
      '--reviewer-remediation-max-cycles',
      '2',
      '--timeout-ms',
      '2147483647',
    ],
    ...['--run-timeout-ms', '9', '--kill-grace-ms', '0', '--gate-max-age', '90s', '--pass-env', 'AWS_*'],
    ...[
      '--pass-env',
      'FOO',
      '--inherit-env',
      '--redact-env',
      'X',
      '--allow-stale-artifacts',
      '--tree-ignore',
      '*.log',
    ],
    ...['--max-artifact-bytes', '1', '--max-log-bytes', '0', '--validation-from-planning-context'],
    ...[
      '--checkpoint-path',
      'c',
      '--break-lock',
      'tok',
      '--simulate-blocked',
      '--json',
      '--quiet',
      '--no-color',
    ],
  );
  const { roles, ...settings } = found.given;
  t.strictSame(roles.reviewer.bin, { value: 'review', origin: '--reviewer-bin' });
  t.strictSame(settings, {
    closure: {},
    validationFromPlanningContext: { value: true, origin: '--validation-from-planning-context' },
    repoRoot: { value: '/caller/r', origin: '--repo-root' },
    planningContextArtifact: { value: '/caller/c.json', origin: '--planning-context-artifact' },
    executionMaxIterations: { value: 3, origin: '--execution-max-iterations' },
    remediationMaxCycles: { value: 2, origin: '--reviewer-remediation-max-cycles' },
    timeoutMs: { value: 2_147_483_647, origin: '--timeout-ms' },
    runTimeoutMs: { value: 9, origin: '--run-timeout-ms' },
    killGraceMs: { value: 0, origin: '--kill-grace-ms' },
    gateMaxAgeMs: { value: 90_000, origin: '--gate-max-age' },
    passEnv: { value: ['AWS_*', 'FOO'], origin: '--pass-env' },
    inheritEnv: { value: true, origin: '--inherit-env' },
    redactEnv: { value: ['X'], origin: '--redact-env' },
    allowStaleArtifacts: { value: true, origin: '--allow-stale-artifacts' },
    treeIgnore: { value: ['*.log'], origin: '--tree-ignore' },
    maxArtifactBytes: { value: 1, origin: '--max-artifact-bytes' },
    maxLogBytes: { value: 0, origin: '--max-log-bytes' },
  });
  t.equal(found.checkpointPath, '/caller/c');
  t.equal(found.breakLock, 'tok');
  t.equal(found.simulateBlocked, true);
  t.strictSame(found.output, { json: true, quiet: true, verbose: false, color: false });
});

t.test('validation arguments and variables bind to the command before them, in both forms', async (t) => {
  const found = await request(
    ...[
      '--validation-bin=false',
      '--validation-bin',
      './check',
      '--validation-arg',
      '-c',
      '--validation-arg=',
    ],
    ...['--validation-env', 'A=1=2', '--validation-bin', 'last', '--validation-env=B='],
  );
  t.strictSame(found.given.validation?.value, [
    { bin: 'false', args: [], env: {} },
    { bin: '/caller/check', args: ['-c', ''], env: { A: '1=2' } },
    { bin: 'last', args: [], env: { B: '' } },
  ]);
});

t.test('only the first "=" of a variable splits, and an empty value is one', async (t) => {
  const found = await request(
    '--manager-bin',
    'm',
    '--manager-env',
    'A=b=c',
    '--manager-env=E=',
    '--manager-env',
    'a.b-c= d ',
  );
  t.strictSame(found.given.roles.manager.env?.value, { A: 'b=c', E: '', 'a.b-c': ' d ' });
});

t.test('out_dir is ./out when nobody says', async (t) => {
  t.equal((await request('--resume')).outDir, '/caller/out');
  t.equal((await request('/abs/../x', '--resume')).outDir, '/x');
});

t.test('the mode is what was asked for', async (t) => {
  t.equal((await read(['--manager-bin', 'm', '--dry-run'])).mode, 'dry-run');
  t.equal((await read(['--print-config'])).mode, 'print-config', 'also with nothing to run');
  t.equal((await read(['--dry-run'])).mode, null, 'a plan needs something to run');
});

const BIN = ['--manager-bin', 'm'];
const RANGE = 'expected a whole number from 1 to 2147483647, got';

t.test('what is refused is refused in one line that names the flag and what was expected', async (t) => {
  const cases: [string[], string][] = [
    [
      [],
      'nothing to run: expected at least one of --manager-bin, --executor-bin, --reviewer-bin or --validation-bin, or --resume',
    ],
    [
      ['--planning-context-artifact', 'c.json'],
      'nothing to run: expected at least one of --manager-bin, --executor-bin, --reviewer-bin or --validation-bin, or --resume',
    ],
    [['--timeout-ms', '0'], `--timeout-ms: ${RANGE} "0"`],
    [['--timeout-ms', '2147483648'], `--timeout-ms: ${RANGE} "2147483648"`],
    ...['1e3', ' 5', '0x10', '-1', '1.5', '', '5 ', '٥', '9'.repeat(17), 'abc\n'].map(
      (text): [string[], string] => [
        ['--timeout-ms', text],
        `--timeout-ms: ${RANGE} ${JSON.stringify(text).replace('\\n', '\\x0a')}`,
      ],
    ),
    [
      ['--execution-max-iterations', '0'],
      '--execution-max-iterations: expected a whole number from 1 to 1000000, got "0"',
    ],
    [
      ['--policy-status', 'alow'],
      '--policy-status: expected allow, deny or unknown, got "alow" (did you mean allow?)',
    ],
    [
      ['--ci-status', 'SUCCESS'],
      '--ci-status: expected success, pending, failure or missing, got "SUCCESS" (did you mean success?)',
    ],
    [['--review-status='], '--review-status: expected approved, changes_requested or missing, got ""'],
    [
      ['--gate-max-age', '24'],
      '--gate-max-age: expected a duration such as 500ms, 90s, 30m, 24h or 7d (the unit is missing), got "24"',
    ],
    [
      ['--validation-arg', 'x', '--validation-bin', 'b'],
      '--validation-arg: expected a --validation-bin before it, got none',
    ],
    [['--validation-env', 'A=1'], '--validation-env: expected a --validation-bin before it, got none'],
    [['--validation-bin='], '--validation-bin: expected the path or name of a program, got an empty one'],
    [['--manager-bin='], '--manager-bin: expected the path or name of a program, got an empty one'],
    [['--executor-arg', 'x'], '--executor-arg: expected --executor-bin as well, got none'],
    [['--reviewer-env', 'A=1'], '--reviewer-env: expected --reviewer-bin as well, got none'],
    [['--executor-timeout-ms', '5'], '--executor-timeout-ms: expected --executor-bin as well, got none'],
    [['--manager-env', 'secret'], '--manager-env: expected NAME=VALUE, got a text without "="'],
    [['--manager-env', '=secret'], '--manager-env: expected NAME=VALUE, got an empty name'],
    [
      ['--manager-env', 'A=1', '--manager-env', 'A=2'],
      '--manager-env: expected each name once, got "A" twice',
    ],
    [
      ['--manager-expected-artifact', 'a', '--executor-bin', 'e', '--executor-expected-artifact', './b/../a'],
      '--executor-expected-artifact: expected a path of its own, got "/caller/a", which is an artifact of the manager',
    ],
    [
      ['--manager-expected-artifact', 'a', '--manager-expected-artifact', 'a'],
      '--manager-expected-artifact: expected a path of its own, got "/caller/a", which is an artifact of the manager',
    ],
    [
      ['--manager-expected-artifact', 'a', '--planning-context-artifact', 'a'],
      '--manager-expected-artifact: expected a path of its own, got "/caller/a", which is the planning context',
    ],
    [
      ['--manager-expected-artifact', 'out/audit.jsonl'],
      '--manager-expected-artifact: expected a path of its own, got "/caller/out/audit.jsonl", which is one of the orchestrator\'s own files',
    ],
    [
      ['--manager-expected-artifact', 'c', '--checkpoint-path', 'c'],
      '--manager-expected-artifact: expected a path of its own, got "/caller/c", which is one of the orchestrator\'s own files',
    ],
    [['--manager-expected-artifact='], '--manager-expected-artifact: expected a path, got an empty one'],
    [
      ['--validation-from-planning-context'],
      '--validation-from-planning-context: expected --planning-context-artifact as well, got none',
    ],
    [['--rerun-from', 'execution'], '--rerun-from: expected --resume as well, got none'],
    [['--accept-changed-binary', 'planning'], '--accept-changed-binary: expected --resume as well, got none'],
    [
      ['--resume', '--rerun-from', 'exec'],
      '--rerun-from: expected planning, policy_ingestion, execution, validation or closure, got "exec"',
    ],
    [
      ['--resume', '--accept-changed-binary', 'closure'],
      '--accept-changed-binary: expected planning, execution or validation, got "closure"',
    ],
    [['a', 'b'], 'out_dir: expected one, got "a" and "b"'],
    [[''], 'out_dir: expected a path, got an empty one'],
    [['--config='], '--config: expected a path, got an empty one'],
    [['--repo-root='], '--repo-root: expected a path, got an empty one'],
    [['--checkpoint-path='], '--checkpoint-path: expected a path, got an empty one'],
    [['--pass-env='], '--pass-env: expected a text, got an empty one'],
    [['--quiet', '--verbose'], '--quiet: expected without --verbose, got both'],
    [['--dry-run', '--print-config'], '--dry-run: expected without --print-config, got both'],
  ];
  for (const [argv, expected] of cases) {
    const needsBin =
      !/^nothing to run|manager-bin|as well|^--validation-bin/.test(expected) ||
      expected.includes('--resume as well');
    const all = needsBin ? [...BIN, ...argv] : argv;
    t.equal(await problem(...all), expected, argv.join(' '));
  }
});

t.test('flags win over the config file key by key, and a role keeps what the flags do not say', async (t) => {
  const cwd = t.testdir({
    'o.yaml':
      'timeout_ms: 5\nkill_grace_ms: 7\ncheckpoint_path: cp\nexecutor:\n  bin: ./e\n  args: [a]\n  env: {A: "1", B: "2"}\n',
  });
  const found = await read(
    ['--config', 'o.yaml', '--timeout-ms', '6', '--executor-arg', 'x', '--executor-env', 'B=3'],
    cwd,
  );
  if (found.request === null) throw new Error(found.problem?.message);
  const { given, checkpointPath } = found.request;
  t.strictSame(given.timeoutMs, { value: 6, origin: '--timeout-ms' });
  t.strictSame(given.killGraceMs, { value: 7, origin: 'o.yaml: kill_grace_ms' });
  t.strictSame(given.roles.executor, {
    bin: { value: join(cwd, 'e'), origin: 'o.yaml: executor.bin' },
    args: { value: ['x'], origin: '--executor-arg' },
    env: { value: { A: '1', B: '3' }, origin: 'o.yaml: executor.env, --executor-env' },
  });
  t.equal(checkpointPath, join(cwd, 'cp'));
});

t.test("a role's settings in the file need a bin in the file or on the command line", async (t) => {
  const cwd = t.testdir({ 'o.json': '{"executor": {"args": ["a"]}}' });
  t.equal((await read(['--config', 'o.json', '--executor-bin', 'e'], cwd)).problem, null);
  t.equal(
    (await read(['--config', 'o.json', '--manager-bin', 'm'], cwd)).problem?.message,
    'o.json: executor.args: expected --executor-bin as well, got none',
  );
});

t.test('a bad config file is one line that counts what else is wrong', async (t) => {
  const cwd = t.testdir({ 'o.yaml': 'timeout_ms: 0\npolicy_status: allow\nfoo: 1\n' });
  t.equal(
    (await read(['--config', 'o.yaml', ...BIN], cwd)).problem?.message,
    '--config: o.yaml:1:1: timeout_ms: expected a whole number from 1 to 2147483647, got the number 0 (and 2 more: orchestrator config validate o.yaml)',
  );
});
