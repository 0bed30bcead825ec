import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

const starts = (rig: Rig): readonly (string | undefined)[] =>
  rig
    .ledger()
    .filter((line) => line.startsWith('start'))
    .map((line) => line.split(' ').at(-1));

e2e(
  'a mended flag is taken for a stage that has not completed, and each change is listed',
  async (t, rig) => {
    await rig.run([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('manager'),
      '--executor-bin',
      './none',
      '--executor-arg',
      'x',
    ]);
    const args = `printf %s "$1" > '${rig.base}/arg'`;
    const resumed = await rig.run([
      './out',
      '--resume',
      '--executor-bin',
      rig.agent('executor', args),
      '--executor-arg',
      'y',
      '--timeout-ms',
      '60000',
    ]);
    t.equal(resumed.code, 0, resumed.said);
    t.equal(rig.read(`${rig.base}/arg`), 'y');
    const changes = rig.report().invocations.at(-1)?.changes ?? [];
    t.ok(
      changes.some((one) => one.includes('executor')),
      changes.join(' | '),
    );
    t.ok(
      changes.some((one) => /timeout/.test(one)),
      changes.join(' | '),
    );
    t.match(resumed.said, /executor/);
  },
);

e2e('a change to a completed stage is refused by name; --rerun-from is the way', async (t, rig) => {
  const manager = rig.agent('manager');
  await rig.run([
    './out',
    '--manager-bin',
    manager,
    '--manager-arg',
    'a',
    '--manager-env',
    'API_TOKEN=first-value',
    '--policy-status',
    'allow',
    '--executor-bin',
    '/bin/false',
  ]);
  const changes = [
    ['--manager-bin', '/bin/true'],
    ['--manager-arg', 'b'],
    ['--manager-env', 'OTHER=1'],
    ['--manager-expected-artifact', 'out/x.json'],
  ];
  for (const change of changes) {
    const before = rig.read('out/orchestrator_checkpoint.json');
    const run = await rig.run(['./out', '--resume', ...change]);
    t.equal(run.code, 2, `${change.join(' ')}: ${run.said}`);
    t.match(run.said, /manager|planning/);
    t.notMatch(run.said, /first-value/);
    t.equal(rig.read('out/orchestrator_checkpoint.json'), before, 'nothing written');
  }
  const rotated = await rig.run(['./out', '--resume', '--manager-env', 'API_TOKEN=second-value']);
  t.equal(rotated.code, 1, `a rotated value is fine, the executor still fails: ${rotated.said}`);
  const again = await rig.run([
    './out',
    '--resume',
    '--rerun-from',
    'planning',
    '--manager-arg',
    'b',
    '--executor-bin',
    '/bin/true',
    ...ALL_PASS,
    '--manager-env',
    'API_TOKEN=second-value',
  ]);
  t.equal(again.code, 0, again.said);
  t.equal(starts(rig).length, 2);
});

e2e('an artifact of a completed stage that changed or vanished is exit 1 by name', async (t, rig) => {
  const manager = rig.agent('manager', 'echo {} > "$ORCHESTRATOR_OUT_DIR/plan.json"');
  await rig.run([
    './out',
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    'out/plan.json',
    '--policy-status',
    'allow',
    '--executor-bin',
    '/bin/false',
  ]);
  rig.write('out/plan.json', '{"x":1}');
  const changed = await rig.run(['./out', '--resume', '--executor-bin', '/bin/true']);
  t.equal(changed.code, 1, changed.said);
  t.match(changed.said, /plan\.json/);
  t.match(changed.said, /--rerun-from/);
  rmSync(join(rig.out, 'plan.json'));
  const gone = await rig.run(['./out', '--resume', '--executor-bin', '/bin/true']);
  t.equal(gone.code, 1, gone.said);
  t.match(gone.said, /plan\.json/);
  const again = await rig.run([
    './out',
    '--resume',
    '--rerun-from',
    'planning',
    '--executor-bin',
    '/bin/true',
    ...ALL_PASS,
  ]);
  t.equal(again.code, 0, again.said);
});

e2e(
  'a completed stage whose binary or script changed is exit 1 by name; it can be accepted',
  async (t, rig) => {
    const manager = rig.agent('manager');
    await rig.run([
      './out',
      '--manager-bin',
      manager,
      '--policy-status',
      'allow',
      '--executor-bin',
      '/bin/false',
    ]);
    rig.write(manager, `${rig.read(manager)}# edited\n`, 0o755);
    const refused = await rig.run(['./out', '--resume', '--executor-bin', '/bin/true']);
    t.equal(refused.code, 1, refused.said);
    t.match(refused.said, /manager/);
    t.match(refused.said, /--accept-changed-binary/);
    const accepted = await rig.run([
      './out',
      '--resume',
      '--executor-bin',
      '/bin/true',
      '--accept-changed-binary',
      'planning',
      ...ALL_PASS,
    ]);
    t.equal(accepted.code, 0, accepted.said);
    t.equal(starts(rig).length, 1);
    t.match(JSON.stringify(rig.report().invocations), /accept/, 'recorded');
  },
);
