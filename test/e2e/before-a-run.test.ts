import { readdirSync } from 'node:fs';
import { e2e } from './rig.ts';

e2e('--help and --version print on stdout and exit 0, also for a command', async (t, rig) => {
  const help = await rig.run(['--help']);
  t.equal(help.code, 0);
  t.equal(help.stderr, '');
  for (const flag of [
    '--resume',
    '--rerun-from',
    '--accept-changed-binary',
    '--policy-status',
    '--manager-bin',
    '--executor-expected-artifact',
    '--reviewer-timeout-ms',
    '--validation-env',
    '--gate-max-age',
    '--pass-env',
    '--redact-env',
    '--tree-ignore',
    '--max-log-bytes',
    '--print-config',
    '--dry-run',
    '--break-lock',
    '--no-color',
  ]) {
    t.ok(help.stdout.includes(flag), `help names ${flag}`);
  }
  const version = await rig.run(['--version']);
  t.equal(version.code, 0);
  t.match(version.stdout, /^\d+\.\d+\.\d+/);
  t.equal((await rig.run(['verify', '--help'])).code, 0);
  t.strictSame(readdirSync(rig.work), []);
});

const PLAN = [
  './out',
  '--policy-status',
  'allow',
  '--manager-bin',
  './plan.sh',
  '--manager-arg',
  'one two',
  '--manager-env',
  'API_TOKEN=c4n4ry-value',
  '--manager-expected-artifact',
  'out/plan.json',
  '--executor-bin',
  '/bin/true',
  '--validation-bin',
  'npm',
  '--validation-arg',
  'test',
];

e2e('--dry-run prints the exact plan, writes nothing and starts nothing', async (t, rig) => {
  rig.write('plan.sh', `#!/bin/sh\ntouch '${rig.base}/ran'\n`, 0o755);
  const run = await rig.run([...PLAN, '--dry-run']);
  t.equal(run.code, 0, run.stderr);
  for (const word of [
    'planning',
    'policy_ingestion',
    'execution',
    'validation',
    'closure',
    'plan.sh',
    'one two',
    'API_TOKEN',
    'npm',
    'orchestrator_checkpoint.json',
    'orchestrator_run_report.json',
    'policy',
    'ci',
    'review',
  ]) {
    t.ok(run.stdout.includes(word), `the plan names ${word}`);
  }
  t.notMatch(run.stdout, /c4n4ry/, 'no value of a secret');
  t.strictSame(readdirSync(rig.work), ['plan.sh']);
  t.notOk(rig.exists(`${rig.base}/ran`));
});

e2e('--print-config prints every effective value with its origin and runs nothing', async (t, rig) => {
  rig.write('o.yaml', 'timeout_ms: 7000\n');
  const run = await rig.run([...PLAN, '--config', 'o.yaml', '--kill-grace-ms', '100', '--print-config']);
  t.equal(run.code, 0, run.stderr);
  t.match(run.stdout, /7000/);
  t.match(run.stdout, /o\.yaml/, 'a value of the file names the file');
  t.match(run.stdout, /--kill-grace-ms/, 'a value of a flag names the flag');
  t.match(run.stdout, /default/, 'a default says so');
  t.notMatch(run.stdout, /c4n4ry/);
  t.notOk(rig.exists('out'));
});

e2e('--dry-run and --print-config refuse what a run would refuse', async (t, rig) => {
  t.equal((await rig.run(['./out', '--dry-run'])).code, 2, 'nothing to run');
  t.equal((await rig.run(['./out', '--print-config', '--manager-bin', ''])).code, 2);
});
