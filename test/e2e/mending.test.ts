/** Evidence that is damaged: what is said of it, and that what is said to type mends it. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forge, type Json } from './forge.ts';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

/** The command that stands after `next: `. */
function nextOf(text: string): string {
  return /^next: (.+)$/m.exec(text)?.[1] ?? '';
}

function makeDone(rig: Rig) {
  const maker = rig.agent('maker', 'echo "{}" > made.json');
  const flags = ['--executor-bin', maker, '--executor-expected-artifact', 'made.json'];
  return rig.run(['./out', ...ALL_PASS, ...flags]);
}

e2e('an artifact that is gone or changed is put back by the command that verify names', async (t, rig) => {
  t.equal((await makeDone(rig)).code, 0);
  const file = join(rig.work, 'made.json');
  for (const damage of [() => rmSync(file), () => writeFileSync(file, '{"other": 1}\n')]) {
    damage();
    const verified = await rig.run(['verify', './out']);
    t.equal(verified.code, 1);
    const next = nextOf(verified.stdout);
    t.match(next, /^cp -- \.\/out\/artifacts\/[0-9a-f]{64} \.\/made\.json$/);
    t.match(verified.stdout, /puts it back as it was judged, then verify again/);
    execFileSync('/bin/sh', ['-c', next], { cwd: rig.work });
    t.equal(readFileSync(file, 'utf8'), '{}\n');
    t.equal((await rig.run(['verify', './out'])).code, 0);
  }
});

e2e('an artifact of which no good copy is left is made again', async (t, rig) => {
  t.equal((await makeDone(rig)).code, 0);
  const [copy = ''] = /artifacts\/[0-9a-f]{64}/.exec(rig.read('out/orchestrator_checkpoint.json')) ?? [];
  rmSync(join(rig.out, copy));
  rmSync(join(rig.work, 'made.json'));
  const verified = await rig.run(['verify', './out']);
  t.equal(nextOf(verified.stdout), 'orchestrator ./out --resume --rerun-from execution');
  const resumed = await rig.run(['./out', '--resume', '--rerun-from', 'execution', ...ALL_PASS]);
  t.equal(resumed.code, 0, resumed.said);
  t.equal((await rig.run(['verify', './out'])).code, 0);
});

e2e('no format of a report of distrusted evidence can be taken for a good one', async (t, rig) => {
  t.equal((await makeDone(rig)).code, 0);
  rmSync(join(rig.out, 'audit.jsonl'));
  const json = await rig.run(['report', './out', '--format', 'json']);
  t.equal(json.code, 1);
  t.equal(json.stdout, '', 'whoever reads it behind a pipe reads nothing');
  t.match(
    json.stderr,
    /no JSON is printed of evidence that does not hold; orchestrator verify --json says why/,
  );
  for (const format of ['text', 'markdown', 'html', 'github', 'junit']) {
    const printed = await rig.run(['report', './out', '--format', format]);
    t.equal(printed.code, 1, format);
    t.match(printed.stdout, /the audit log: it is missing/, format);
    t.notMatch(printed.stdout, /nothing: done/, format);
  }
  const explained = await rig.run(['explain', './out']);
  t.equal(nextOf(explained.stdout), 'orchestrator verify ./out');
  const verified = await rig.run(['verify', './out']);
  t.match(verified.stdout, /next: put back a good copy of the out_dir, or start a fresh run/);
});

e2e('evidence that was moved aside is named where it was', async (t, rig) => {
  t.equal((await makeDone(rig)).code, 0);
  rmSync(join(rig.out, 'orchestrator_run_report.json'));
  t.equal((await rig.run(['./out', '--resume'])).code, 1);
  const explained = await rig.run(['explain', './out']);
  t.equal(explained.code, 2);
  t.match(explained.stderr, /what was here was moved to \S+\/out\/superseded\/\S+/);
});

e2e('a report that is not what a blocked run has committed is told, and not believed', async (t, rig) => {
  t.equal((await rig.run(['./out', '--executor-bin', '/bin/true', '--policy-status', 'allow'])).code, 3);
  const file = join(rig.out, 'orchestrator_run_report.json');
  writeFileSync(file, rig.read(file).replace('"terminal_state": "blocked"', '"terminal_state": "done"'));
  const reported = await rig.run(['report', './out', '--format', 'json']);
  t.equal(JSON.parse(reported.stdout).terminal_state, 'blocked');
  t.match(reported.stderr, /notice: the report on disk is not what the checkpoint names/);
  t.match(
    (await rig.run(['explain', './out'])).stdout,
    /the report on disk is not what the checkpoint names/,
  );
  const verified = await rig.run(['verify', './out']);
  t.equal(verified.code, 3);
  t.match(verified.stdout, /not checked +report +it is not what the checkpoint names, which alone counts/);
});

e2e('what a key would prove names the key that it takes', async (t, rig) => {
  const key = rig.write(join(rig.base, 'k.key'), 'k'.repeat(40), 0o600);
  await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true', '--state-key-file', key]);
  await rig.run(['./bare', ...ALL_PASS, '--executor-bin', '/bin/true']);
  const unchecked = await rig.run(['verify', './out', '--require-authentic']);
  t.equal(unchecked.code, 1);
  t.equal(nextOf(unchecked.stdout), 'orchestrator verify ./out --require-authentic --state-key-file FILE');
  const bare = await rig.run(['verify', './bare', '--require-authentic']);
  t.match(bare.stdout, /next: evidence without a state key is never proven: start a fresh run/);
});

e2e('a checkpoint of a newer orchestrator is for that one', async (t, rig) => {
  t.equal((await makeDone(rig)).code, 0);
  const file = join(rig.out, 'orchestrator_checkpoint.json');
  writeFileSync(file, rig.read(file).replace('"schema_version": "1.0"', '"schema_version": "2.0"'));
  const verified = await rig.run(['verify', './out']);
  t.match(verified.stdout, /next: it was left untouched: use the orchestrator that wrote it/);
  appendFileSync(file, 'x');
  t.match((await rig.run(['verify', './out'])).stdout, /next: it was left untouched: put back a good copy/);
});

e2e('after a validation that said no, the work is done anew', async (t, rig) => {
  const reviewer = rig.agent('reviewer', 'echo \'{"passed": false, "findings": []}\' > out/review.json');
  const flags = ['--reviewer-bin', reviewer, '--reviewer-expected-artifact', './out/review.json'];
  const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true', ...flags]);
  t.equal(run.code, 1, run.said);
  const { stdout } = await rig.run(['explain', './out']);
  t.equal(nextOf(stdout), 'orchestrator ./out --resume --rerun-from execution');
  t.match(stdout, /remedy: read the findings in its report, then --resume --rerun-from execution/);
});

e2e(
  'nothing is said to be copied through a link, or to a place that no attempt has written',
  async (t, rig) => {
    t.equal((await makeDone(rig)).code, 0);
    const file = join(rig.work, 'made.json');
    const victim = rig.write(`${rig.base}/victim`, 'mine');
    rmSync(file);
    symlinkSync(victim, file);
    const linked = await rig.run(['verify', './out']);
    t.notMatch(linked.stdout, 'next: cp');
    t.match(
      linked.stdout,
      /next: look at \.\/made\.json: what was judged is \.\/out\/artifacts\/[0-9a-f]{64}/,
    );
    rmSync(file);
    forge(rig.out, {
      run: (run) => {
        const [one] = run.artifacts as Json[];
        return {
          ...run,
          artifacts: [...(run.artifacts as Json[]), { ...one, path: `${rig.base}/authorized_keys` }],
        };
      },
    });
    t.notMatch((await rig.run(['verify', './out'])).stdout, 'authorized_keys\n      puts it back');
  },
);
