import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e } from './rig.ts';
import { pathWith, plain, REFUSING, SANDBOXED, unless } from './sandboxed.ts';

e2e(
  'a program that the sandbox does not show is a start that failed, with a hint',
  async (t, rig) => {
    rig.write(join(rig.base, 'lib', 'part.sh'), 'echo part\n');
    const agent = plain(rig, 'agent', `exec '${rig.base}/lib/part.sh'`);
    const missing = await rig.run(['./out', ...SANDBOXED, '--manager-bin', agent]);
    t.equal(missing.code, 1, missing.said);
    t.match(missing.said, '--sandbox-read');
    const ranges = plain(rig, 'ranges', 'exit 1');
    const failed = await rig.run(['./out', ...SANDBOXED, '--manager-bin', ranges]);
    t.equal(failed.code, 1);
    t.equal(
      rig.report().stage_executions[0]?.status,
      'failed',
      'exit 1 of the program is not taken for a sandbox',
    );
    t.equal(rig.report().stage_executions[0]?.exit_code, 1);
  },
  unless,
);

e2e('a sandbox that is required and cannot be had is exit 2, before anything is written', async (t, rig) => {
  const flags = ['./out', ...ALL_PASS, '--manager-bin', '/bin/true'];
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['none', pathWith(rig, null), /bwrap.*was not found on PATH/],
    ['refused', pathWith(rig, REFUSING), /setting up uid map: Permission denied/],
  ];
  for (const [name, path, words] of cases) {
    for (const ask of [
      ['--sandbox', 'required'],
      ['--manager-sandbox', 'required'],
    ]) {
      const run = await rig.run([...flags, ...ask], { env: { PATH: path } });
      t.equal(run.code, 2, `${name}: ${run.said}`);
      t.match(run.stderr, words, name);
      t.notOk(rig.exists('out'), name);
    }
    const auto = await rig.run([...flags, '--sandbox', 'auto'], { env: { PATH: path } });
    t.equal(auto.code, 0, auto.said);
    t.match(auto.said, words, 'what is missing is said');
    t.equal(rig.report().isolation, 'none');
    t.match(rig.report().stage_executions[0]?.isolation, { tier: 'none', network: 'host', reason: words });
    await rig.run(['--version'], { through: ['/bin/sh', '-c', `rm -rf '${rig.out}'; exec "$@"`, 'sh'] });
  }
});

e2e('a bubblewrap inside the work tree is not the one that is started', async (t, rig) => {
  rig.gitRepo();
  rig.write('bin/bwrap', '#!/bin/sh\n: > fooled\nexit 0\n', 0o755);
  const env = { PATH: `${rig.work}/bin:${pathWith(rig, null)}` };
  const run = await rig.run(['./out', ...SANDBOXED, '--manager-bin', '/bin/true'], { env });
  t.equal(run.code, 2, run.said);
  t.notOk(rig.exists('fooled'));
});

e2e(
  'a completed stage that ran without a sandbox does not count once one is required',
  async (t, rig) => {
    rig.gitRepo();
    const flags = ['--policy-status', 'allow', '--ci-status', 'success', '--manager-bin', '/bin/true'];
    t.equal((await rig.run(['./out', ...flags])).code, 3);
    const before = rig.read('out/orchestrator_checkpoint.json');
    const refused = await rig.run([
      './out',
      '--resume',
      '--sandbox',
      'required',
      '--review-status',
      'approved',
    ]);
    t.equal(refused.code, 2, refused.said);
    t.match(refused.stderr, 'planning has completed, and its manager ran without a sandbox');
    t.equal(rig.read('out/orchestrator_checkpoint.json'), before);
    const again = await rig.run([
      ...['./out', '--resume', '--sandbox', 'required', '--review-status', 'approved'],
      ...['--rerun-from', 'planning'],
    ]);
    t.equal(again.code, 0, again.said);
    t.equal(rig.report().isolation, 'mixed', 'what ran before stays on record');
  },
  unless,
);

e2e(
  'what would put evidence within reach of a sandboxed stage is exit 2, and nothing is written',
  async (t, rig) => {
    rig.gitRepo();
    mkdirSync(join(rig.base, 'evidence'));
    const key = rig.write(join(rig.base, 'keys', 'state.key'), 'k'.repeat(40), 0o600);
    const flags = [...SANDBOXED, '--manager-bin', '/bin/true'];
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['./out', '--checkpoint-path', './state.json'], /--checkpoint-path/],
      [['./out', '--sandbox-read', '/'], /--sandbox-read/],
      [['./out', '--sandbox-read', '/proc'], /--sandbox-read/],
      [['./out', '--sandbox-write', '/dev/shm'], /--sandbox-write/],
      [['./out', '--sandbox-read', '/nowhere'], /expected something that exists/],
      [['./out', '--manager-expected-artifact', '/var/elsewhere.json'], /--manager-expected-artifact/],
      [['..'], /out_dir/],
      [['./out', '--state-key-file', key, '--sandbox-read', join(rig.base, 'keys')], /--state-key-file/],
    ];
    for (const [args, words] of cases) {
      const run = await rig.run([...args, ...flags]);
      t.equal(run.code, 2, `${args.join(' ')}: ${run.said}`);
      t.match(run.stderr, words);
      t.notOk(rig.exists('out'), args.join(' '));
    }
    t.equal((await rig.run(['./out', ...flags])).code, 0);
    const inside = await rig.run(['./out', ...flags, '--sandbox-write', './out/logs']);
    t.equal(inside.code, 2, inside.said);
    const around = await rig.run(['./out', ...flags, '--sandbox-write', '.']);
    t.equal(around.code, 0, 'out_dir in a folder that is shown is covered');
  },
  unless,
);

e2e('--dry-run says which stages would be sandboxed, and starts nothing', async (t, rig) => {
  const bwrap = `#!/bin/sh\n: > '${rig.base}/started'\nexit 0\n`;
  const env = { PATH: pathWith(rig, bwrap) };
  const dry = await rig.run(
    [
      './out',
      '--dry-run',
      '--sandbox',
      'required',
      '--manager-bin',
      '/bin/true',
      '--executor-bin',
      '/bin/true',
      '--executor-sandbox',
      'off',
    ],
    { env },
  );
  t.equal(dry.code, 0, dry.said);
  t.match(dry.stdout, /manager[\s\S]*sandbox: required, network off[\s\S]*executor[\s\S]*sandbox: off/);
  t.notOk(rig.exists(`${rig.base}/started`));
});
