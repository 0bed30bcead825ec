import { e2e, inParallel } from './rig.ts';

const WORDS = {
  policy: ['allow', 'deny', 'unknown'],
  ci: ['success', 'pending', 'failure', 'missing'],
  review: ['approved', 'changes_requested', 'missing'],
} as const;

const COMBINATIONS = WORDS.policy.flatMap((policy) =>
  WORDS.ci.flatMap((ci) => WORDS.review.map((review) => ({ policy, ci, review }))),
);

e2e(
  'of the 36 combinations of gate words exactly one closes, and every other names each closed gate',
  async (t, rig) => {
    const open: string[] = [];
    const lanes = [0, 1, 2].map((lane) => COMBINATIONS.filter((_, index) => index % 3 === lane));
    const check = async (
      { policy, ci, review }: (typeof COMBINATIONS)[number],
      out: string,
    ): Promise<void> => {
      const name = `${policy} ${ci} ${review}`;
      const run = await rig.run([
        out,
        '--policy-status',
        policy,
        `--ci-status=${ci}`,
        '--review-status',
        review,
        '--executor-bin',
        '/bin/true',
      ]);
      const report = rig.report(`${rig.work}/${out}`);
      const passed = [policy === 'allow', ci === 'success', review === 'approved'];
      const codes = ['GATE_POLICY_DENIED_OR_UNKNOWN', 'GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED'];
      const closed = codes.filter((_, gate) => !passed[gate]);
      if (run.code === 0) open.push(name);
      t.equal(run.code, closed.length === 0 ? 0 : 3, `${name}: ${run.said}`);
      t.equal(report.terminal_state, closed.length === 0 ? 'done' : 'blocked', name);
      t.strictSame(report.blocked_reason_codes, closed, name);
      t.strictSame(
        report.gate_decisions.map((one) => [one.gate, one.status, one.passed, one.reason_code, one.source]),
        ['policy', 'ci', 'review'].map((gate, at) => [
          gate,
          [policy, ci, review][at],
          passed[at],
          passed[at] ? null : codes[at],
          'operator',
        ]),
        name,
      );
    };
    await inParallel(lanes, async (lane, index) => {
      for (const combination of lane) await check(combination, `out${index}`);
    });
    t.strictSame(open, ['allow success approved']);
  },
);

e2e('without an assertion every gate is closed', async (t, rig) => {
  const run = await rig.run(['./out', '--manager-bin', '/bin/true']);
  t.equal(run.code, 3);
  t.strictSame(
    rig.report().gate_decisions.map((one) => [one.gate, one.status, one.passed]),
    [
      ['policy', 'unknown', false],
      ['ci', 'missing', false],
      ['review', 'missing', false],
    ],
  );
  for (const code of rig.report().blocked_reason_codes) t.ok(run.said.includes(code), `stderr names ${code}`);
});

e2e('policy is admission: unless it allows, the executor never starts', async (t, rig) => {
  const flags = [
    '--ci-status',
    'success',
    '--review-status',
    'approved',
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    rig.agent('executor'),
  ];
  for (const policy of [['--policy-status', 'deny'], ['--policy-status', 'unknown'], []]) {
    const run = await rig.run([`./out`, ...flags, ...policy]);
    t.equal(run.code, 3, run.said);
    t.equal(rig.report().current_stage, 'policy_ingestion');
    t.equal(rig.report().gate_decisions.length, 3);
  }
  t.strictSame([...new Set(rig.ledger().map((line) => line.split(' ').at(-1)))], ['manager']);
  const resumed = await rig.run(['./out', '--resume', '--policy-status', 'allow']);
  t.equal(resumed.code, 0, resumed.said);
  t.equal(
    rig.ledger().filter((line) => line.startsWith('start') && line.endsWith('manager')).length,
    3,
    'not a fourth time',
  );
  t.ok(rig.ledger().some((line) => line.endsWith('executor')));
});

e2e('no variable of the environment asserts a gate', async (t, rig) => {
  const words: Record<string, string> = {};
  for (const [gate, [pass]] of Object.entries(WORDS)) {
    for (const prefix of ['', 'ORCHESTRATOR_', 'ORCH_', 'ORCHESTRATOR_GATE_']) {
      words[`${prefix}${gate.toUpperCase()}_STATUS`] = pass;
    }
  }
  const run = await rig.run(['./out', '--manager-bin', '/bin/true'], { env: words });
  t.equal(run.code, 3);
  t.equal(rig.report().blocked_reason_codes.length, 3);
});
