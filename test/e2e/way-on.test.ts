/** The way on after something was disturbed is the one that is printed. */
import { copyFileSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e } from './rig.ts';

e2e('after an agent has cleared out_dir, the checkpoint that was kept is named', async (t, rig) => {
  const clearing = rig.agent('clearing', '[ -e go ] || { touch go; rm -rf out/*; }');
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', clearing]);
  t.equal(run.code, 1, run.said);
  const explained = await rig.run(['explain', './out']);
  const resumed = await rig.run(['./out', '--resume']);
  if (explained.code === 2) {
    t.match(
      explained.stderr,
      /the last one that the orchestrator wrote is kept: cp -p -- \S+last-good\.json/,
    );
    t.match(
      resumed.stderr,
      /is kept: cp -p -- \S+last-good\.json \S+orchestrator_checkpoint\.json, then --resume/,
    );
  } else {
    t.match(explained.stdout, 'next: orchestrator ./out --resume');
  }
});

e2e('an audit log that was changed under a run is put back, and a resume goes on', async (t, rig) => {
  const writing = rig.agent('writing', '[ -e go ] || { touch go; echo x >> out/audit.jsonl; }');
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', writing]);
  t.equal(run.code, 1, run.said);
  t.match(run.said, /evidence_tampered[\s\S]*next: orchestrator \.\/out --resume\n/);
  t.equal((await rig.run(['./out', '--resume'])).code, 0);
});

e2e('an older checkpoint that was put back is called that, and not a full disk', async (t, rig) => {
  const failing = rig.agent('failing', 'exit 1');
  await rig.run(['./out', ...ALL_PASS, '--executor-bin', failing]);
  const checkpoint = join(rig.out, 'orchestrator_checkpoint.json');
  copyFileSync(checkpoint, join(rig.work, 'older'));
  await rig.run(['./out', '--resume']);
  copyFileSync(join(rig.work, 'older'), checkpoint);
  for (const args of [
    ['./out', '--resume'],
    ['verify', './out'],
  ]) {
    const run = await rig.run(args);
    t.equal(run.code, 1, run.said);
    t.match(run.said, 'work that was begun after the last commit: an older checkpoint was put back');
  }
});

e2e(
  'what the policy found wrong with a change comes first, whatever gate is open beside it',
  async (t, rig) => {
    rig.gitRepo();
    const out = `${rig.base}/out`;
    const changing = rig.agent('changing', 'echo x > elsewhere.txt');
    const scope = ['--policy-status', 'allow', '--scope-allow', 'src/**'];
    const run = await rig.run([out, '--executor-bin', changing, ...scope]);
    t.equal(run.code, 3, run.said);
    t.match(run.said, /next: orchestrator \S+ --resume --rerun-from execution\n/);
  },
);

e2e('a step summary in the work tree would change what was judged: it is not written', async (t, rig) => {
  rig.gitRepo();
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true'], {
    env: { GITHUB_STEP_SUMMARY: join(rig.work, 'summary.md') },
  });
  t.equal(run.code, 0, run.said);
  t.match(run.said, /notice: the step summary \S+ was not written: it lies in the work tree/);
  symlinkSync(rig.work, `${rig.base}/link`);
  await rig.run(['./linked', ...ALL_PASS, '--executor-bin', '/bin/true'], {
    env: { GITHUB_STEP_SUMMARY: `${rig.base}/link/other.md` },
  });
  t.notOk(existsSync(join(rig.work, 'other.md')));
  t.equal((await rig.run(['verify', './out'])).code, 0);
});
