import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { BRANCH, type Delivery, deliverable } from './delivery.ts';
import { e2e, PATH, type Rig } from './rig.ts';

/** A test with a remote and a forge. */
function delivers(name: string, body: (t: Test, rig: Rig, to: Delivery) => Promise<void>): void {
  e2e(name, async (t, rig) => {
    const to = await deliverable(rig);
    t.teardown(() => to.close());
    await body(t, rig, to);
  });
}

function showing(rig: Rig, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', join(rig.base, 'remote.git'), ...args], {
    env: { PATH },
    encoding: 'utf8',
  });
}

function without(args: readonly string[], flag: string): readonly string[] {
  const at = args.indexOf(flag);
  return [...args.slice(0, at), ...args.slice(at + 2)];
}

delivers(
  'what was validated is committed, pushed and opened as a pull request, and the checkout stays',
  async (t, rig, to) => {
    const head = rig.git('rev-parse', 'HEAD');
    const run = await rig.run(to.args, { env: to.env });
    t.equal(run.code, 0, run.said);
    t.equal(showing(rig, 'show', `${BRANCH}:a.txt`), 'a\nfixed\n');
    t.equal(showing(rig, 'rev-parse', `${BRANCH}^`), head);
    t.strictSame([rig.git('rev-parse', 'HEAD'), rig.git('status', '--short')], [head, ' M a.txt\n']);
    const { delivery } = rig.report();
    t.match(delivery, {
      push: { sha: to.head() },
      pull_request: { state: 'done', number: 8, head_sha: to.head() },
    });
    t.match(to.forge.world.opened, [{ branch: BRANCH, base: 'main', title: 'Fix it' }]);
    t.match(run.said, /delivery commit: .*\n.*delivery push: .*\n.*delivery pull-request: pull request 8 /);
    t.equal((await rig.run(['verify', './out'])).code, 0);
  },
);

delivers('the token of the forge is in no evidence and in no output', async (t, rig, to) => {
  const run = await rig.run([...to.args, '--verbose'], { env: to.env });
  t.notMatch(run.said, 'forge-token');
  const found = () => execFileSync('grep', ['-rl', 'forge-token', rig.out, rig.work], { encoding: 'utf8' });
  t.throws(found, 'grep finds nothing');
});

delivers('a token that the forge says back is in no evidence either', async (t, rig, to) => {
  Object.assign(to.forge.world.scenario.github.pull, {
    ...{ branch: BRANCH, base: 'main' },
    extra: { html_url: 'https://forge.example/7?token=forge-token' },
  });
  const run = await rig.run(to.args, { env: to.env });
  t.equal(run.code, 0, run.said);
  t.match(rig.report().delivery, { pull_request: { number: 7 } });
  t.notMatch(run.said, 'forge-token');
  t.throws(() => execFileSync('grep', ['-rl', 'forge-token', rig.out]), 'grep finds nothing');
});

delivers('a dry run prints what would be delivered and delivers nothing', async (t, rig, to) => {
  const run = await rig.run([...to.args, '--dry-run'], { env: to.env });
  t.match(run.stdout, /ask the policy gate about the diff/);
  t.match(run.stdout, /commit the validated content on the base commit: "Fix it"/);
  t.match(run.stdout, `push that commit to ${BRANCH} at origin, never forced`);
  t.match(run.stdout, `open or update the pull request from ${BRANCH} into main on github:acme/shop`);
  t.equal(to.updates().length, 0);
});

delivers('a block that is simulated comes before anything is delivered', async (t, rig, to) => {
  t.equal((await rig.run([...to.args, '--simulate-blocked'], { env: to.env })).code, 3);
  t.strictSame([to.updates().length, to.forge.requests.length], [0, 0]);
});

delivers('a remote that is away fails the run, and a resume delivers', async (t, rig, to) => {
  const url = join(rig.base, 'remote.git');
  renameSync(url, `${url}.away`);
  const failed = await rig.run(to.args, { env: to.env });
  t.equal(failed.code, 1, failed.said);
  t.match(rig.report(), {
    failure: { reason: 'delivery_failed' },
    delivery: { commit: { state: 'done' }, push: null },
  });
  renameSync(`${url}.away`, url);
  t.equal((await rig.run(['./out', '--resume'], { env: to.env })).code, 0);
  t.equal(to.updates().length, 1);
});

delivers('nothing is delivered that policy does not allow when the run closes', async (t, rig, to) => {
  const url = join(rig.base, 'remote.git');
  renameSync(url, `${url}.away`);
  await rig.run(to.args, { env: to.env });
  renameSync(`${url}.away`, url);
  const run = await rig.run(['./out', '--resume', '--policy-status', 'deny'], { env: to.env });
  t.equal(run.code, 3, run.said);
  t.strictSame(rig.report().blocked_reason_codes, ['GATE_POLICY_DENIED_OR_UNKNOWN']);
  t.strictSame([to.updates().length, to.forge.requests.length], [0, 0]);
});

delivers(
  'a later delivery goes on from the first: same branch, same pull request, never forced',
  async (t, rig, to) => {
    const args = [...without(to.args, '--review-status')];
    t.equal((await rig.run(args, { env: to.env })).code, 3);
    const first = to.head();
    const again = [
      './out',
      '--resume',
      '--rerun-from',
      'execution',
      '--policy-status',
      'allow',
      '--ci-status',
      'success',
    ];
    const run = await rig.run([...again, '--review-status', 'approved'], { env: to.env });
    t.equal(run.code, 0, run.said);
    t.equal(showing(rig, 'rev-parse', `${BRANCH}^`).trim(), first);
    t.equal(showing(rig, 'show', `${BRANCH}:a.txt`), 'a\nfixed\nfixed\n');
    t.strictSame([to.updates().length, to.forge.world.opened.length], [2, 1]);
  },
);

delivers('a word of policy for one content does not deliver another', async (t, rig, to) => {
  await rig.run(without(to.args, '--review-status'), { env: to.env });
  const first = to.head();
  const run = await rig.run(['./out', '--resume', '--rerun-from', 'validation'], { env: to.env });
  t.equal(run.code, 3, run.said);
  rig.write('a.txt', 'another\n');
  const changed = await rig.run(['./out', '--resume', '--rerun-from', 'validation'], { env: to.env });
  t.equal(changed.code, 3, changed.said);
  t.match(rig.report().blocked_reason_codes, ['GATE_POLICY_DENIED_OR_UNKNOWN']);
  t.equal(to.head(), first);
});

delivers(
  'a branch that somebody else has moved blocks, is named by explain, and stays',
  async (t, rig, to) => {
    rig.git(
      'push',
      '-q',
      'origin',
      `${rig.git('commit-tree', 'HEAD^{tree}', '-m', 'theirs').trim()}:refs/heads/${BRANCH}`,
    );
    const theirs = to.head();
    const run = await rig.run(to.args, { env: to.env });
    t.equal(run.code, 3, run.said);
    t.strictSame(rig.report().blocked_reason_codes, ['DELIVERY_REFUSED']);
    t.equal(to.head(), theirs);
    const explained = await rig.run(['explain', './out']);
    t.match(explained.stdout, 'not before the commit to be pushed: nothing is forced');
    t.match(explained.stdout, '--resume');
    const other = await rig.run(['./out', '--resume', '--delivery-branch', 'agent/other'], { env: to.env });
    t.equal(other.code, 0, other.said);
  },
);

delivers(
  "protected branches, the pull request's base and the remote's default are never pushed to",
  async (t, rig, to) => {
    for (const branch of ['main', 'release/1', '-x', 'a..b']) {
      const run = await rig.run([...without(to.args, '--delivery-branch'), `--delivery-branch=${branch}`], {
        env: to.env,
      });
      t.equal(run.code, 2, `${branch}: ${run.said}`);
    }
    t.equal(existsSync(join(rig.out, 'orchestrator_checkpoint.json')), false);
    rig.git('push', '-q', 'origin', `main:refs/heads/${BRANCH}`);
    const before = to.updates().length;
    showing(rig, 'symbolic-ref', 'HEAD', `refs/heads/${BRANCH}`);
    const run = await rig.run(to.args, { env: to.env });
    t.equal(run.code, 3, run.said);
    t.match(rig.report().delivery, { refused: /is the remote's default/ });
    t.equal(to.updates().length, before);
  },
);

delivers(
  'the branch that is checked out is refused before a stage can check out another one',
  async (t, rig, to) => {
    rig.git('checkout', '-q', '-b', BRANCH);
    const agent = rig.agent('switches', 'echo x >> a.txt; git checkout -q -b other');
    const args = [...without(to.args, '--executor-bin'), '--executor-bin', agent];
    const run = await rig.run(args, { env: to.env });
    t.equal(run.code, 2, run.said);
    t.match(run.said, 'is the one that is checked out');
    t.equal(to.updates().length, 0);
  },
);

delivers('a remote that a stage has turned elsewhere is not followed', async (t, rig, to) => {
  const other = join(rig.base, 'other.git');
  execFileSync('git', ['init', '-q', '--bare', other], { env: { PATH } });
  const agent = rig.agent('turns', `echo x >> a.txt; git remote set-url origin '${other}'`);
  const args = [...without(to.args, '--executor-bin'), '--executor-bin', agent];
  const accepting = ['--accept-git-change', 'config remote.origin.url'];
  const run = await rig.run([...args, ...accepting], { env: to.env });
  t.equal(run.code, 0, run.said);
  t.equal(to.updates().length, 1);
  t.equal(execFileSync('git', ['--git-dir', other, 'for-each-ref'], { env: { PATH }, encoding: 'utf8' }), '');
});

delivers('content as the base has it is nothing to deliver, and blocks', async (t, rig, to) => {
  const agent = rig.agent('idles', ':');
  const run = await rig.run([...without(to.args, '--executor-bin'), '--executor-bin', agent], {
    env: to.env,
  });
  t.equal(run.code, 3, run.said);
  t.match(rig.report().delivery, { refused: /nothing to deliver/, commit: { state: 'intended' } });
});

delivers(
  'what is done stays as it was delivered: another delivery needs its closure to run again',
  async (t, rig, to) => {
    const at = to.args.indexOf('--delivery-branch');
    t.equal((await rig.run(to.args.slice(0, at), { env: to.env })).code, 0);
    const more = [...to.args.slice(at), '--delivery-remote', join(rig.base, 'remote.git')];
    const refused = await rig.run(['./out', '--resume', ...more], { env: to.env });
    t.equal(refused.code, 2, refused.said);
    const closed = await rig.run(['./out', '--resume', '--rerun-from', 'closure', ...more], { env: to.env });
    t.equal(closed.code, 0, closed.said);
    t.strictSame([to.updates().length, to.forge.world.opened.length], [1, 1]);
  },
);

delivers('a merge request at GitLab is opened once for the pushed commit', async (t, rig, to) => {
  const args = to.args.map((one) => (one === 'github:acme/shop' ? 'gitlab:acme/shop' : one));
  const url = args.at(-1)?.replace('/api/v3', '/api/v4') ?? '';
  const env = { ...to.env, GITLAB_TOKEN: 'forge-token' };
  const run = await rig.run([...args, '--gitlab-url', url], { env });
  t.equal(run.code, 0, run.said);
  t.match(rig.report().delivery, { pull_request: { state: 'done', number: 8, head_sha: to.head() } });
  t.equal((await rig.run(['./out', '--resume'], { env })).code, 0);
  t.strictSame([to.updates().length, to.forge.world.opened.length], [1, 1]);
});

delivers('without a token of the forge nothing is run and nothing pushed', async (t, rig, to) => {
  const run = await rig.run(to.args, { env: { ...to.env, GITHUB_TOKEN: '' } });
  t.equal(run.code, 2, run.said);
  t.match(run.stderr, /GITHUB_TOKEN: expected the token of a forge/);
  t.strictSame([to.updates().length, to.forge.world.opened.length, rig.ledger().length], [0, 0, 0]);
});
