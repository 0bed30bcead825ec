/** Ways round the gates that were tried, and what must come of each. */
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

/** A git in front of the real one that is slow to list a tree while `flag` exists; the PATH that finds it first. */
function slowGit(rig: Rig, flag: string): string {
  rig.write(
    `${rig.base}/slow/git`,
    `#!/bin/sh\ncase "$*" in *--others*) if [ -e '${flag}' ]; then touch '${flag}.seen'; sleep 5; fi;; esac\nexec /usr/bin/git "$@"\n`,
    0o755,
  );
  return `${rig.base}/slow:/usr/local/bin:/usr/bin:/bin`;
}

/** Every document of an out_dir that holds `needle`, and what the run said. */
function holders(rig: Rig, needle: string, said: string): readonly string[] {
  const files = ['orchestrator_checkpoint.json', 'orchestrator_run_report.json', 'audit.jsonl'];
  const found = files.filter((name) => readFileSync(join(rig.out, name), 'utf8').includes(needle));
  return said.includes(needle) ? [...found, 'the terminal'] : found;
}

e2e('what an interrupted resume of a done run was told is not forgotten by the next', async (t, rig) => {
  rig.gitRepo();
  const flag = join(rig.base, 'slow-down');
  const env = { PATH: slowGit(rig, flag) };
  const done = await rig.run(['./out', ...ALL_PASS, '--executor-bin', 'true'], { env });
  t.equal(done.code, 0, done.said);
  rig.write(flag, '');
  const live = rig.start(['./out', '--resume', '--review-status', 'changes_requested'], { env });
  await until('git to be asked', () => existsSync(`${flag}.seen`));
  live.signal('SIGTERM');
  const interrupted = await live.finished;
  t.equal(interrupted.code, 143, interrupted.said);
  const next = await rig.run(['./out', '--resume'], { env: { PATH: '/usr/bin:/bin' } });
  t.equal(next.code, 3, next.said);
  t.match(rig.report().blocked_reason_codes, ['GATE_REVIEW_NOT_APPROVED']);
});

e2e(
  'what was asserted of content that closure found changed does not count for other content',
  async (t, rig) => {
    rig.gitRepo();
    const listed = join(rig.base, 'listed');
    // Validation lists the tree first, closure second: there somebody changes it.
    const meddle = `echo >> '${listed}'; [ "$(wc -l < '${listed}')" -ne 2 ] || echo other > '${rig.work}/a.txt'`;
    const git = `#!/bin/sh\ncase "$*" in *--others*) ${meddle};; esac\nexec /usr/bin/git "$@"\n`;
    rig.write(`${rig.base}/meddling/git`, git, 0o755);
    const env = { PATH: `${rig.base}/meddling:/usr/local/bin:/usr/bin:/bin` };
    const blocked = await rig.run(['./out', ...ALL_PASS, '--executor-bin', 'true'], { env });
    t.equal(blocked.code, 3, blocked.said);
    t.strictSame(rig.report().blocked_reason_codes, ['WORKTREE_CHANGED_SINCE_VALIDATION']);
    t.equal(rig.report().current_stage, 'closure');
    const again = await rig.run([
      './out',
      '--resume',
      '--rerun-from',
      'validation',
      '--policy-status',
      'allow',
    ]);
    t.equal(again.code, 3, again.said);
    t.strictSame(rig.report().blocked_reason_codes, ['GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED']);
    const asserted = await rig.run(['./out', '--resume', ...ALL_PASS]);
    t.equal(asserted.code, 0, asserted.said);
  },
);

e2e('a repository that an executor removes or breaks fails the run, again on resume', async (t, rig) => {
  for (const [index, harm] of ['rm -rf .git', 'echo x > .git/HEAD'].entries()) {
    rig.gitRepo();
    const executor = rig.agent(`executor-${index}`, harm);
    const reviewer = rig.agent(`reviewer-${index}`, 'echo more >> a.txt');
    const flags = ['--executor-bin', executor, '--reviewer-bin', reviewer];
    const run = await rig.run([`./out${index}`, ...ALL_PASS, ...flags]);
    t.equal(run.code, 1, `${harm}: ${run.said}`);
    t.match(run.said, /git_failed/);
    const again = await rig.run([`./out${index}`, '--resume']);
    t.equal(again.code, 1, `${harm}, resumed: ${again.said}`);
    rig.write('a.txt', 'a\n');
    if (existsSync(join(rig.work, '.git'))) rig.write('.git/HEAD', 'ref: refs/heads/main\n');
  }
});

e2e('a repo-root without git that is given on resume is recorded as such', async (t, rig) => {
  rig.gitRepo();
  await rig.run([`${rig.base}/out`, ...ALL_PASS, '--reviewer-bin', 'false']);
  rig.write(`${rig.base}/plain/a.txt`, 'a\n');
  const flags = ['--resume', '--repo-root', `${rig.base}/plain`, '--reviewer-bin', 'true'];
  const run = await rig.run([`${rig.base}/out`, ...flags]);
  t.equal(run.code, 0, run.said);
  t.match(rig.report(`${rig.base}/out`).repo, { is_git: false, tree_digest: null });
});

e2e('a plan put together on resume is held to the rules of a fresh one', async (t, rig) => {
  const left = 'echo {} > "$ORCHESTRATOR_OUT_DIR/x.json"';
  await rig.run([
    ...['./out', ...ALL_PASS, '--executor-bin', rig.agent('executor', left)],
    ...['--executor-expected-artifact', 'out/x.json', '--reviewer-bin', 'false', '--validation-bin', 'true'],
  ]);
  const before = rig.read('out/orchestrator_checkpoint.json');
  const changes = [
    ['--reviewer-bin', 'true', '--reviewer-expected-artifact', 'out/x.json'],
    ['--reviewer-bin', 'true', '--validation-from-planning-context'],
    ['--reviewer-bin', 'true', '--reviewer-expected-artifact', 'out/audit.jsonl'],
  ];
  for (const change of changes) {
    const run = await rig.run(['./out', '--resume', ...change]);
    t.equal(run.code, 2, `${change.join(' ')}: ${run.said}`);
    t.equal(rig.read('out/orchestrator_checkpoint.json'), before, 'nothing written');
  }
});

e2e('a resume from which remediation can start the executor needs its secrets', async (t, rig) => {
  const saw = join(rig.base, 'saw');
  const report = `echo '{"passed":false,"next_step_plan":[{"action":"mend"}]}' > "$ORCHESTRATOR_OUT_DIR/r.json"`;
  const flags = [
    ...['--executor-bin', rig.agent('executor', `echo "$1 $API_TOKEN" >> '${saw}'`)],
    ...['--executor-env', 'API_TOKEN=supersecret99', '--executor-arg', 'token=supersecret99'],
    ...['--reviewer-bin', rig.agent('reviewer', report), '--reviewer-expected-artifact', 'out/r.json'],
  ];
  await rig.run(['./out', ...ALL_PASS, ...flags]);
  const refused = await rig.run(['./out', '--resume', '--reviewer-remediation-max-cycles', '1']);
  t.equal(refused.code, 2, refused.said);
  t.match(refused.said, /API_TOKEN/);
  const without = await rig.run(['./out', '--resume']);
  t.equal(without.code, 1, `without a cycle the executor cannot run again: ${without.said}`);
  t.equal(rig.read(saw), 'token=supersecret99 supersecret99\n');
});

e2e('a schema that an agent rewrites goes on holding its artifact', async (t, rig) => {
  const left = `echo {} > schema.json; echo {} > "$ORCHESTRATOR_OUT_DIR/r.json"`;
  rig.gitRepo({ 'schema.json': '{"type":"object","required":["x"]}' });
  const config = {
    executor: {
      bin: rig.agent('executor', left),
      expected_artifacts: [{ path: 'out/r.json', schema: 'schema.json' }],
    },
  };
  rig.write('config.json', JSON.stringify(config));
  const run = await rig.run(['./out', ...ALL_PASS, '--config', 'config.json']);
  t.equal(run.code, 1, run.said);
  t.match(run.said, /does not fit its schema/);
});

e2e('a schema that cannot refuse anything by itself accepts nothing', async (t, rig) => {
  const schemas = ['{"$async":true,"type":"object","required":["x"]}', '[]', 'true', '{"type":"nonsense"}'];
  for (const [index, schema] of schemas.entries()) {
    rig.write('schema.json', schema);
    const bin = rig.agent(`executor-${index}`, `echo {} > "$ORCHESTRATOR_OUT_DIR/r.json"`);
    const artifact = { path: 'out/r.json', schema: 'schema.json' };
    rig.write('config.json', JSON.stringify({ executor: { bin, expected_artifacts: [artifact] } }));
    const run = await rig.run(['./out', ...ALL_PASS, '--config', 'config.json']);
    t.equal(run.code, 1, `${schema}: ${run.said}`);
    t.notMatch(run.said, /internal error/);
    t.equal(rig.report().terminal_state, 'failed', schema);
  }
});

e2e('a secret that an agent hands over in its report or in a file name is masked', async (t, rig) => {
  rig.gitRepo();
  const secret = 's3cretvalue77';
  const step = `{"priority":"${secret}","source":"${secret}","code":"${secret}","action":"use ${secret}"}`;
  const report = `echo '{"passed":false,"next_step_plan":[${step}]}' > "$ORCHESTRATOR_OUT_DIR/r.json"`;
  const reviewer = rig.agent('reviewer', report);
  const flags = ['--reviewer-bin', reviewer, '--reviewer-expected-artifact', 'out/r.json'];
  const env = { MY_TOKEN: secret };
  const asked = await rig.run(['./out', ...ALL_PASS, ...flags], { env });
  t.equal(asked.code, 1, asked.said);
  t.strictSame(holders(rig, secret, asked.said), []);
  t.match(rig.report().reviewer_next_steps, [{ action: 'use ***' }]);
  const named = rig.agent('named', `echo x > 'file-${secret}.txt'`);
  const changed = await rig.run(['./out', ...ALL_PASS, '--reviewer-bin', named], { env });
  t.equal(changed.code, 3, changed.said);
  t.match(changed.said, /file-\*\*\*\.txt/);
  t.strictSame(holders(rig, secret, changed.said), []);
});

e2e('a secret in what went wrong is masked', async (t, rig) => {
  const secret = 's3cretvalue77';
  rig.write('schema.json', `{"type":"object","required":["${secret}"]}`);
  const bin = rig.agent('executor', `echo {} > "$ORCHESTRATOR_OUT_DIR/r.json"`);
  const artifact = { path: 'out/r.json', schema: 'schema.json' };
  rig.write('config.json', JSON.stringify({ executor: { bin, expected_artifacts: [artifact] } }));
  const run = await rig.run(['./out', ...ALL_PASS, '--config', 'config.json'], { env: { MY_TOKEN: secret } });
  t.equal(run.code, 1, run.said);
  t.strictSame(holders(rig, secret, run.said), []);
});

e2e('a short value of a variable named like a secret is not kept with the arguments', async (t, rig) => {
  for (const flag of [['--executor-env', 'API_TOKEN=zq7'], ['--executor-env=API_TOKEN=zq7']]) {
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', 'true', ...flag]);
    t.equal(run.code, 0, run.said);
    t.strictSame(holders(rig, 'zq7', run.said), []);
    t.match(rig.report().invocations[0]?.argv.at(-1), /API_TOKEN=\*\*\*$/);
  }
});

e2e('a repo-root that cannot be looked at is exit 2', async (t, rig) => {
  symlinkSync('loop', join(rig.work, 'loop'));
  for (const root of ['loop', `/${'a'.repeat(300)}`, `/${'a'.repeat(5000)}`]) {
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', 'true', '--repo-root', root]);
    t.equal(run.code, 2, run.said.slice(0, 200));
    t.notMatch(run.said, /internal error/);
  }
  t.notOk(existsSync(rig.out));
});

e2e('what was set aside comes back although the attempt could not be started', async (t, rig) => {
  rig.gitRepo();
  rig.write('plan.json', '{"mine":true}');
  const block = 'rm -rf "$ORCHESTRATOR_OUT_DIR/logs"; echo > "$ORCHESTRATOR_OUT_DIR/logs"';
  const run = await rig.run([
    ...['./out', ...ALL_PASS, '--manager-bin', rig.agent('manager', block)],
    ...['--executor-bin', 'true', '--executor-expected-artifact', 'plan.json'],
  ]);
  t.equal(run.code, 1, run.said);
  t.equal(rig.read('plan.json'), '{"mine":true}');
});

e2e('a checkpoint that jumps to closure without its records cannot be closed', async (t, rig) => {
  rig.gitRepo();
  const executor = rig.agent('executor');
  const blocked = await rig.run([
    ...['./out', '--policy-status', 'allow', '--executor-bin', executor, '--validation-bin', 'true'],
  ]);
  t.equal(blocked.code, 3, blocked.said);
  const { createHash } = await import('node:crypto');
  const { digest, ...body } = JSON.parse(rig.read('out/orchestrator_checkpoint.json'));
  t.match(digest, /^[0-9a-f]{64}$/);
  body.run.stage_executions = body.run.stage_executions.filter(
    (one: { step: string }) => one.step !== 'command-1',
  );
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const own = createHash('sha256').update(text(body)).digest('hex');
  rig.write('out/orchestrator_checkpoint.json', text({ ...body, digest: own }));
  const run = await rig.run(['./out', '--resume', ...ALL_PASS]);
  t.equal(run.code, 1, run.said);
  t.match(
    run.said,
    /the audit log: it tells of validation command-1, attempt 1, and the checkpoint does not/,
  );
  t.not(rig.report().terminal_state, 'done');
});

e2e('what git was given is gone after a resume, although its orchestrator was killed', async (t, rig) => {
  rig.gitRepo();
  const flag = rig.write(`${rig.base}/slow-down`, '');
  const env = { PATH: slowGit(rig, flag) };
  const live = rig.start(['./out', ...ALL_PASS, '--executor-bin', 'true'], { env });
  await until('git to be asked', () => existsSync(`${flag}.seen`));
  live.signal('SIGKILL');
  await live.exited;
  t.equal(readdirSync(join(rig.out, '.lock/git')).length, 1, 'it was killed in time');
  const resumed = await rig.run(['./out', '--resume']);
  t.equal(resumed.code, 0, resumed.said);
  t.strictSame(readdirSync(join(rig.out, '.lock/git')), []);
});

e2e(
  'a planning context in the place of a tracked file is refused, and the file is as it was',
  async (t, rig) => {
    rig.gitRepo({ 'README.md': 'ours\n' });
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--executor-bin',
      'true',
      '--planning-context-artifact',
      'README.md',
    ]);
    t.equal(run.code, 2, run.said);
    t.match(run.stderr, /tracked file/);
    t.equal(rig.read('README.md'), 'ours\n');
    t.notOk(rig.exists('out'), 'nothing was written');
  },
);
