import { ALL_PASS, e2e, inParallel, PATH, until } from './rig.ts';

e2e('0, 1, 3 and 124 say how a run ended, and the report says the same', async (t, rig) => {
  const nap = ['-bin', '/bin/sleep', rig.nap] as const;
  const rows: readonly (readonly [string, number, string, readonly string[]])[] = [
    ['done', 0, 'done', [...ALL_PASS, '--manager-bin', '/bin/true', '--executor-bin', '/bin/true']],
    ['a stage that fails', 1, 'failed', [...ALL_PASS, '--manager-bin', '/bin/false']],
    ['a missing binary', 1, 'failed', [...ALL_PASS, '--manager-bin', './none']],
    ['an open gate', 3, 'blocked', ['--manager-bin', '/bin/true']],
    [
      'a stage over its limit',
      124,
      'timeout',
      [...ALL_PASS, '--manager-bin', nap[1], '--manager-arg', nap[2], '--manager-timeout-ms', '200'],
    ],
    [
      'a run over its limit',
      124,
      'timeout',
      [...ALL_PASS, '--manager-bin', nap[1], '--manager-arg', nap[2], '--run-timeout-ms', '600'],
    ],
  ];
  const runs = await inParallel(rows, async ([, , , flags], index) => rig.run([`./out${index}`, ...flags]));
  for (const [index, [name, code, state]] of rows.entries()) {
    t.equal(runs[index]?.code, code, `${name}: ${runs[index]?.stderr}`);
    t.equal(rig.report(`${rig.work}/out${index}`).terminal_state, state, name);
  }
  t.strictSame(await rig.survivorsAfter(3000), []);
});

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

e2e('a signal ends the run as interrupted and resumable, and nothing survives', async (t, rig) => {
  const runs = await inParallel(SIGNALS, async ([signal], index) => {
    const manager = rig.agent(`m${index}`, `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
    const live = rig.start([
      `./out${index}`,
      ...ALL_PASS,
      '--manager-bin',
      manager,
      '--executor-bin',
      '/bin/true',
      '--kill-grace-ms',
      '500',
    ]);
    await until('the manager runs', () =>
      rig.ledger().some((line) => line.startsWith('start') && line.endsWith(` m${index}`)),
    );
    live.signal(signal);
    return live.finished;
  });
  for (const [index, [signal, code]] of SIGNALS.entries()) {
    t.equal(runs[index]?.code, code, `${signal}: ${runs[index]?.stderr}`);
    const report = rig.report(`${rig.work}/out${index}`);
    t.equal(report.terminal_state, null, signal);
    t.equal(report.failure?.reason, 'interrupted', signal);
    t.equal(report.stage_executions.at(-1)?.status, 'cancelled', signal);
  }
  t.strictSame(await rig.survivorsAfter(3000), []);
  rig.write(`${rig.base}/go`, '');
  const resumed = await inParallel(SIGNALS, async (_, index) => rig.run([`./out${index}`, '--resume']));
  t.strictSame(
    resumed.map((run) => run.code),
    [0, 0, 0],
    resumed.map((run) => run.said).join(''),
  );
});

e2e('a second signal kills at once', async (t, rig) => {
  const manager = rig.agent(
    'deaf',
    `trap 'echo term >> ${rig.base}/traps' TERM\nwhile :; do sleep 0.05; done`,
  );
  const live = rig.start(['./out', '--manager-bin', manager, '--kill-grace-ms', '60000']);
  await until('the manager runs', () => rig.ledger().length > 0);
  live.signal('SIGTERM');
  await until('the first signal arrives', () => rig.exists(`${rig.base}/traps`));
  live.signal('SIGTERM');
  const asked = performance.now();
  const run = await live.finished;
  t.ok(
    run.code === 143 || run.signal === 'SIGTERM' || run.signal === 'SIGKILL',
    `code ${run.code} signal ${run.signal}`,
  );
  t.ok(performance.now() - asked < 5000, 'well before the grace period ends');
  t.strictSame(await rig.survivorsAfter(3000), []);
});

e2e('whatever goes wrong is said without a stack trace', async (t, rig) => {
  rig.write('cut.json', '{');
  const wrong = [['--manager-bin', './none'], ['--bogus'], ['--resume'], ['--config', 'cut.json']];
  const runs = await inParallel(wrong, async (flags, index) => rig.run([`./o${index}`, ...flags]));
  for (const run of runs) t.notMatch(run.said, /\n {4}at /);
  t.strictSame(
    runs.map((run) => run.code),
    [1, 2, 2, 2],
  );
});

e2e('a git that hangs holds up neither a signal nor the limit of the run', async (t, rig) => {
  rig.gitRepo();
  const hangs = `#!/bin/sh\nexec sleep ${rig.nap}\n`;
  rig.write(`${rig.base}/path/git`, hangs, 0o755);
  const env = { PATH: `${rig.base}/path:${PATH}` };
  const flags = [...ALL_PASS, '--executor-bin', '/bin/true', '--kill-grace-ms', '300'];
  const late = await rig.run(['./late', ...flags, '--run-timeout-ms', '1000'], { env, limitMs: 6000 });
  t.equal(late.code, 124, `the limit of the run: ${late.said}`);
  t.strictSame(await rig.survivorsAfter(1000), [], 'nor does git outlive the run');
  const live = rig.start(['./out', ...flags], { env, limitMs: 6000 });
  await until('git works', () => rig.survivors().some((one) => one.includes(`sleep ${rig.nap}`)));
  live.signal('SIGTERM');
  const run = await live.finished;
  t.equal(run.code, 143, run.said);
  t.strictSame(await rig.survivorsAfter(1000), []);
});
