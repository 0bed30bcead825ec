import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const STEPS = '[{"priority":"high","source":"reviewer","code":"R1","action":"mend the test"}]';

/** A reviewer that leaves what the file `verdict` beside the ledger holds, and exits 0. */
function reviewerFlags(rig: Rig, name = 'reviewer', verdict = `${rig.base}/verdict`): readonly string[] {
  const body = `cat '${verdict}' > "$ORCHESTRATOR_OUT_DIR/review.json"`;
  return ['--reviewer-bin', rig.agent(name, body)];
}

const REFUSED: readonly (readonly [string, string, readonly string[]])[] = [
  ['passed false', '{"passed":false}', ['failed']],
  ['passed as text', '{"passed":"true"}', ['failed', 'artifact_malformed']],
  ['passed as number', '{"passed":1}', ['failed', 'artifact_malformed']],
  ['passed missing', '{"findings":[]}', ['failed', 'artifact_malformed']],
  ['passed null', '{"passed":null}', ['failed', 'artifact_malformed']],
  ['a list', '[{"passed":true}]', ['failed', 'artifact_malformed']],
  ['passed under __proto__', '{"__proto__":{"passed":true}}', ['failed', 'artifact_malformed']],
  ['passed twice', '{"passed":false,"passed":true}', ['artifact_malformed']],
  ['findings that are no list', '{"passed":true,"findings":"none"}', ['failed', 'artifact_malformed']],
  ['not JSON', 'passed: true', ['artifact_malformed']],
  ['nothing', '', ['artifact_malformed']],
];

e2e('only passed: true passes, whatever the exit code', async (t, rig) => {
  await inParallel(REFUSED, async ([name, text, statuses], index) => {
    const verdict = rig.write(`${rig.base}/verdict${index}`, text);
    const out = `out${index}`;
    const run = await rig.run([
      out,
      ...ALL_PASS,
      ...reviewerFlags(rig, `reviewer${index}`, verdict),
      '--reviewer-expected-artifact',
      `${out}/review.json`,
    ]);
    t.equal(run.code, 1, `${name}: ${run.said}`);
    const report = rig.report(`${rig.work}/${out}`);
    t.equal(report.terminal_state, 'failed', name);
    const record = report.stage_executions.find((one) => one.step === 'reviewer');
    t.ok(statuses.includes(record?.status ?? ''), `${name}: ${record?.status}`);
    t.equal(record?.exit_code, 0, name);
  });
});

e2e('a passing report that also has keys of its own passes', async (t, rig) => {
  rig.write(`${rig.base}/verdict`, '{"passed":true,"findings":[{"x":1}],"model":"m","next_step_plan":[]}');
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    ...reviewerFlags(rig),
    '--reviewer-expected-artifact',
    'out/review.json',
  ]);
  t.equal(run.code, 0, run.said);
});

e2e('a reviewer that exits 1 fails the stage although its report passes', async (t, rig) => {
  const body = 'echo \'{"passed":true}\' > "$ORCHESTRATOR_OUT_DIR/review.json"; exit 1';
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--reviewer-bin',
    rig.agent('reviewer', body),
    '--reviewer-expected-artifact',
    'out/review.json',
  ]);
  t.equal(run.code, 1);
});

e2e("the first .json among the reviewer's artifacts is its report, in any case", async (t, rig) => {
  const body =
    'cd "$ORCHESTRATOR_OUT_DIR"; echo notes > notes.txt; echo \'{"passed":false}\' > review.JSON; echo \'{"passed":true}\' > more.json';
  const files = ['notes.txt', 'review.JSON', 'more.json'].flatMap((name) => [
    '--reviewer-expected-artifact',
    `out/${name}`,
  ]);
  const run = await rig.run(['./out', ...ALL_PASS, '--reviewer-bin', rig.agent('reviewer', body), ...files]);
  t.equal(run.code, 1, run.said);
});

e2e("with a cycle left, execution and validation run again on the reviewer's next steps", async (t, rig) => {
  const save = `env | grep REMEDIATION >> '${rig.base}/env'; [ -z "$ORCHESTRATOR_REMEDIATION_STEPS_FILE" ] || cp "$ORCHESTRATOR_REMEDIATION_STEPS_FILE" '${rig.base}/steps.json'`;
  const review = `n=$(grep -c 'start validation' '${rig.base}/ledger'); if [ "$n" -ge 2 ]; then echo '{"passed":true}'; else echo '{"passed":false,"next_step_plan":${STEPS}}'; fi > "$ORCHESTRATOR_OUT_DIR/review.json"`;
  const run = await rig.run([
    './out',
    ...ALL_PASS,
    '--manager-bin',
    rig.agent('manager'),
    '--executor-bin',
    rig.agent('executor', save),
    '--reviewer-bin',
    rig.agent('reviewer', review),
    '--reviewer-expected-artifact',
    'out/review.json',
    '--reviewer-remediation-max-cycles',
    '2',
  ]);
  t.equal(run.code, 0, run.said);
  const starts = rig
    .ledger()
    .filter((line) => line.startsWith('start'))
    .map((line) => line.split(' ').at(-1));
  t.strictSame(starts, ['manager', 'executor', 'reviewer', 'executor', 'reviewer']);
  t.match(rig.read(`${rig.base}/env`), /^ORCHESTRATOR_REMEDIATION_CYCLE=1$/m);
  t.match(rig.read(`${rig.base}/env`), /^ORCHESTRATOR_REMEDIATION_STEPS=.*mend the test/m);
  t.match(rig.read(`${rig.base}/steps.json`), /mend the test/);
  t.strictSame(
    rig
      .report()
      .stage_executions.filter((one) => one.step === 'executor')
      .map((one) => one.attempt),
    [1, 2],
  );
});

e2e('cycles are what the operator set; then the run has failed and says the next steps', async (t, rig) => {
  rig.write(`${rig.base}/verdict`, `{"passed":false,"next_step_plan":${STEPS}}`);
  for (const [cycles, executions] of [
    ['0', 1],
    ['2', 3],
  ] as const) {
    const out = `out${cycles}`;
    const executor = rig.agent(`executor${cycles}`);
    const run = await rig.run([
      out,
      ...ALL_PASS,
      '--executor-bin',
      executor,
      ...reviewerFlags(rig),
      '--reviewer-expected-artifact',
      `${out}/review.json`,
      '--reviewer-remediation-max-cycles',
      cycles,
    ]);
    t.equal(run.code, 1, run.said);
    const starts = rig
      .ledger()
      .filter((line) => line.startsWith('start') && line.endsWith(` executor${cycles}`));
    t.equal(starts.length, executions, `${cycles} cycles`);
    t.equal(rig.report(`${rig.work}/${out}`).reviewer_next_steps[0]?.action, 'mend the test');
  }
});

e2e('next steps of 64 KiB and more are in the file, not in the variable', async (t, rig) => {
  const steps = JSON.stringify([{ priority: 1, source: 'r', code: 'LONG', action: 'x'.repeat(70_000) }]);
  rig.write(`${rig.base}/verdict`, `{"passed":false,"next_step_plan":${steps}}`);
  const save = `printf '%s %s\\n' "\${#ORCHESTRATOR_REMEDIATION_STEPS}" "$(cat "$ORCHESTRATOR_REMEDIATION_STEPS_FILE" /dev/null | wc -c)" >> '${rig.base}/sizes'`;
  const run = await rig.run(
    [
      './out',
      ...ALL_PASS,
      '--executor-bin',
      rig.agent('executor', save),
      ...reviewerFlags(rig),
      '--reviewer-expected-artifact',
      'out/review.json',
      '--reviewer-remediation-max-cycles',
      '1',
    ],
    { input: '' },
  );
  t.equal(run.code, 1, run.said);
  const [variable = '', file = ''] =
    rig.read(`${rig.base}/sizes`).trim().split('\n').at(-1)?.split(' ') ?? [];
  t.equal(variable, '0');
  t.ok(Number(file) >= 70_000, `file of ${file} bytes`);
});
