import { ALL_PASS, e2e, inParallel, type Rig, until } from './rig.ts';

const starts = (rig: Rig): readonly (string | undefined)[] =>
  rig
    .ledger()
    .filter((line) => line.startsWith('start'))
    .map((line) => line.split(' ').at(-1));

e2e('without a checkpoint a resume is exit 2 and nothing is written', async (t, rig) => {
  const none = await rig.run(['./out', '--resume', ...ALL_PASS, '--manager-bin', '/bin/true']);
  t.equal(none.code, 2, none.said);
  t.notOk(rig.exists('out'));
  rig.write('other/x.txt', 'x');
  t.equal((await rig.run(['./other', '--resume'])).code, 2);
  t.equal(rig.exists('other/audit.jsonl'), false);
});

e2e('a checkpoint that cannot be read is exit 1 and left untouched, never a fresh start', async (t, rig) => {
  await rig.run(['./good', '--manager-bin', rig.agent('manager')]);
  const good = rig.read('good/orchestrator_checkpoint.json');
  const bad: Readonly<Record<string, string | Buffer>> = {
    empty: '',
    cut: good.slice(0, good.length / 2),
    words: 'not json',
    'a list': '[]',
    nothing: '{}',
    'an unknown version': good.replace(/"schema_version": *"\d+/, '"schema_version": "99'),
    'another digest': good.replace(
      /("digest": *")([0-9a-f])/,
      (_, head: string, digit: string) => `${head}${digit === '0' ? '1' : '0'}`,
    ),
    deep: '['.repeat(100_000),
    binary: Buffer.from([0xff, 0xfe, 0, 1]),
  };
  await inParallel(Object.entries(bad), async ([name, content], index) => {
    rig.write(`out${index}/orchestrator_checkpoint.json`, content);
    const run = await rig.run([
      `./out${index}`,
      '--resume',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('never'),
    ]);
    t.equal(run.code, 1, `${name}: ${run.said}`);
    t.strictSame(
      Buffer.from(rig.read(`out${index}/orchestrator_checkpoint.json`)),
      Buffer.from(content.toString()),
      name,
    );
    t.equal(run.said.includes('\n    at '), false, name);
  });
  t.strictSame(starts(rig), ['manager'], 'nothing was started');
});

e2e(
  'a killed stage runs again as the next attempt, completed ones are skipped by name of the attempt that counts',
  async (t, rig) => {
    const executor = rig.agent('executor', `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
    const live = rig.start([
      './out',
      ...ALL_PASS,
      '--manager-bin',
      rig.agent('manager'),
      '--executor-bin',
      executor,
    ]);
    await until('the executor runs', () => starts(rig).includes('executor'));
    live.signal('SIGKILL');
    await live.exited;
    rig.write(`${rig.base}/go`, '');
    const resumed = await rig.run(['./out', '--resume']);
    t.equal(resumed.code, 0, resumed.said);
    t.strictSame(starts(rig), ['manager', 'executor', 'executor']);
    const report = rig.report();
    const manager = report.stage_executions.find((one) => one.step === 'manager' && one.status === 'success');
    const skipped = report.stage_executions.find(
      (one) => one.status === 'skipped' && one.stage === 'planning',
    );
    t.ok(skipped, 'planning has a record: skipped');
    t.equal(skipped?.counts, manager?.idempotency_key);
    t.equal(
      report.stage_executions.filter((one) => one.step === 'executor').at(-1)?.attempt,
      2,
      'the interrupted attempt is not charged, the number goes on',
    );
    t.strictSame(
      report.invocations.map((one) => one.resumed),
      [false, true],
    );
  },
);

e2e('a blocked run is decided again without running anything', async (t, rig) => {
  const first = await rig.run([
    './out',
    '--policy-status',
    'allow',
    '--ci-status',
    'pending',
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    rig.agent('executor'),
    '--validation-bin',
    rig.agent('check'),
  ]);
  t.equal(first.code, 3);
  const second = await rig.run(['./out', '--resume', '--ci-status', 'success']);
  t.equal(second.code, 3, second.said);
  t.strictSame(
    rig.report().blocked_reason_codes,
    ['GATE_REVIEW_NOT_APPROVED'],
    'policy and ci are carried over',
  );
  const third = await rig.run(['./out', '--resume', '--review-status', 'approved']);
  t.equal(third.code, 0, third.said);
  t.strictSame(starts(rig), ['manager', 'executor', 'check']);
  const withdrawn = await rig.run(['./out', '--resume', '--review-status', 'changes_requested']);
  t.equal(withdrawn.code, 3, 'an assertion given now is decided again, also on a done run');
  t.equal(rig.report().terminal_state, 'blocked');
});

e2e('a failed stage runs again with the budget of this invocation; attempt numbers go on', async (t, rig) => {
  const executor = rig.agent(
    'executor',
    `[ "$(grep -c 'start execution' '${rig.base}/ledger')" -ge 4 ] || exit 1`,
  );
  const first = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    executor,
    '--execution-max-iterations',
    '2',
  ]);
  t.equal(first.code, 1);
  const second = await rig.run(['./out', '--resume', '--execution-max-iterations', '1']);
  t.equal(second.code, 1);
  const third = await rig.run(['./out', '--resume']);
  t.equal(third.code, 0, third.said);
  const attempts = rig
    .report()
    .stage_executions.filter((one) => one.step === 'executor' && one.status !== 'skipped')
    .map((one) => one.attempt);
  t.strictSame(attempts, [1, 2, 3, 4]);
  t.equal(starts(rig).filter((name) => name === 'manager').length, 1);
});

e2e('a done run runs nothing on resume and stays done while all is as it was', async (t, rig) => {
  rig.gitRepo();
  const manager = rig.agent('manager', 'echo {} > "$ORCHESTRATOR_OUT_DIR/plan.json"');
  await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    'out/plan.json',
    '--executor-bin',
    rig.agent('executor'),
  ]);
  const decisions = rig.report().gate_decisions.map((one) => [one.gate, one.status, one.passed]);
  const resumed = await rig.run(['./out', '--resume']);
  t.equal(resumed.code, 0, resumed.said);
  t.equal(starts(rig).length, 2);
  t.strictSame(
    rig.report().gate_decisions.map((one) => [one.gate, one.status, one.passed]),
    decisions,
    'the recorded decisions stand',
  );
  t.ok(rig.report().stage_executions.length >= 2, 'history is kept');
  rig.write('a.txt', 'other\n');
  const changed = await rig.run(['./out', '--resume']);
  t.not(changed.code, 0, changed.said);
  t.not(rig.report().terminal_state, 'done', 'the green report is withdrawn');
});

e2e('--rerun-from runs from there on and nothing before it', async (t, rig) => {
  rig.gitRepo();
  await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    rig.agent('executor'),
    '--validation-bin',
    rig.agent('check'),
  ]);
  const run = await rig.run(['./out', '--resume', '--rerun-from', 'execution']);
  t.equal(run.code, 0, run.said);
  t.strictSame(starts(rig), ['manager', 'executor', 'check', 'executor', 'check']);
  t.strictSame(
    rig
      .report()
      .stage_executions.filter((one) => one.step === 'executor' && one.status === 'success')
      .map((one) => one.attempt),
    [1, 2],
  );
});

e2e('a stage over its limit runs again with a limit that fits', async (t, rig) => {
  const slow = rig.agent('slow', `[ -e '${rig.base}/go' ] || sleep ${rig.nap}`);
  t.equal(
    (
      await rig.run([
        './out',
        ...ALL_PASS,
        '--executor-bin',
        slow,
        '--timeout-ms',
        '150',
        '--kill-grace-ms',
        '100',
      ])
    ).code,
    124,
  );
  rig.write(`${rig.base}/go`, '');
  const resumed = await rig.run(['./out', '--resume', '--timeout-ms', '20000']);
  t.equal(resumed.code, 0, resumed.said);
});
