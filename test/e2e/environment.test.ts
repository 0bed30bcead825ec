import { join } from 'node:path';
import { ALL_PASS, e2e } from './rig.ts';

e2e(
  "a child sees the base set, what is passed, its own and the run's variables, and nothing else",
  async (t, rig) => {
    const manager = rig.agent('manager', `env > '${rig.base}/manager'`);
    const executor = rig.agent('executor', `env > '${rig.base}/executor'`);
    const env = {
      LANG: 'C',
      LC_TIME: 'C',
      TZ: 'UTC',
      TERM: 'dumb',
      USER: 'u',
      CI: '1',
      SHELL: '/bin/sh',
      LOGNAME: 'u',
      TMPDIR: '/tmp',
      WITHHELD: '1',
      GITHUB_TOKEN: 'ghs_sixteencharacters',
      NODE_OPTIONS: '--no-warnings',
      LD_LIBRARY_PATH: '/none',
      PASSED: 'p',
      MANY_A: 'a',
      MANY_B: 'b',
      GIT_DIR: '/none',
    };
    const run = await rig.run(
      [
        './out',
        ...ALL_PASS,
        '--manager-bin',
        manager,
        '--executor-bin',
        executor,
        '--pass-env',
        'PASSED',
        '--pass-env=MANY_*',
        '--manager-env',
        'OWN=o',
        '--manager-env',
        'TZ=Asia/Tokyo',
      ],
      { env },
    );
    t.equal(run.code, 0, run.said);
    const names = (file: string): string[] =>
      rig
        .read(join(rig.base, file))
        .split('\n')
        .map((line) => line.split('=')[0] ?? '')
        .filter((name) => name !== '');
    const run_s = [
      'ORCHESTRATOR_RUN_ID',
      'ORCHESTRATOR_STAGE',
      'ORCHESTRATOR_ATTEMPT_ID',
      'ORCHESTRATOR_OUT_DIR',
    ];
    const base = [
      'PATH',
      'HOME',
      'USER',
      'LOGNAME',
      'SHELL',
      'LANG',
      'LC_TIME',
      'TZ',
      'TMPDIR',
      'TERM',
      'CI',
    ];
    const seen = names('manager');
    for (const name of [...run_s, ...base, 'PASSED', 'MANY_A', 'MANY_B', 'OWN'])
      t.ok(seen.includes(name), name);
    const unexpected = seen.filter(
      (name) => ![...base, 'PASSED', 'MANY_A', 'MANY_B', 'OWN', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name),
    );
    t.strictSame(
      unexpected.filter((name) => !name.startsWith('ORCHESTRATOR_')),
      [],
      'nothing else',
    );
    t.match(rig.read(join(rig.base, 'manager')), /^TZ=Asia\/Tokyo$/m, "the role's own wins");
    t.notOk(names('executor').includes('OWN'), 'a role has only its own');
    t.match(rig.read(join(rig.base, 'executor')), /^ORCHESTRATOR_STAGE=execution$/m);
    t.match(rig.read(join(rig.base, 'executor')), /^ORCHESTRATOR_EXECUTION_ATTEMPT=1$/m);
    const record = rig.report().stage_executions.find((one) => one.step === 'manager');
    t.equal(record?.env_withheld, 5, 'WITHHELD, GITHUB_TOKEN, NODE_OPTIONS, LD_LIBRARY_PATH, GIT_DIR');
    t.ok(record?.env_keys.includes('OWN') && !record.env_keys.includes('WITHHELD'));
  },
);

e2e('how many variables were withheld is in the hint of a stage that fails', async (t, rig) => {
  const run = await rig.run(['./out', '--manager-bin', '/bin/false'], { env: { A1: '1', A2: '2', A3: '3' } });
  t.equal(run.code, 1);
  t.match(run.said, /\b3 of .*variables/);
});

e2e('--inherit-env passes everything on but what changes how programs load', async (t, rig) => {
  const manager = rig.agent('manager', `env > '${rig.base}/env'`);
  const env = { ANYTHING: 'x', NODE_OPTIONS: '--no-warnings', BASH_ENV: '/none', GIT_DIR: '/none' };
  const run = await rig.run(['./out', '--inherit-env', '--manager-bin', manager], { env });
  t.equal(run.code, 3, run.said);
  t.match(rig.read(join(rig.base, 'env')), /^ANYTHING=x$/m);
  t.notMatch(rig.read(join(rig.base, 'env')), /^(NODE_OPTIONS|BASH_ENV|GIT_DIR)=/m);
});
