import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { expectedOf, git, outcomeOf, ROOT, runAs, temporaryFolder, withExecutable } from './example.ts';

const EXAMPLE = join(ROOT, 'examples/fix-failing-test');
const RUN = join(EXAMPLE, 'run.sh');
const EXPECTED = expectedOf('fix-failing-test');

withExecutable(
  'the demo ends as expected.json says: the failing test passes, and nothing is committed',
  (t, base) => {
    const demo = join(base, 'demo');
    const ended = runAs(base, base, [RUN, demo]);
    t.strictSame([outcomeOf(ended.code, join(demo, 'project/out'))], EXPECTED, ended.stderr);
    const project = join(demo, 'project');
    t.equal(runAs(base, project, ['make', 'test']).code, 0);
    t.equal(git(project, 'status', '--short'), ' M src/shipping.js\n');
    t.equal(git(project, 'rev-list', '--count', 'HEAD'), '1\n');
    t.equal(git(project, 'diff', '--numstat'), '1\t1\tsrc/shipping.js\n');
  },
);

withExecutable('its configuration file is valid', (t, base) => {
  const file = join(EXAMPLE, 'orchestrator.yaml');
  t.equal(runAs(base, base, ['orchestrator', 'config', 'validate', file]).code, 0);
});

withExecutable('the demo says in 40 lines what happened and where to look', (t, base) => {
  const demo = join(base, 'a demo');
  const { stdout } = runAs(base, base, [RUN, demo]);
  t.match(stdout, 'fails: a parcel of exactly 500 grams is still a letter');
  t.match(stdout, 'expected 1.5, got 4.5; look in src/shipping.js');
  t.match(stdout, 'is now "return grams > 0 && grams <= LETTER_GRAMS;"');
  for (const stage of ['planning', 'policy_ingestion', 'execution', 'validation', 'closure']) {
    t.match(stdout, stage);
  }
  t.match(stdout, / report \.\/out/);
  t.match(stdout, / verify \.\/out/);
  t.ok(stdout.split('\n').length <= 41, `${stdout.split('\n').length} lines`);
});

withExecutable('what the README tells to try afterwards is true', (t, base) => {
  const demo = join(base, 'demo');
  runAs(base, base, [RUN, demo]);
  const project = join(demo, 'project');
  const code = (...args: string[]) => runAs(base, project, ['orchestrator', ...args]).code;
  t.equal(code('report', './out'), 0);
  t.equal(code('verify', './out'), 0);
  t.equal(code('./out', '--resume'), 0);
  t.equal(code('./out', '--resume', '--ci-status', 'failure'), 3);
  t.equal(code('./out', '--resume', '--ci-status', 'success'), 0);
  appendFileSync(join(project, 'src/shipping.js'), '// one more line\n');
  t.not(code('verify', './out'), 0);
});

withExecutable('an executor that changes a test instead of the code does not end done', (t, base) => {
  const example = join(base, 'examples/fix-failing-test');
  cpSync(EXAMPLE, example, { recursive: true });
  const cheat = `#!/bin/sh
sed -i.bak 's/(20, 500), 1.5/(20, 500), 4.5/' test/shipping.test.js && rm test/shipping.test.js.bak
mkdir -p "$ORCHESTRATOR_OUT_DIR/executor" && echo '{}' > "$ORCHESTRATOR_OUT_DIR/executor/execution_report.json"
`;
  writeFileSync(join(example, 'agents/executor'), cheat);
  const demo = join(base, 'demo');
  const ended = runAs(base, base, [
    'env',
    `ORCHESTRATOR=${ROOT}/bin/orchestrator`,
    join(example, 'run.sh'),
    demo,
  ]);
  const outcome = outcomeOf(ended.code, join(demo, 'project/out'));
  t.match(outcome, { exit_code: 1, terminal_state: 'failed' });
  t.equal(outcome.stage_executions.at(-1), 'validation reviewer 1 failed');
  t.match(ended.stdout, / explain \.\/out/);
});

/** The example's agents on a copy of its project, without the orchestrator around them. */
function makeWorkshop(base: string) {
  cpSync(join(EXAMPLE, 'project'), join(base, 'project'), { recursive: true });
  cpSync(join(EXAMPLE, 'agents'), join(base, 'agents'), { recursive: true });
  const project = join(base, 'project');
  const out = join(base, 'out');
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  git(project, 'init', '--quiet');
  git(project, 'add', '--all');
  git(project, ...as, 'commit', '--quiet', '--message=start');
  const context = {
    validation_commands: [{ argv: ['make', 'test'], source: 'Makefile' }],
    files: { listing: ['src/shipping.js', 'test/shipping.test.js'] },
  };
  writeFileSync(join(base, 'context.json'), JSON.stringify(context));
  const told = [`ORCHESTRATOR_OUT_DIR=${out}`, `ORCHESTRATOR_PLANNING_CONTEXT=${join(base, 'context.json')}`];
  return {
    project,
    agent: (name: string) => runAs(base, project, ['env', ...told, join(base, 'agents', name)]),
    read: (path: string) => JSON.parse(readFileSync(join(out, path), 'utf8')),
    source: join(project, 'src/shipping.js'),
    test: join(project, 'test/shipping.test.js'),
  };
}

t.test('the manager plans from the assertion that fails', async (t) => {
  const shop = makeWorkshop(temporaryFolder(t));
  t.equal(shop.agent('manager').code, 0);
  t.match(shop.read('manager/action_plan.json'), {
    test_command: ['make', 'test'],
    actions: [{ change: 'src/shipping.js', file: 'test/shipping.test.js', expected: '1.5', actual: '4.5' }],
    limits: { files: ['src/shipping.js'], changed_lines: 1 },
  });
});

t.test('the executor finds another slip as well, and puts the file back where it finds none', async (t) => {
  const shop = makeWorkshop(temporaryFolder(t));
  const good = readFileSync(shop.source, 'utf8').replace('grams < LETTER', 'grams <= LETTER');
  writeFileSync(shop.source, good.replace('value >= FREE_FROM', 'value > FREE_FROM'));
  shop.agent('manager');
  t.equal(shop.agent('executor').code, 0);
  t.equal(readFileSync(shop.source, 'utf8'), good);

  const hopeless = good.replace('? 1.5', '? 2.5');
  writeFileSync(shop.source, hopeless);
  shop.agent('manager');
  t.match(shop.agent('executor'), { code: 1, stderr: /none of \d+ edits/ });
  t.equal(readFileSync(shop.source, 'utf8'), hopeless);
});

t.test('the reviewer passes what keeps to the plan and nothing else', async (t) => {
  const shop = makeWorkshop(temporaryFolder(t));
  const review = () => {
    t.equal(shop.agent('reviewer').code, 0);
    return shop.read('reviewer/review.json');
  };
  shop.agent('manager');
  t.match(review(), { passed: false, findings: ['nothing was changed'] });
  shop.agent('executor');
  t.strictSame(review(), { passed: true, findings: [], next_step_plan: [] });
  writeFileSync(join(shop.project, 'notes.txt'), 'x');
  t.match(review(), { passed: false, findings: ['notes.txt was added'] });
  appendFileSync(shop.test, '// weaker\n');
  const { passed, findings, next_step_plan } = review();
  t.equal(passed, false);
  t.ok(findings.includes('test/shipping.test.js: a test was changed'));
  t.equal(next_step_plan.length, findings.length);
});

t.test('where no test fails there is nothing to do, and nothing is done', async (t) => {
  const shop = makeWorkshop(temporaryFolder(t));
  const source = readFileSync(shop.source, 'utf8').replace('grams < LETTER', 'grams <= LETTER');
  writeFileSync(shop.source, source);
  git(shop.project, '-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qam', 'mended');
  t.match(shop.agent('manager'), { code: 0, stdout: /0 of 5 tests fail/ });
  t.equal(shop.agent('executor').code, 0);
  t.equal(readFileSync(shop.source, 'utf8'), source);
  shop.agent('reviewer');
  t.match(shop.read('reviewer/review.json'), { passed: true });
});
