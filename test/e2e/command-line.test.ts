import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, PATH } from './rig.ts';

/** What a careless parser would read as a flag, a number, a boolean, a path or nothing at all. */
const HARD_ARGUMENTS = [
  '-c',
  'exit 0',
  '007',
  '',
  '--resume',
  '--',
  '-',
  '--manager-arg',
  '--executor-arg=x',
  '--help',
  '--version',
  '1e3',
  '0x10',
  'true',
  'null',
  '=',
  'a=b=c',
  'a.b.c',
  '--a.b=1',
  '--no-color',
  '*',
  '$HOME `id`',
  ' edges ',
  '"q" \'q\'',
  'line\nbreak',
  '\\n',
  'ünï ☃',
  '999999999999999999999',
  '__proto__',
  '-1',
  '@file',
  '~/x',
] as const;

const SAVE_ARGUMENTS = (file: string): string => `for a in "$@"; do printf '%s\\0' "$a"; done > '${file}'`;

e2e('arguments arrive at the child exactly as written, in both forms', async (t, rig) => {
  const manager = rig.agent('manager', SAVE_ARGUMENTS(join(rig.base, 'spaced')));
  const executor = rig.agent('executor', SAVE_ARGUMENTS(join(rig.base, 'equals')));
  const check = rig.agent('check', SAVE_ARGUMENTS(join(rig.base, 'validation')));
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    manager,
    ...HARD_ARGUMENTS.flatMap((one) => ['--manager-arg', one]),
    `--executor-bin=${executor}`,
    ...HARD_ARGUMENTS.map((one) => `--executor-arg=${one}`),
    '--validation-bin',
    check,
    ...HARD_ARGUMENTS.flatMap((one) => ['--validation-arg', one]),
  ]);
  t.equal(run.code, 0, run.said);
  for (const file of ['spaced', 'equals', 'validation']) {
    t.strictSame(rig.read(join(rig.base, file)).split('\0').slice(0, -1), [...HARD_ARGUMENTS], file);
  }
  t.strictSame(rig.report().stage_executions.find((one) => one.step === 'manager')?.args, [
    ...HARD_ARGUMENTS,
  ]);
});

e2e('the deterministic quickstart of the runbook ends done, as printed', async (t, rig) => {
  const run = await rig.run([
    './out',
    '--policy-status',
    'allow',
    '--ci-status',
    'success',
    '--review-status',
    'approved',
    '--manager-bin',
    '/bin/sh',
    '--manager-arg',
    '-c',
    '--manager-arg',
    'exit 0',
    '--executor-bin',
    '/bin/sh',
    '--executor-arg',
    '-c',
    '--executor-arg',
    'exit 0',
  ]);
  t.equal(run.code, 0, run.said);
  t.match(rig.report(), { terminal_state: 'done', blocked_reason_codes: [] });
});

e2e('the CI-like quickstart of the runbook ends done, as printed', async (t, rig) => {
  rig.gitRepo({ '.gitignore': 'target/\n' });
  const plan = 'mkdir -p "$2"; echo "{}" > "$2/action_plan.json"; echo "{}" > "$2/run_report.json"\n';
  rig.write('target/release/auto_manager_ai', `#!/bin/sh\n${plan}`, 0o755);
  rig.write('target/debug/autonomous_dev_ai', `#!/bin/sh\nenv > '${join(rig.base, 'env')}'\n`, 0o755);
  const run = await rig.run([
    './out',
    '--policy-status',
    'allow',
    '--ci-status',
    'success',
    '--review-status',
    'approved',
    '--manager-bin',
    './target/release/auto_manager_ai',
    '--manager-arg',
    '.',
    '--manager-arg',
    './out/manager',
    '--manager-expected-artifact',
    './out/manager/action_plan.json',
    '--manager-expected-artifact',
    './out/manager/run_report.json',
    '--executor-bin',
    './target/debug/autonomous_dev_ai',
    '--executor-env',
    'AUTONOMOUS_NON_INTERACTIVE_PROFILE=orchestrator_v1',
    '--executor-env',
    'AUTONOMOUS_REQUIRE_PR_NUMBER=true',
    '--executor-env',
    'AUTONOMOUS_FETCH_PR_CI_STATUS_FROM_GH=true',
    '--executor-env',
    'AUTONOMOUS_FETCH_PR_CI_STATUS_REQUIRED=true',
    '--executor-env',
    'AUTONOMOUS_REVIEW_REQUIRED=true',
    '--executor-env',
    'AUTONOMOUS_REQUIRE_ISSUE_COMPLIANCE=true',
  ]);
  t.equal(run.code, 0, run.said);
  t.match(rig.read(join(rig.base, 'env')), /^AUTONOMOUS_NON_INTERACTIVE_PROFILE=orchestrator_v1$/m);
  t.equal(rig.report().artifacts.length, 2);
});

e2e('K= is an empty value and only the first = splits', async (t, rig) => {
  const manager = rig.agent('manager', `env > '${join(rig.base, 'env')}'`);
  const variables = ['EMPTY=', 'TWICE=a=b', '--manager-env=FORM=equals'];
  const flags = variables.flatMap((one) => (one.startsWith('--') ? [one] : ['--manager-env', one]));
  const run = await rig.run(['./out', '--manager-bin', manager, ...flags]);
  t.equal(run.code, 3, run.said);
  t.match(rig.read(join(rig.base, 'env')), /^EMPTY=$/m);
  t.match(rig.read(join(rig.base, 'env')), /^TWICE=a=b$/m);
  t.match(rig.read(join(rig.base, 'env')), /^FORM=equals$/m);
});

e2e(
  "the operator's paths resolve from the caller's folder, a bare name on PATH, arguments are never touched",
  async (t, rig) => {
    const other = join(rig.base, 'elsewhere');
    mkdirSync(join(other, 'tools'), { recursive: true });
    mkdirSync(join(rig.base, 'path'));
    const body = `#!/bin/sh\npwd > '${rig.base}/cwd'; printf %s "$1" > '${rig.base}/arg'; echo '{}' > '${other}/plan.json'\n`;
    writeFileSync(join(other, 'tools/plan.sh'), body, { mode: 0o755 });
    writeFileSync(join(rig.base, 'path/bare-name'), `#!/bin/sh\necho bare > '${rig.base}/bare'\n`, {
      mode: 0o755,
    });
    const run = await rig.run(
      [
        'out',
        ...ALL_PASS,
        '--repo-root',
        rig.work,
        '--manager-bin',
        './tools/plan.sh',
        '--manager-arg',
        './arg',
        '--manager-expected-artifact',
        'plan.json',
        '--executor-bin',
        'bare-name',
      ],
      { cwd: other, env: { PATH: `${join(rig.base, 'path')}:${PATH}` } },
    );
    t.equal(run.code, 0, run.said);
    t.equal(rig.read(join(rig.base, 'cwd')).trim(), rig.work, 'the child works in repo-root');
    t.equal(rig.read(join(rig.base, 'arg')), './arg');
    t.equal(rig.read(join(rig.base, 'bare')), 'bare\n');
    t.equal(rig.report(join(other, 'out')).terminal_state, 'done');
  },
);

e2e('out_dir is ./out by default, and "run" spells the same command out', async (t, rig) => {
  const plain = await rig.run([...ALL_PASS, '--manager-bin', '/bin/true']);
  t.equal(plain.code, 0, plain.said);
  t.equal(rig.report().terminal_state, 'done');
  const spelled = await rig.run(['run', './second', ...ALL_PASS, '--manager-bin', '/bin/true']);
  t.equal(spelled.code, 0, spelled.said);
  t.equal(rig.report(join(rig.work, 'second')).terminal_state, 'done');
});

e2e('a name with a slash is an out_dir even where a command has that name', async (t, rig) => {
  const run = await rig.run(['./report', ...ALL_PASS, '--manager-bin', '/bin/true']);
  t.equal(run.code, 0, run.said);
  t.equal(rig.report(join(rig.work, 'report')).terminal_state, 'done');
});

e2e('an argument that is not UTF-8 arrives as it is or is refused, never changed', async (t, rig) => {
  const manager = rig.agent('manager', SAVE_ARGUMENTS(join(rig.base, 'bytes')));
  const run = await rig.run(['./out', '--manager-bin', manager], {
    through: ['/bin/bash', '-c', `exec "$@" --manager-arg $'a\\xff\\xfeb'`, 'bash'],
  });
  if (run.code === 2) return void t.match(run.stderr, /--manager-arg/);
  t.strictSame(readFileSync(join(rig.base, 'bytes')), Buffer.from([0x61, 0xff, 0xfe, 0x62, 0]), run.said);
});
