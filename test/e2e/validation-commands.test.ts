import { ALL_PASS, e2e, PATH } from './rig.ts';

e2e('arguments and variables bind to the command before them, in both forms', async (t, rig) => {
  const show = `printf '%s:%s:%s:%s\\n' "$1" "$2" "$A" "$B" >> '${rig.base}/seen'`;
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--validation-bin',
    rig.agent('one', show),
    '--validation-arg',
    'a1',
    '--validation-env',
    'A=1',
    `--validation-bin=${rig.agent('two', show)}`,
    '--validation-env=B=2',
    '--validation-arg=b1',
    '--validation-arg',
    'b2',
    '--validation-bin',
    rig.agent('three', show),
  ]);
  t.equal(run.code, 0, run.said);
  t.equal(rig.read(`${rig.base}/seen`), 'a1::1:\nb1:b2::2\n:::\n');
  t.equal(
    rig.report().stage_executions.filter((one) => one.stage === 'validation' && one.status === 'success')
      .length,
    3,
  );
});

e2e('one command that fails fails the run, written with = or not, first or last', async (t, rig) => {
  for (const flags of [
    ['--validation-bin=false'],
    ['--validation-bin', 'true', '--validation-bin=false'],
    ['--validation-bin', 'false', '--validation-bin', 'true'],
  ]) {
    const run = await rig.run(['./out', ...ALL_PASS, ...flags]);
    t.equal(run.code, 1, `${flags.join(' ')}: ${run.said}`);
    t.equal(rig.report().terminal_state, 'failed');
  }
});

e2e('native commands run although there is a reviewer, and must pass too', async (t, rig) => {
  const reviewer = rig.agent('reviewer', 'echo \'{"passed":true}\' > "$ORCHESTRATOR_OUT_DIR/review.json"');
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--reviewer-bin',
    reviewer,
    '--reviewer-expected-artifact',
    'out/review.json',
    '--validation-bin',
    rig.agent('check', 'exit 9'),
  ]);
  t.equal(run.code, 1, run.said);
  t.strictSame(
    rig
      .ledger()
      .filter((line) => line.startsWith('start'))
      .map((line) => line.split(' ').at(-1)),
    ['reviewer', 'check'],
  );
  t.equal(rig.report().stage_executions.at(-1)?.exit_code, 9);
});

e2e('a command that is not there, or is over the limit, ends the run by its own code', async (t, rig) => {
  t.equal((await rig.run(['./a', ...ALL_PASS, '--validation-bin', './none'])).code, 1);
  const late = [
    './b',
    ...ALL_PASS,
    '--validation-bin',
    'sleep',
    '--validation-arg',
    rig.nap,
    '--timeout-ms',
    '200',
  ];
  t.equal((await rig.run(late)).code, 124);
  t.strictSame(await rig.survivorsAfter(3000), []);
});

e2e(
  "the planning context is there for every stage, and its commands run after the operator's own",
  async (t, rig) => {
    rig.gitRepo({ 'package.json': '{"scripts":{"test":"exit 0"}}\n', 'README.md': '# x\n' });
    const saw = `[ -s "$ORCHESTRATOR_PLANNING_CONTEXT" ] && echo "$ORCHESTRATOR_PLANNING_CONTEXT" >> '${rig.base}/seen'`;
    rig.write(
      `${rig.base}/path/npm`,
      `#!/bin/sh\necho "start validation - npm-$*" >> '${rig.base}/ledger'\n${saw}\n`,
      0o755,
    );
    const run = await rig.run(
      [
        './out',
        ...ALL_PASS,
        '--planning-context-artifact',
        'out/context.json',
        '--validation-from-planning-context',
        '--manager-bin',
        rig.agent('manager', saw),
        '--executor-bin',
        rig.agent('executor', saw),
        '--validation-bin',
        rig.agent('own', saw),
      ],
      { env: { PATH: `${rig.base}/path:${PATH}` } },
    );
    t.equal(run.code, 0, run.said);
    t.equal(rig.read(`${rig.base}/seen`), `${rig.out}/context.json\n`.repeat(4));
    t.match(JSON.parse(rig.read('out/context.json')), { schema_version: String });
    const starts = rig
      .ledger()
      .filter((line) => line.startsWith('start validation'))
      .map((line) => line.split(' ').at(-1));
    t.strictSame(starts, ['own', 'npm-test']);
  },
);

e2e('what a stage writes into the planning context adds no command', async (t, rig) => {
  rig.gitRepo({ 'package.json': '{"scripts":{"test":"exit 0"}}\n' });
  const forge = `sed -i 's/"npm"/"touch"/; s/"test"/"stolen"/' "$ORCHESTRATOR_PLANNING_CONTEXT"; echo '{"scripts":{}}' > package.json; echo 'test:' > Makefile`;
  rig.write(`${rig.base}/path/npm`, `#!/bin/sh\necho npm >> '${rig.base}/commands'\n`, 0o755);
  rig.write(`${rig.base}/path/make`, `#!/bin/sh\necho make >> '${rig.base}/commands'\n`, 0o755);
  await rig.run(
    [
      './out',
      ...ALL_PASS,
      '--planning-context-artifact',
      'out/context.json',
      '--validation-from-planning-context',
      '--manager-bin',
      rig.agent('manager', forge),
    ],
    { env: { PATH: `${rig.base}/path:${PATH}` } },
  );
  t.equal(rig.exists(`${rig.base}/commands`) ? rig.read(`${rig.base}/commands`) : '', 'npm\n');
  t.notOk(rig.exists('stolen'));
});
