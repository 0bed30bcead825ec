import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel, PATH, until } from './rig.ts';

e2e('a binary that cannot be started fails the run as spawn_failed and says why', async (t, rig) => {
  mkdirSync(join(rig.work, 'folder'));
  rig.write('plain.sh', '#!/bin/sh\n', 0o644);
  rig.write('orphan', '#!/no/such/interpreter\n', 0o755);
  rig.write('garbage', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 0o755);
  const bins = [
    './missing',
    './folder',
    './plain.sh',
    './orphan',
    './garbage',
    'no-such-name-on-path',
    './folder/none',
  ];
  await inParallel(bins, async (bin, index) => {
    const out = `out${index}`;
    const run = await rig.run([out, ...ALL_PASS, '--manager-bin', bin]);
    t.equal(run.code, 1, `${bin}: ${run.said}`);
    const report = rig.report(join(rig.work, out));
    t.equal(report.terminal_state, 'failed', bin);
    t.equal(report.stage_executions[0]?.status, 'spawn_failed', bin);
    t.ok(run.said.includes(bin.replace('./', '')), `${bin} is named: ${run.said}`);
    t.ok(report.stage_executions[0]?.error, bin);
  });
});

e2e(
  'stdin is closed, the working directory is repo-root, an attempt id is one of its own',
  async (t, rig) => {
    mkdirSync(join(rig.base, 'repo'));
    const body = `cat > '${rig.base}/stdin'; pwd > '${rig.base}/cwd'; echo "$ORCHESTRATOR_ATTEMPT_ID" >> '${rig.base}/ids'`;
    const run = await rig.run(
      [
        './out',
        ...ALL_PASS,
        '--repo-root',
        '../repo',
        '--manager-bin',
        rig.agent('m', body),
        '--executor-bin',
        rig.agent('e', body),
        '--validation-bin',
        rig.agent('v', body),
        '--validation-bin',
        rig.agent('w', body),
        '--manager-timeout-ms',
        '10000',
      ],
      { input: 'secret words on stdin\n' },
    );
    t.equal(run.code, 0, run.said);
    t.equal(rig.read(join(rig.base, 'stdin')), '');
    t.equal(rig.read(join(rig.base, 'cwd')).trim(), join(rig.base, 'repo'));
    const ids = rig.read(join(rig.base, 'ids')).trim().split('\n');
    t.equal(new Set(ids).size, 4, ids.join(' '));
    t.ok(ids.every((id) => id.includes(rig.report().run_id)));
  },
);

e2e(
  'the digest of the binary is recorded, and of the script where the binary is an interpreter',
  async (t, rig) => {
    const script = rig.write('plan.sh', 'exit 0\n');
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      'sh',
      '--manager-arg',
      './plan.sh',
      '--executor-bin',
      '/bin/true',
    ]);
    t.equal(run.code, 0, run.said);
    const [manager, executor] = ['manager', 'executor'].map((step) =>
      rig.report().stage_executions.find((one) => one.step === step),
    );
    t.match(
      manager,
      { binary: { sha256: /^[0-9a-f]{64}$/ }, script: { sha256: /^[0-9a-f]{64}$/, path: /plan\.sh$/ } },
      script,
    );
    t.match(executor, { binary: { sha256: /^[0-9a-f]{64}$/ }, script: null });
  },
);

e2e(
  "a limit is a limit whoever holds the pipes, and the role's own goes before the general one",
  async (t, rig) => {
    const holder = rig.agent('holder', `sleep ${rig.nap} & setsid sleep ${rig.nap} & sleep ${rig.nap}`);
    const late = await rig.run([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      holder,
      '--manager-timeout-ms',
      '300',
      '--kill-grace-ms',
      '300',
    ]);
    t.equal(late.code, 124, late.said);
    t.ok(late.ms < 4000, `${late.ms} ms`);
    t.match(rig.report().stage_executions.at(-1), { status: 'timeout', stage: 'planning' });
    const leaver = rig.agent('leaver', `sleep ${rig.nap} & setsid sleep ${rig.nap} &`);
    const early = await rig.run(['./out', ...ALL_PASS, '--manager-bin', leaver, '--kill-grace-ms', '300']);
    t.equal(early.code, 0, early.said);
    t.ok(early.ms < 4000, `${early.ms} ms`);
    t.match(rig.report().stage_executions[0]?.process_tree, { killed: 2, survivors: 0 });
    t.strictSame(await rig.survivorsAfter(3000), []);
  },
);

e2e('a stage that kills its own orchestrator leaves a run that resumes', async (t, rig) => {
  const rude = rig.agent(
    'rude',
    `[ -e '${rig.base}/once' ] || { : > '${rig.base}/once'; kill -9 $PPID; sleep ${rig.nap}; }`,
  );
  const run = await rig.run(['./out', ...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', rude], {
    env: { PATH },
  });
  t.not(run.code, 0);
  t.strictSame(await rig.survivorsAfter(3000), []);
  const resumed = await rig.run(['./out', '--resume']);
  t.equal(resumed.code, 0, resumed.said);
  await until('nothing else runs', () => rig.survivors().length === 0);
});
