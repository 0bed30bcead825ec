import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { executableDigest, MEND, makeOrigin, makeTools } from './ci-scratch.ts';
import { git, outcomeOf, ROOT, temporaryFolder, withExecutable } from './example.ts';
import { checkPipeline, expandPipeline, type JobEnded, runPipelineJob } from './gitlab-ci.ts';

const EXAMPLE = join(ROOT, 'examples/gitlab-ci');
const SECRET = 'sk-never-to-be-seen';

/** A repository with the example in it; `run` runs one of its jobs. */
function makePipeline(base: string) {
  const origin = makeOrigin(base, EXAMPLE);
  git(origin.origin, 'remote', 'add', 'origin', 'git@gitlab.example.org:acme/shop.git');
  const tools = makeTools(base);
  tools.agent(MEND);
  const jobs = expandPipeline(origin.origin);
  const variables = { ORCHESTRATOR_SHA256: executableDigest(), ORCHESTRATOR_URL: 'x', CODEX_API_KEY: SECRET };
  const run = (id: string, more: Readonly<Record<string, string>> = {}): JobEnded => {
    const job = jobs[id];
    if (job === undefined) throw new Error(`no job ${id}`);
    const runner = { ...origin, base, path: tools.path, variables: { ...variables, ...more } };
    return runPipelineJob(id, job, runner);
  };
  const kept = (job: string, file: string) => join(base, 'artifacts', job, file);
  return { tools, jobs, run, kept, out: (ended: JobEnded) => join(ended.workspace, 'out') };
}

t.test('the pipeline fits the schema of GitLab, and a wrong key would not', async (t) => {
  const { origin } = makeOrigin(temporaryFolder(t), EXAMPLE);
  git(origin, 'remote', 'add', 'origin', 'git@gitlab.example.org:acme/shop.git');
  t.equal(checkPipeline(origin), null);
  const file = join(origin, '.gitlab-ci.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('allow_failure:', 'allow_failures:'));
  t.match(checkPipeline(origin), /allow_failures/);
});

t.test(
  'the approval is a job that a person starts, and without it the pipeline has not passed',
  async (t) => {
    const base = temporaryFolder(t);
    const { jobs } = makePipeline(base);
    t.match(jobs.resume, { when: 'manual', allow_failure: false, environment: 'agent-change' });
    for (const id of ['change', 'test', 'resume']) t.ok(jobs[id]?.timeout, id);
    const text = readFileSync(join(EXAMPLE, '.gitlab-ci.yml'), 'utf8');
    t.match(text, '$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID', 'nothing for forks');
  },
);

withExecutable('in GitLab a change is blocked, tested, approved, and done in another job', (t, base) => {
  const pipeline = makePipeline(base);
  const change = pipeline.run('change');
  t.ok(change.passed, change.said);
  t.match(outcomeOf(3, pipeline.out(change)), { terminal_state: 'blocked' });
  const tested = pipeline.run('test');
  t.ok(tested.passed, tested.said);
  const resumed = pipeline.run('resume');
  t.ok(resumed.passed, resumed.said);
  t.match(outcomeOf(0, pipeline.out(resumed)), { terminal_state: 'done', blocked_reason_codes: [] });
  t.match(readFileSync(join(resumed.workspace, 'junit.xml'), 'utf8'), /<testsuite/);
  t.match(readFileSync(pipeline.kept('resume', 'change.patch'), 'utf8'), '+  return grams > 0 && grams <=');
  t.match(readFileSync(pipeline.kept('resume', 'out/report.html'), 'utf8'), /<!doctype html>/i);
  t.notMatch(change.said + resumed.said, SECRET);
});

withExecutable(
  'a change out of scope, or one that fails, ends the job and leaves its evidence',
  (t, base) => {
    const pipeline = makePipeline(base);
    for (const [work, code, state] of [
      [`${MEND}; echo x >> README.md`, 3, 'blocked'],
      ['exit 1', 1, 'failed'],
    ] as const) {
      pipeline.tools.agent(work);
      const change = pipeline.run('change');
      t.notOk(change.passed, change.said);
      t.match(outcomeOf(code, pipeline.out(change)), { terminal_state: state });
      t.ok(readFileSync(pipeline.kept('change', 'evidence.tar.gz')).length > 0);
      t.match(readFileSync(join(change.workspace, 'junit.xml'), 'utf8'), /<failure/);
    }
  },
);

withExecutable('what was changed between the jobs of GitLab is not approved', (t, base) => {
  const pipeline = makePipeline(base);
  t.ok(pipeline.run('change').passed);
  const more = [
    ...['diff --git a/more.txt b/more.txt', 'new file mode 100644', '--- /dev/null', '+++ b/more.txt'],
    ...['@@ -0,0 +1 @@', '+more', ''],
  ];
  appendFileSync(pipeline.kept('change', 'change.patch'), more.join('\n'));
  const resumed = pipeline.run('resume');
  t.notOk(resumed.passed);
  t.match(outcomeOf(3, pipeline.out(resumed)).blocked_reason_codes, ['WORKTREE_CHANGED_SINCE_VALIDATION']);
});

withExecutable('a download of another digest is never started in GitLab', (t, base) => {
  const ended = makePipeline(base).run('change', { ORCHESTRATOR_SHA256: '0'.repeat(64) });
  t.notOk(ended.passed);
  t.notMatch(ended.said, 'planning');
});
