import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Test } from 'tap';
import { readScenario } from '../forge/scenario.ts';
import { type Forge, startForge } from '../forge/server.ts';
import { e2e, type Rig } from './rig.ts';

const POLICY = ['--policy-status', 'allow'];
const REVIEW = ['--review-status', 'approved'];

/** A gate that repeats the question's subject and says what it is told to. */
function gateCommand(rig: Rig, name: string, status: string, more = ''): string {
  return rig.nodeAgent(
    name,
    `let text = '';
     process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
       const { gate, subject } = JSON.parse(text);
       const status = ${JSON.stringify(status)};
       ${more}
       process.stdout.write(JSON.stringify({ schema_version: '1.0', gate, status,
         passed: ['allow', 'success', 'approved'].includes(status), details: [], not_evaluated: [], subject,
         evaluated_at_unix_secs: Math.floor(Date.now() / 1000) }));
     });`,
  );
}

e2e('a gate is opened by the document of a command, and by nothing less', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const rows: readonly (readonly [name: string, command: string, code: number, detail: RegExp])[] = [
    ['passes', gateCommand(rig, 'pass', 'success'), 0, /^$/],
    ['fails', gateCommand(rig, 'fail', 'failure'), 3, /^$/],
    ['says a word of another gate', gateCommand(rig, 'word', 'approved'), 3, /status_unknown/],
    ['prints nothing and exits 0', '/bin/true', 3, /document_missing/],
    ['exits 1', '/bin/false', 3, /command_failed/],
    ['passes and exits 1', gateCommand(rig, 'both', 'success', 'process.exitCode = 1;'), 3, /command_failed/],
    [
      'is about another commit',
      gateCommand(rig, 'other', 'success', "subject.head_sha = '1'.repeat(40);"),
      3,
      /subject_differs/,
    ],
    [
      'is about another run',
      gateCommand(rig, 'run', 'success', "subject.run_id = 'x';"),
      3,
      /subject_differs/,
    ],
  ];
  for (const [index, [name, command, code, detail]] of rows.entries()) {
    const out = `./out${index}`;
    const run = await rig.run([
      out,
      '--executor-bin',
      '/bin/true',
      ...POLICY,
      ...REVIEW,
      '--ci-from',
      `command:${command}`,
    ]);
    t.equal(run.code, code, `${name}: ${run.said}`);
    const ci = rig.report(`${rig.work}/out${index}`).gate_decisions.find((one) => one.gate === 'ci');
    t.equal(ci?.passed, code === 0, name);
    t.match((ci?.details ?? []).join(' '), detail, name);
  }
});

e2e("an operator's word does not stand in for a source that was named", async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const run = await rig.run([
    './out',
    '--executor-bin',
    '/bin/true',
    ...POLICY,
    ...REVIEW,
    '--ci-status',
    'success',
    '--ci-from',
    'command:/bin/true',
  ]);
  t.equal(run.code, 3, run.said);
  const both = await rig.run([
    './both',
    '--executor-bin',
    '/bin/true',
    ...POLICY,
    ...REVIEW,
    '--ci-from',
    'operator',
    '--ci-from',
    `command:${gateCommand(rig, 'ok', 'success')}`,
  ]);
  t.equal(both.code, 3, 'all sources must pass');
  const all = await rig.run(['./both', '--resume', '--ci-status', 'success']);
  t.equal(all.code, 0, all.said);
});

e2e('a gate command that a stage has replaced opens nothing', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const honest = gateCommand(rig, 'gate', 'failure');
  const lying = gateCommand(rig, 'lying', 'success');
  const executor = rig.agent('executor', `cp '${lying}' '${honest}'`);
  const run = await rig.run([
    './out',
    '--executor-bin',
    executor,
    ...POLICY,
    ...REVIEW,
    '--ci-from',
    `command:${honest}`,
  ]);
  t.equal(run.code, 3, run.said);
  t.match(rig.report().gate_decisions[1]?.details?.join(), /trusted_file_changed/);
  const again = await rig.run(['./out', '--resume', '--ci-from', `command:${honest}`]);
  t.equal(again.code, 3, 'naming it again does not make it the one that was there');
});

e2e("a pipe in the place of an approver's key blocks, and nothing waits for it", async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = rig.write(`${rig.base}/key.pem`, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  const executor = rig.agent('executor', `rm '${key}'; mkfifo '${key}'`);
  const signed = ['--ci-from', 'file:./approval.json', '--approver-key', key];
  const run = await rig.run(['./out', '--executor-bin', executor, ...POLICY, ...REVIEW, ...signed], {
    limitMs: 20_000,
  });
  t.equal(run.code, 3, run.said);
  t.match(rig.report().gate_decisions[1]?.details?.join(), /no_trusted_keys/);
  t.equal((await rig.run(['./out', '--resume'], { limitMs: 20_000 })).code, 2, 'a resume refuses it by name');
});

e2e('a gate command that a stage puts first on PATH opens nothing, on resume neither', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const lying = gateCommand(rig, 'lying', 'success');
  gateCommand(rig, 'asked', 'failure');
  const env = { PATH: `${rig.base}/first:${dirname(lying)}:${process.env.PATH ?? ''}` };
  const executor = rig.agent(
    'executor',
    `mkdir '${rig.base}/first'; cp '${lying}' '${rig.base}/first/asked.cjs'`,
  );
  const args = ['--executor-bin', executor, ...POLICY, ...REVIEW, '--ci-from', 'command:asked.cjs'];
  const run = await rig.run(['./out', ...args], { env });
  t.equal(run.code, 3, run.said);
  t.match(rig.report().gate_decisions[1]?.details?.join(), /trusted_file_changed/);
  for (const again of [[], ['--ci-from', 'command:asked.cjs']]) {
    const resumed = await rig.run(['./out', '--resume', ...again], { env });
    t.equal(resumed.code, 3, resumed.said);
    t.match(rig.report().gate_decisions[1]?.details?.join(), /trusted_file_changed/);
  }
});

e2e('a gate command that is not there is refused before anything runs', async (t, rig) => {
  const run = await rig.run(['./out', '--executor-bin', '/bin/true', '--ci-from', 'command:./nowhere']);
  t.equal(run.code, 2, run.said);
  t.match(run.stderr, /--ci-from command:.*nowhere/);
  t.notOk(rig.exists('out/orchestrator_checkpoint.json'));
});

/** A forge that holds a change whose head is this repository's. */
async function forgeFor(t: Test, rig: Rig, given: Readonly<Record<string, unknown>> = {}): Promise<Forge> {
  const verdict = { forge: 'github', gate: 'ci', status: 'success', passed: true, codes: [] };
  const { github = {}, ...more } = given;
  const sha = rig.git('rev-parse', 'HEAD').trim();
  const forge = await startForge(
    readScenario({
      shows: 'A test.',
      verdict,
      github: {
        checkRuns: [{ name: 'build' }],
        rules: ['build'],
        reviews: [{}],
        pull: { sha },
        ...(github as object),
      },
      ...more,
    }),
  );
  t.teardown(() => forge.close());
  return forge;
}

const FORGE = ['--ci-from', 'github:acme/shop#7', '--review-from', 'github:acme/shop#7'];

e2e('ci and review are read from GitHub, for the commit that was validated', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const forge = await forgeFor(t, rig);
  const env = { GITHUB_TOKEN: 'forge-token' };
  const seen = rig.agent('executor', `env > '${rig.base}/env.txt'`);
  const args = [
    './out',
    '--executor-bin',
    seen,
    '--pass-env',
    'GITHUB_*',
    ...POLICY,
    ...FORGE,
    '--github-url',
    forge.github,
  ];
  const run = await rig.run(args, { env });
  t.equal(run.code, 0, run.said);
  t.match(rig.report().gate_decisions, [
    { gate: 'policy', passed: true },
    { gate: 'ci', passed: true, source: 'github:acme/shop#7', status: 'success' },
    { gate: 'review', passed: true, source: 'github:acme/shop#7', status: 'approved' },
  ]);
  t.notMatch(readFileSync(`${rig.base}/env.txt`, 'utf8'), /forge-token/, 'the token is for the gates alone');
  const found = spawnSync('grep', ['-rl', 'forge-token', rig.out], { encoding: 'utf8' });
  t.equal(found.stdout, '', 'and in no evidence');
  const asked = forge.requests.length;
  t.equal((await rig.run(['verify', './out'])).code, 0);
  t.equal((await rig.run(['./out', '--resume'], { env })).code, 0, 'recorded decisions stand');
  t.equal(forge.requests.length, asked, 'a done run asks nobody again');
});

e2e('a failing check blocks, and explain names it and what to type', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const forge = await forgeFor(t, rig, {
    github: {
      checkRuns: [{ name: 'build', conclusion: 'failure' }],
      rules: ['build'],
      reviews: [{ state: 'CHANGES_REQUESTED' }],
      pull: { sha: rig.git('rev-parse', 'HEAD').trim() },
    },
  });
  const env = { GITHUB_TOKEN: 'forge-token' };
  const run = await rig.run(
    ['./out', '--executor-bin', '/bin/true', ...POLICY, ...FORGE, '--github-url', forge.github],
    { env },
  );
  t.equal(run.code, 3, run.said);
  const told = await rig.run(['explain', './out']);
  t.match(told.stdout, /check_failure/);
  t.match(told.stdout, /build/);
  t.match(told.stdout, /changes_requested/);
  t.match(told.stdout, /next: orchestrator \.\/out --resume/);
  t.notMatch(told.stdout, /--ci-status/, 'a status flag would open nothing here');
});

e2e('without a token, or with a forge that is away, the run is blocked with words', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const run = await rig.run(
    [
      './out',
      '--executor-bin',
      '/bin/true',
      ...POLICY,
      ...REVIEW,
      '--ci-from',
      'github:acme/shop#7',
      '--github-url',
      'http://127.0.0.1:9',
    ],
    {
      env: { GITHUB_TOKEN: 'x-token-x' },
    },
  );
  t.equal(run.code, 3, run.said);
  t.match(rig.report().gate_decisions[1]?.details?.join(), /ci_unknown/);
});

e2e('ci and review are read from GitLab, for the commit that was validated', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const sha = rig.git('rev-parse', 'HEAD').trim();
  const scenario = (gitlab: object) =>
    readScenario({
      shows: 'A test.',
      verdict: { forge: 'gitlab', gate: 'ci', status: 'success', passed: true, codes: [] },
      gitlab: { mergeRequest: { sha }, rules: [{}], approvals: [{ user: 'rita' }], ...gitlab },
    });
  const source = ['--ci-from', 'gitlab:acme/shop!7', '--review-from', 'gitlab:acme/shop!7'];
  const rows: readonly (readonly [name: string, gitlab: object, code: number, said: RegExp])[] = [
    ['passes', {}, 0, /closure-ready/],
    ['a failed pipeline', { pipeline: { status: 'failed' } }, 3, /pipeline_failed/],
    [
      'nobody has approved',
      { rules: [{ approved: false, by: [] }], approvals: [] },
      3,
      /approval_rule_open|approvals_missing/,
    ],
  ];
  for (const [index, [name, gitlab, code, said]] of rows.entries()) {
    const forge = await startForge(scenario(gitlab));
    t.teardown(() => forge.close());
    const out = `./out${index}`;
    const args = [out, '--executor-bin', '/bin/true', ...POLICY, ...source, '--gitlab-url', forge.gitlab];
    const run = await rig.run(args, { env: { GITLAB_TOKEN: 'forge-token' } });
    t.equal(run.code, code, `${name}: ${run.said}`);
    t.match((await rig.run(['explain', out])).stdout, said, name);
  }
});

e2e('a dry run says where each gate would be read, and asks nobody', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const run = await rig.run(
    [
      './out',
      '--dry-run',
      '--executor-bin',
      '/bin/true',
      '--scope',
      '--policy-from',
      'cedar:policy',
      '--ci-from',
      'github:acme/shop#7',
      '--github-url',
      'http://127.0.0.1:9',
    ],
    { env: { GITHUB_TOKEN: 'forge-token' } },
  );
  t.equal(run.code, 0, run.said);
  t.match(run.stdout, /policy is read from scope and cedar:policy/);
  t.match(run.stdout, /ci is read from github:acme\/shop#7/);
  t.notMatch(run.stdout, /review is read from/);
  t.notOk(rig.exists('out'));
});

e2e('a commit that does not hold what was validated is not what a forge can close', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const forge = await forgeFor(t, rig);
  const env = { GITHUB_TOKEN: 'forge-token' };
  const agent = rig.agent('edits', 'echo b >> a.txt');
  const run = await rig.run(
    ['./out', '--executor-bin', agent, ...POLICY, ...FORGE, '--github-url', forge.github],
    { env },
  );
  t.equal(run.code, 3, run.said);
  t.match((await rig.run(['explain', './out'])).stdout, /head_is_not_validated_tree.*a\.txt.*--gate-commit/);
  rig.git('commit', '-qam', 'b');
  const pushed = await forgeFor(t, rig);
  const commit = rig.git('rev-parse', 'HEAD').trim();
  const resumed = await rig.run(
    ['./out', '--resume', '--gate-commit', commit, '--github-url', pushed.github],
    { env },
  );
  t.equal(resumed.code, 0, resumed.said);
});

e2e('what a gate cannot do without is refused before a stage runs', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const never = ['--executor-bin', rig.agent('never')];
  const token = await rig.run(['./out', ...never, '--ci-from', 'github:acme/shop#7']);
  t.equal(token.code, 2, token.said);
  t.match(token.stderr, /GITHUB_TOKEN: expected the token of a forge/);
  const key = rig.write('../no-key.pem', 'nothing\n');
  const keyed = await rig.run(['./out', ...never, '--review-from', 'file:../a.json', '--approver-key', key]);
  t.equal(keyed.code, 2, keyed.said);
  t.match(keyed.stderr, /--approver-key/);
  t.strictSame(rig.ledger(), []);
});

e2e('a work tree that changes while the gates are read closes nothing', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const write = `require('fs').writeFileSync('${rig.work}/a.txt', 'b');`;
  const command = gateCommand(rig, 'gate', 'success', write);
  const args = ['--executor-bin', '/bin/true', ...POLICY, ...REVIEW, '--ci-from', `command:${command}`];
  const run = await rig.run(['./out', ...args]);
  t.equal(run.code, 3, run.said);
  t.strictSame(rig.report().blocked_reason_codes, ['WORKTREE_CHANGED_SINCE_VALIDATION']);
  t.match(run.said, /a\.txt/);
  t.equal((await rig.run(['./out', '--resume'])).code, 3, 'it stays changed');
  rig.git('checkout', 'a.txt');
  const ok = `command:${gateCommand(rig, 'ok', 'success')}`;
  const same = await rig.run(['./out', '--resume', '--ci-from', ok]);
  t.equal(same.code, 0, same.said);
});
