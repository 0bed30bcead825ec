import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  EXECUTABLE,
  expectedOf,
  git,
  outcomeOf,
  ROOT,
  runAs,
  shellBlocks,
  withExecutable,
} from './example.ts';

const EXAMPLE = join(ROOT, 'examples/ci-like');
const RUN = join(EXAMPLE, 'run.sh');
const EXPECTED = expectedOf('ci-like');
const [PREPARE = '', INVOCATION = '', EXPLAIN = '', CLOSE = ''] = shellBlocks('ci-like');
const [RESUME = '', VERIFY = ''] = CLOSE.split(/(?<=\n)/);
/** As document 004 prints it, `orchestrator` in place of the program it names, and one assertion apart. */
const AS_PRINTED = `orchestrator ./out \\
  --policy-status allow \\
  --ci-status success \\
  --review-status approved \\
  --manager-bin ./target/release/auto_manager_ai \\
  --manager-arg . \\
  --manager-arg ./out/manager \\
  --manager-expected-artifact ./out/manager/action_plan.json \\
  --manager-expected-artifact ./out/manager/run_report.json \\
  --executor-bin ./target/debug/autonomous_dev_ai \\
  --executor-env AUTONOMOUS_NON_INTERACTIVE_PROFILE=orchestrator_v1 \\
  --executor-env AUTONOMOUS_REQUIRE_PR_NUMBER=true \\
  --executor-env AUTONOMOUS_FETCH_PR_CI_STATUS_FROM_GH=true \\
  --executor-env AUTONOMOUS_FETCH_PR_CI_STATUS_REQUIRED=true \\
  --executor-env AUTONOMOUS_REVIEW_REQUIRED=true \\
  --executor-env AUTONOMOUS_REQUIRE_ISSUE_COMPLIANCE=true
`;

/** Makes the repository as the README says; `sh` types commands in it. */
function prepared(base: string) {
  const folder = join(base, 'a folder');
  const project = join(folder, 'project');
  const setUp = runAs(base, EXAMPLE, ['env', `FOLDER=${folder}`, 'sh', '-ec', PREPARE]);
  if (setUp.code !== 0) throw new Error(setUp.stderr);
  return {
    project,
    out: join(project, 'out'),
    sh: (text: string) => runAs(base, project, ['sh', '-c', text]),
  };
}

t.test('README and run.sh have the invocation of document 004, without its review', async (t) => {
  const withoutReview = AS_PRINTED.replace('  --review-status approved \\\n', '');
  t.equal(INVOCATION, withoutReview);
  t.ok(readFileSync(RUN, 'utf8').includes(withoutReview.trimEnd()));
});

withExecutable(
  'what the README types is blocked for want of a review, approved, done, verified',
  (t, base) => {
    const { out, sh } = prepared(base);
    const blocked = outcomeOf(sh(INVOCATION).code, out);
    const explained = sh(EXPLAIN);
    t.match(explained.stdout, /gate review is closed: GATE_REVIEW_NOT_APPROVED, missing/);
    t.match(explained.stdout, '+retries=3');
    t.strictSame([blocked, outcomeOf(sh(RESUME).code, out)], EXPECTED);
    t.equal(sh(VERIFY).code, 0);
  },
);

withExecutable('the invocation exactly as document 004 prints it ends done at once', (t, base) => {
  const { project, sh } = prepared(base);
  t.equal(sh(AS_PRINTED).code, 0);
  t.equal(git(project, 'status', '--short'), ' M service.conf\n');
});

withExecutable('run.sh shows all of it, and touches no folder that exists', (t, base) => {
  const folder = join(base, 'demo');
  const ended = runAs(base, base, [RUN, folder]);
  t.equal(ended.code, 0, ended.stderr);
  t.strictSame(outcomeOf(ended.code, join(folder, 'project/out')), EXPECTED.at(-1));
  t.match(ended.stdout, /blocked: GATE_REVIEW_NOT_APPROVED/);
  t.match(ended.stdout, `The evidence: ${folder}/project/out`);
  t.match(runAs(base, base, [RUN, base]), { code: 2, stderr: /exists already/ });
});

withExecutable('an approval of what was changed since does not count', (t, base) => {
  const { project, out, sh } = prepared(base);
  sh(INVOCATION);
  appendFileSync(join(project, 'service.conf'), 'debug=1\n');
  t.equal(sh(RESUME).code, 3);
  t.ok(outcomeOf(3, out).blocked_reason_codes.includes('WORKTREE_CHANGED_SINCE_VALIDATION'));
});

withExecutable(
  'a manager that leaves out an artifact, or no JSON in it, lets no executor start',
  (t, base) => {
    const { project, out, sh } = prepared(base);
    const manager = join(project, 'target/release/auto_manager_ai');
    const program = readFileSync(manager, 'utf8');
    for (const [instead, status] of [
      ['', 'artifact_missing'],
      ['echo "done" >"$2/run_report.json"\n', 'artifact_malformed'],
    ] as const) {
      writeFileSync(manager, program.replace(/^.*looked_at.*\n/m, instead));
      t.equal(sh(INVOCATION).code, 1);
      t.strictSame(outcomeOf(1, out).stage_executions, [`planning manager 1 ${status}`]);
    }
  },
);

withExecutable('the folder moves to another place and another home before the approval', (t, base) => {
  const { project, sh } = prepared(base);
  t.equal(sh(INVOCATION).code, 3);
  const elsewhere = join(base, 'elsewhere');
  renameSync(project, elsewhere);
  const resume = ['--resume', '--review-status', 'approved'];
  const ended = runAs(join(base, 'another'), elsewhere, [EXECUTABLE, './out', ...resume]);
  t.strictSame(outcomeOf(ended.code, join(elsewhere, 'out')), EXPECTED.at(-1), ended.stderr);
  t.equal(runAs(join(base, 'another'), elsewhere, [EXECUTABLE, 'verify', './out']).code, 0);
});

withExecutable('an out_dir without links, modes and hidden files resumes as well', (t, base) => {
  const { project, out, sh } = prepared(base);
  t.equal(sh(INVOCATION).code, 3);
  const flatten =
    'cp -RL out flat; rm -rf out flat/.lock flat/.gitignore; mv flat out; chmod -R u=rwX,go=rX out';
  t.equal(sh(flatten).code, 0);
  t.strictSame(outcomeOf(sh(RESUME).code, out), EXPECTED.at(-1));
  t.equal(sh(VERIFY).code, 0);
  t.equal(git(project, 'status', '--short'), ' M service.conf\n', 'git sees nothing of it');
});
