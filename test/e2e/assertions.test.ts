import { ALL_PASS, e2e } from './rig.ts';

e2e('an assertion is carried over with its source until it is older than --gate-max-age', async (t, rig) => {
  const first = await rig.run([
    './out',
    '--policy-status',
    'allow',
    '--ci-status',
    'success',
    '--executor-bin',
    '/bin/true',
    '--gate-max-age',
    '2s',
  ]);
  t.equal(first.code, 3, first.said);
  const asserted = Date.now();
  const soon = await rig.run(['./out', '--resume', '--gate-max-age', '1h']);
  t.equal(soon.code, 3, soon.said);
  t.strictSame(rig.report().blocked_reason_codes, ['GATE_REVIEW_NOT_APPROVED']);
  t.ok(rig.report().gate_decisions.find((one) => one.gate === 'ci')?.carried_over);
  await new Promise((done) => setTimeout(done, Math.max(0, asserted + 3100 - Date.now())));
  const late = await rig.run(['./out', '--resume', '--review-status', 'approved', '--gate-max-age', '2s']);
  t.equal(late.code, 3, late.said);
  t.ok(rig.report().blocked_reason_codes.includes('GATE_CI_NOT_SUCCESS'));
  t.match(
    rig.report().gate_decisions.find((one) => one.gate === 'ci'),
    { status: 'missing', passed: false },
  );
  const renewed = await rig.run(['./out', '--resume', ...ALL_PASS]);
  t.equal(renewed.code, 0, renewed.said);
});

e2e(
  'an assertion that a closure has decided with does not count for another content tree',
  async (t, rig) => {
    rig.gitRepo();
    const executor = rig.agent('executor', 'cat a.txt');
    const first = await rig.run([
      './out',
      '--policy-status',
      'allow',
      '--ci-status',
      'success',
      '--executor-bin',
      executor,
    ]);
    t.equal(first.code, 3, first.said);
    rig.write('a.txt', 'other\n');
    const moved = await rig.run([
      './out',
      '--resume',
      '--rerun-from',
      'execution',
      '--policy-status',
      'allow',
      '--review-status',
      'approved',
    ]);
    t.equal(moved.code, 3, moved.said);
    t.strictSame(
      rig.report().blocked_reason_codes,
      ['GATE_CI_NOT_SUCCESS'],
      'ci was asserted for the tree before',
    );
    t.match(
      rig.report().gate_decisions.find((one) => one.gate === 'ci'),
      { status: 'missing' },
    );
    const renewed = await rig.run(['./out', '--resume', '--ci-status', 'success']);
    t.equal(renewed.code, 0, renewed.said);
  },
);

e2e('an assertion that no closure has decided with yet is carried over to the first tree', async (t, rig) => {
  rig.gitRepo();
  const first = await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/false']);
  t.equal(first.code, 1, first.said);
  rig.write('a.txt', 'other\n');
  const resumed = await rig.run(['./out', '--resume', '--executor-bin', '/bin/true']);
  t.equal(resumed.code, 0, resumed.said);
  t.ok(rig.report().gate_decisions.every((one) => one.source === 'operator'));
});
