import { readdirSync } from 'node:fs';
import { e2e, inParallel } from './rig.ts';

const MANAGER = ['--manager-bin', '/bin/true'];

/** What is typed after `./out`, and what the one line on stderr must name. */
const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'a scalar flag given twice',
    [...MANAGER, '--ci-status', 'success', '--ci-status', 'success'],
    /--ci-status/,
  ],
  ['a bin given twice', [...MANAGER, '--manager-bin', '/bin/false'], /--manager-bin/],
  ['a switch given twice', [...MANAGER, '--resume', '--resume'], /--resume/],
  ['an unknown flag', [...MANAGER, '--frobnicate'], /--frobnicate/],
  ['a misspelt flag', [...MANAGER, '--polcy-status', 'allow'], /--polcy-status.*--policy-status/],
  ['a camel-case twin', ['--managerBin', '/bin/true'], /--managerBin/],
  ['dot notation', [...MANAGER, '--manager.arg', 'x'], /--manager\.arg/],
  ['an unknown word of a gate', [...MANAGER, '--policy-status', 'alow'], /--policy-status.*allow/],
  ['a gate word in capitals', [...MANAGER, '--ci-status', 'SUCCESS'], /--ci-status/],
  ['an empty gate word', [...MANAGER, '--review-status='], /--review-status/],
  ['a timeout of 0', [...MANAGER, '--timeout-ms', '0'], /--timeout-ms/],
  [
    'a timeout over 2^31-1',
    [...MANAGER, '--timeout-ms', '2147483648'],
    /--timeout-ms.*2147483647|--timeout-ms/,
  ],
  ['a timeout with a fraction', [...MANAGER, '--timeout-ms', '1.5'], /--timeout-ms/],
  ['a timeout that is no number', [...MANAGER, '--manager-timeout-ms', 'soon'], /--manager-timeout-ms/],
  ['a number in hex', [...MANAGER, '--timeout-ms', '0x10'], /--timeout-ms/],
  ['a negative grace', [...MANAGER, '--kill-grace-ms', '-1'], /--kill-grace-ms/],
  ['no iterations', [...MANAGER, '--execution-max-iterations', '0'], /--execution-max-iterations/],
  ['a bad duration', [...MANAGER, '--gate-max-age', 'yesterday'], /--gate-max-age/],
  ['an argument before any command', [...MANAGER, '--validation-arg', 'x'], /--validation-arg/],
  [
    'a variable before any command',
    ['--validation-env', 'A=b', '--validation-bin', '/bin/true'],
    /--validation-env/,
  ],
  ["a role's argument without its bin", [...MANAGER, '--executor-arg', 'x'], /--executor/],
  ["a role's artifact without its bin", [...MANAGER, '--reviewer-expected-artifact', 'x.json'], /--reviewer/],
  ['an empty bin', ['--manager-bin', ''], /--manager-bin/],
  ['an empty validation bin', [...MANAGER, '--validation-bin='], /--validation-bin/],
  ['a variable without =', [...MANAGER, '--manager-env', 'NAME'], /--manager-env/],
  ['a variable with an empty name', [...MANAGER, '--manager-env', '=x'], /--manager-env/],
  [
    'one artifact in two stages',
    [
      ...MANAGER,
      '--manager-expected-artifact',
      'a.json',
      '--executor-bin',
      '/bin/true',
      '--executor-expected-artifact',
      './a.json',
    ],
    /a\.json/,
  ],
  ['nothing to run', ['--policy-status', 'allow'], /nothing to run/],
  ['a value that is missing', [...MANAGER, '--executor-bin'], /--executor-bin/],
  ['a second out_dir', ['./another', ...MANAGER], /another/],
  ['rerun-from without resume', [...MANAGER, '--rerun-from', 'execution'], /--rerun-from/],
  ['rerun-from an unknown stage', ['--resume', '--rerun-from', 'deploy'], /--rerun-from/],
  ['a config file that is not there', [...MANAGER, '--config', './none.yaml'], /none\.yaml/],
  ['a repository that is not there', [...MANAGER, '--repo-root', './nowhere'], /nowhere/],
];

e2e('a usage error is exit 2 with one line that names the flag, and nothing is written', async (t, rig) => {
  const runs = await inParallel(REFUSED, async ([, flags]) => rig.run(['./out', ...flags]));
  for (const [index, [name, , names]] of REFUSED.entries()) {
    const run = runs[index];
    t.equal(run?.code, 2, `${name}: ${run?.stderr}`);
    t.match(run?.stderr, names, `${name} is named`);
    t.equal(run?.stderr.trim().split('\n').length, 1, `${name}: one line, got ${run?.stderr}`);
    t.equal(run?.stdout, '', name);
  }
  t.strictSame(readdirSync(rig.work), [], 'nothing written');
});

const CONFIGS: readonly (readonly [string, string, RegExp])[] = [
  ['gate.json', '{"manager":{"bin":"/bin/true"},"policy_status":"allow"}', /policy_status/],
  ['unknown.json', '{"manager":{"bin":"/bin/true"},"frobnicate":1}', /frobnicate/],
  ['type.json', '{"manager":{"bin":"/bin/true"},"timeout_ms":"7"}', /timeout_ms/],
  ['twice.json', '{"manager":{"bin":"/bin/true"},"timeout_ms":1,"timeout_ms":2}', /timeout_ms/],
  ['cut.json', '{"manager":{"bin":', /cut\.json/],
  ['resume.yaml', 'manager: {bin: /bin/true}\nresume: true\n', /resume/],
  [
    'bomb.yaml',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`)
      .join('\n')}\n`,
    /bomb\.yaml/,
  ],
];

e2e('a config file is strict and can never assert a gate', async (t, rig) => {
  for (const [name, text] of CONFIGS) rig.write(name, text);
  const runs = await inParallel(CONFIGS, async ([name]) => rig.run(['./out', '--config', name]));
  for (const [index, [name, , names]] of CONFIGS.entries()) {
    t.equal(runs[index]?.code, 2, `${name}: ${runs[index]?.stderr}`);
    t.match(runs[index]?.stderr, names, name);
  }
  t.notOk(rig.exists('out'), 'nothing written');
});

e2e('flags win over the config file', async (t, rig) => {
  const config = rig.write(
    'o.yaml',
    'manager:\n  bin: /bin/false\ntimeout_ms: 1\nexecutor:\n  bin: /bin/true\n',
  );
  const run = await rig.run([
    './out',
    '--config',
    config,
    '--manager-bin',
    '/bin/true',
    '--timeout-ms',
    '9000',
    '--policy-status',
    'deny',
  ]);
  t.equal(run.code, 3, run.stderr);
  t.equal(rig.report().blocked_reason_codes[0], 'GATE_POLICY_DENIED_OR_UNKNOWN');
  t.equal(rig.report().stage_executions[0]?.status, 'success');
});

const RESERVED =
  'run report explain verify list diff clean config schema doctor completion init gaps plan autopilot approve approvals worker serve mode preflight cycle incident pause unpause rollback alerts review tidy status help'.split(
    ' ',
  );

e2e('a reserved name is never taken as an out_dir', async (t, rig) => {
  const runs = await inParallel(RESERVED, async (name) => rig.run([name, '--manager-bin', '/bin/true']));
  for (const [index, name] of RESERVED.entries()) {
    if (name === 'run') continue;
    // It takes the flags of the run that is meant.
    if (name !== 'doctor') t.not(runs[index]?.code, 0, `${name} with a flag of a run`);
    t.notOk(rig.exists(name), `no folder ${name}`);
  }
  const later = runs[RESERVED.indexOf('autopilot')];
  t.equal(later?.code, 2);
  t.match(later?.stderr, /\.\/autopilot/, 'says how to write it as an out_dir');
});
