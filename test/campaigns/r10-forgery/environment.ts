import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS } from '../../e2e/rig.ts';
import { ENDINGS } from '../r12-secrets/endings.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

const WITHHELD: Readonly<Record<string, string>> = {
  GITHUB_TOKEN: 'ghs_0123456789',
  GITHUB_ENV: '/nowhere/env',
  GITHUB_PATH: '/nowhere/path',
  GITHUB_OUTPUT: '/nowhere/output',
  ACTIONS_RUNTIME_TOKEN: 'runtime-0123456789',
  AWS_SECRET_ACCESS_KEY: 'aws-0123456789',
  NPM_TOKEN: 'npm-0123456789',
  NODE_OPTIONS: '--no-warnings',
  BASH_ENV: '/nowhere/bash',
  GIT_DIR: '/nowhere/git',
  OTHER: 'other',
};

const NAMED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TERM|CI|PWD|SHLVL|OLDPWD|_|ORCHESTRATOR_.*)$/;

const dump: Attack = {
  row: 12,
  name: "an agent dumps its environment: only the base set and the orchestrator's own are in it",
  control: 'with --pass-env OTHER the same dump has OTHER',
  attempt: async (rig) => {
    const dumps = rig.agent('dumps', `env > '${rig.base}/'"$1"`);
    const flags = [...ALL_PASS, '--manager-bin', dumps, '--manager-arg'];
    const run = await rig.run(['./out', ...flags, 'bare'], { env: WITHHELD });
    const passed = await rig.run(['./out2', ...flags, 'passed', '--pass-env', 'OTHER'], { env: WITHHELD });
    const names = (file: string): readonly string[] =>
      rig
        .read(join(rig.base, file))
        .split('\n')
        .flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
    const foreign = names('bare').filter((name) => !NAMED.test(name));
    return [
      ...unlessEnded(run, 0),
      ...unlessEnded(passed, 0),
      ...unless(foreign.length === 0, `the agent has ${foreign.join(', ')}`),
      ...unless(names('passed').includes('OTHER'), 'the control: OTHER did not reach the agent'),
    ];
  },
};

const PASSES: Readonly<Record<string, string>> = { POLICY: 'allow', CI: 'success', REVIEW: 'approved' };

/** A gate's value under every name that a program might look for. */
const GATE_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PASSES).flatMap(([gate, value]) =>
    ['', 'ORCHESTRATOR_', 'ORCH_', 'ORCHESTRATOR_GATE_', 'ORCH_GATE_', 'YARGS_'].flatMap((prefix) => [
      [`${prefix}${gate}_STATUS`, value],
      [`${prefix}${gate}-STATUS`, value],
    ]),
  ),
);

const gates: Attack = {
  row: 17,
  name: 'gates by the environment, by files in the tree and by the config file',
  control: 'the same values as flags end with 0',
  attempt: async (rig) => {
    const values = { policy_status: 'allow', ci_status: 'success', review_status: 'approved' };
    const names = [
      'orchestrator.json',
      '.orchestratorrc',
      '.orchestrator.json',
      'gates.json',
      'out/gates.json',
    ];
    for (const name of names) rig.write(name, JSON.stringify(values));
    rig.write('package.json', JSON.stringify({ orchestrator: values, yargs: values }));
    rig.write(
      '.env',
      Object.entries(GATE_ENVIRONMENT)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    rig.write('c.json', JSON.stringify({ executor: { bin: 'true' }, ...values }));
    const run = await rig.run(['./out', '--executor-bin', 'true'], { env: GATE_ENVIRONMENT });
    const config = await rig.run(['./out2', '--config', 'c.json']);
    const control = await rig.run(['./out3', ...ALL_PASS, '--executor-bin', 'true']);
    return [...unlessEnded(run, 3), ...unlessEnded(config, 2, 'policy_status'), ...unlessEnded(control, 0)];
  },
};

const NASTY = [
  '--output=pwned',
  '-rf',
  '--upload-pack=touch pwned',
  '--exec=touch pwned',
  ':(top)x',
  '$(touch pwned)',
];

const injection: Attack = {
  row: 21,
  name: 'names in the tree and values of flags that look like options',
  control: 'git log --output=pwned by itself writes that file',
  attempt: async (rig) => {
    rig.gitRepo({ 'a.txt': 'a\n', ...Object.fromEntries(NASTY.map((name) => [name, 'x\n'])) });
    const saw = join(rig.base, 'saw');
    const args = NASTY.flatMap((one) => ['--executor-arg', one]);
    const executor = rig.agent('executor', `printf '%s\\n' "$@" > '${saw}'`);
    const context = ['--planning-context-artifact', 'out/context.json'];
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', executor, ...args, ...context]);
    const dashed = await rig.run([...ALL_PASS, '--executor-bin', 'true', '--', '-x']);
    const clean = !existsSync(join(rig.work, 'pwned'));
    rig.git('log', '--output=pwned');
    return [
      ...unlessEnded(run, 0),
      ...unlessEnded(dashed, 0),
      ...unless(rig.read(saw) === `${NASTY.join('\n')}\n`, 'the arguments did not arrive as written'),
      ...unless(clean, 'a name was taken for an option'),
      ...unless(existsSync(join(rig.work, 'pwned')), 'the control: git wrote nothing'),
    ];
  },
};

/** Row 14 is what R12 tries at length; the run that ends done stands here as well. */
const secrets: readonly Attack[] = ENDINGS.slice(0, 1).map(({ attempt }) => ({
  row: 14,
  name: 'an agent prints secrets in every encoding, byte by byte',
  control: 'R12 has a control that finds each form where nothing masks it',
  attempt,
}));

/** Rows 12, 14, 17 and 21: environment, arguments, and values from where none may come. */
export const ENVIRONMENT: readonly Attack[] = [dump, ...secrets, gates, injection];
