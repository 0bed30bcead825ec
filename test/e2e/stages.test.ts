import { ALL_PASS, e2e } from './rig.ts';

const STAGES = ['planning', 'policy_ingestion', 'execution', 'validation', 'closure'];

e2e(
  'the five stages are entered in order, and a stage without a binary is recorded as not configured',
  async (t, rig) => {
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', rig.agent('executor')]);
    t.equal(run.code, 0, run.said);
    const report = rig.report();
    t.strictSame(
      report.transitions.map((one) => one.to_stage),
      STAGES,
    );
    t.strictSame(
      report.transitions.map((one) => one.from_stage),
      [null, ...STAGES.slice(0, -1)],
    );
    t.ok(
      report.transitions.every(
        (one) => one.run_id === report.run_id && Number.isInteger(one.timestamp_unix_secs),
      ),
    );
    const statusOf = (stage: string): readonly string[] =>
      report.stage_executions.filter((one) => one.stage === stage).map((one) => one.status);
    t.strictSame(statusOf('planning'), ['not_configured']);
    t.strictSame(statusOf('execution'), ['success']);
    t.strictSame(statusOf('validation'), ['not_configured']);
    t.strictSame([report.current_stage, report.terminal_state, report.failure], ['closure', 'done', null]);
  },
);

e2e('manager, executor, reviewer and native commands run one after the other', async (t, rig) => {
  const reviewer = rig.agent('reviewer', 'echo \'{"passed":true}\' > "$ORCHESTRATOR_OUT_DIR/review.json"');
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    rig.agent('executor'),
    '--reviewer-bin',
    reviewer,
    '--reviewer-expected-artifact',
    'out/review.json',
    '--validation-bin',
    rig.agent('first'),
    '--validation-bin',
    rig.agent('second'),
  ]);
  t.equal(run.code, 0, run.said);
  t.strictSame(
    rig.ledger().map((line) => line.replace(/ [^ ]+ ([^ ]+)$/, ' $1')),
    [
      ...[
        'start planning manager',
        'end planning manager',
        'start execution executor',
        'end execution executor',
      ],
      ...[
        'start validation reviewer',
        'end validation reviewer',
        'start validation first',
        'end validation first',
      ],
      ...['start validation second', 'end validation second'],
    ],
  );
});

e2e('a stage that fails ends the run there', async (t, rig) => {
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    '/bin/false',
    '--executor-bin',
    rig.agent('executor'),
  ]);
  t.equal(run.code, 1);
  const report = rig.report();
  t.strictSame(rig.ledger(), [], 'the executor never started');
  t.strictSame([report.terminal_state, report.current_stage], ['failed', 'planning']);
  t.match(report.stage_executions[0], { status: 'failed', exit_code: 1 });
  t.ok(report.failure?.message);
  t.match(run.said, /planning/);
});

e2e(
  'execution is attempted as often as the operator said, never more, and each attempt knows its number',
  async (t, rig) => {
    const flaky = `echo "$ORCHESTRATOR_EXECUTION_ATTEMPT" >> '${rig.base}/attempts'; [ "$ORCHESTRATOR_EXECUTION_ATTEMPT" -ge 3 ] || exit 1`;
    const executor = rig.agent('flaky', flaky);
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--executor-bin',
      executor,
      '--execution-max-iterations',
      '5',
    ]);
    t.equal(run.code, 0, run.said);
    t.equal(rig.read(`${rig.base}/attempts`), '1\n2\n3\n');
    t.strictSame(
      rig
        .report()
        .stage_executions.filter((one) => one.stage === 'execution')
        .map((one) => [one.attempt, one.status]),
      [
        [1, 'failed'],
        [2, 'failed'],
        [3, 'success'],
      ],
    );
    for (const again of ['first', 'second']) {
      rig.write(`${rig.base}/attempts`, '');
      const once = await rig.run(['./once', ...ALL_PASS, '--executor-bin', executor]);
      t.equal(once.code, 1, `${again} run with one iteration`);
      t.equal(rig.read(`${rig.base}/attempts`), '1\n', 'no hidden state between runs');
    }
  },
);

e2e(
  'a simulated block has its own code, is never empty, and is not carried over by resume',
  async (t, rig) => {
    const flags = ['./out', ...ALL_PASS, '--manager-bin', '/bin/true', '--simulate-blocked'];
    const blocked = await rig.run(flags);
    t.equal(blocked.code, 3, blocked.said);
    t.strictSame(rig.report().blocked_reason_codes, ['SIMULATED_BLOCK']);
    t.ok(rig.report().gate_decisions.every((one) => one.passed));
    const resumed = await rig.run(['./out', '--resume']);
    t.equal(resumed.code, 0, resumed.said);
  },
);
