import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel, type Rig, until } from './rig.ts';
import { envelopes, keyFiles, payloadOf, STATEMENTS, signature, writeEnvelopes } from './signer.ts';

const DONE = [...ALL_PASS, '--executor-bin', '/bin/true'];

function digestOf(rig: Rig, path: string): string {
  return createHash('sha256').update(rig.read(path)).digest('hex');
}

e2e('a done run is signed: report, commit and artifacts, and verify says so', async (t, rig) => {
  rig.gitRepo();
  const key = keyFiles(rig);
  const manager = rig.agent('manager', 'echo "{}" > out/plan.json');
  const plan = ['--manager-bin', manager, '--manager-expected-artifact', './out/plan.json'];
  const run = await rig.run(['./out', ...DONE, ...plan, '--sign-key', key.secret]);
  t.equal(run.code, 0, run.said);
  t.match(run.stdout, /report signed: statement 1, key [0-9a-f]{16}/);
  const [statement, summary] = envelopes(rig).map(payloadOf);
  t.equal(statement._type, 'https://in-toto.io/Statement/v1');
  t.strictSame(statement.subject, [
    {
      name: 'orchestrator_run_report.json',
      digest: { sha256: digestOf(rig, 'out/orchestrator_run_report.json') },
    },
    { name: 'head commit', digest: { gitCommit: rig.git('rev-parse', 'HEAD').trim() } },
    { name: 'out:plan.json', digest: { sha256: digestOf(rig, 'out/plan.json') } },
  ]);
  t.match(statement.predicate, {
    sequence: 1,
    previous_statement: null,
    closure_ready: true,
    invocations: 1,
  });
  t.equal(summary.predicateType, 'https://slsa.dev/verification_summary/v1');
  t.equal(summary.predicate.verificationResult, 'PASSED');
  const verified = await rig.run(['verify', './out', '--key', key.open]);
  t.equal(verified.code, 0, verified.said + verified.stdout);
  t.match(verified.stdout, /ok +signature +statements: 1, the last by [0-9a-f]{16}/);
  t.match(
    verified.stdout,
    /ok +signed content +this report, commit [0-9a-f]{12}, 1 artifacts; it says closure-ready/,
  );
  const json = await rig.run(['verify', './out', '--key', key.open, '--json']);
  const checks: readonly { readonly name: string }[] = JSON.parse(json.stdout).checks;
  t.match(
    checks.find((one) => one.name === 'signature'),
    { verdict: 'ok', required: true },
  );
});

e2e('blocked and failed runs are signed too, and only done gets PASSED', async (t, rig) => {
  const key = keyFiles(rig);
  const executor = ['--executor-bin', rig.agent('executor', 'test -e go || exit 1')];
  const sign = ['--sign-key', key.secret];
  const verify = ['verify', './out', '--key', key.open];
  const failed = await rig.run(['./out', ...executor, ...ALL_PASS.slice(0, 4), ...sign]);
  t.equal(failed.code, 1, failed.said);
  t.equal((await rig.run(verify)).code, 1);
  rig.write('go', '');
  const blocked = await rig.run(['./out', '--resume', ...sign]);
  t.equal(blocked.code, 3, blocked.said);
  const valid = await rig.run(verify);
  t.equal(valid.code, 3, 'blocked with a valid signature');
  t.match(valid.stdout, /ok +signature/);
  const done = await rig.run(['./out', '--resume', '--review-status', 'approved', ...sign]);
  t.equal(done.code, 0, done.said);
  t.equal((await rig.run(verify)).code, 0);
  const all = envelopes(rig).map(payloadOf);
  t.strictSame(
    all
      .filter((_, at) => at % 2 === 0)
      .map(({ predicate }) => [predicate.sequence, predicate.terminal_state]),
    [
      [1, 'failed'],
      [2, 'blocked'],
      [3, 'done'],
    ],
  );
  t.strictSame(
    all.filter((_, at) => at % 2 === 1).map(({ predicate }) => predicate.verificationResult),
    ['FAILED', 'FAILED', 'PASSED'],
  );
});

e2e('interrupted and timed out runs are signed as what they are', async (t, rig) => {
  const key = keyFiles(rig);
  const executor = ['--executor-bin', rig.agent('executor', `sleep ${rig.nap}`)];
  const args = ['./out', ...ALL_PASS, ...executor, '--kill-grace-ms', '50', '--sign-key', key.secret];
  const live = rig.start(args);
  await until('the executor runs', () => rig.ledger().length > 0);
  live.signal('SIGTERM');
  t.equal((await live.finished).code, 143);
  t.match(payloadOf(envelopes(rig)[0]).predicate, { terminal_state: null, failure_reason: 'interrupted' });
  const late = await rig.run(['./out', '--resume', '--timeout-ms', '100', '--sign-key', key.secret]);
  t.equal(late.code, 124, late.said);
  t.match(payloadOf(envelopes(rig)[2]).predicate, { sequence: 2, terminal_state: 'timeout' });
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 1);
});

e2e('a signature that cannot be written is no exit 0, and a resume signs', async (t, rig) => {
  const key = keyFiles(rig);
  const executor = ['--executor-bin', rig.agent('executor', `mkdir 'out/${STATEMENTS}'`)];
  const sign = ['--sign-key', key.secret];
  const run = await rig.run(['./out', ...ALL_PASS, ...executor, ...sign]);
  t.equal(run.code, 1, run.said);
  t.match(run.stdout, /not done: evidence_unwritable: the report is not signed: cannot write/);
  t.match(run.stdout, `--resume --sign-key ${key.secret}`, 'the next command');
  t.equal(rig.report().terminal_state, 'done', 'what was committed stays');
  const missing = await rig.run(['verify', './out', '--key', key.open]);
  t.equal(missing.code, 1);
  rmSync(join(rig.out, STATEMENTS), { recursive: true });
  const ledger = rig.ledger().length;
  const resumed = await rig.run(['./out', '--resume', ...sign]);
  t.equal(resumed.code, 0, resumed.said);
  t.equal(rig.ledger().length, ledger, 'no stage has run again');
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 0);
});

e2e('a run that was not signed says so, and --resume --sign-key mends it', async (t, rig) => {
  const key = keyFiles(rig);
  const verify = ['verify', './out', '--key', key.open];
  t.equal((await rig.run(['./out', ...DONE])).code, 0);
  const unsigned = await rig.run(verify);
  t.equal(unsigned.code, 1);
  t.match(unsigned.stdout, /FAILED +signature +not signed: orchestrator_run_report.intoto.jsonl is missing/);
  t.equal((await rig.run(['verify', './out'])).code, 0, 'without --key nobody asks');
  // What a crash leaves that comes while the signature is written, after the commit.
  const half = rig.write(`out/.${STATEMENTS}.0123456789abcdef.tmp`, '{"payloadType":');
  t.equal((await rig.run(['./out', '--resume', '--sign-key', key.secret])).code, 0);
  t.equal((await rig.run(verify)).code, 0);
  t.notOk(rig.exists(half));
  const keyless = await rig.run(['./out', '--resume']);
  t.equal(keyless.code, 2, 'a run that is signed goes on with its key only');
  t.match(keyless.stderr, /so the run is signed, and no key was given/);
  t.match((await rig.run(['explain', './out'])).stdout, /done/);
  const kept = rig.read(`out/${STATEMENTS}`);
  rmSync(join(rig.out, STATEMENTS));
  t.equal((await rig.run(['./out', '--resume'])).code, 0);
  rig.write(`out/${STATEMENTS}`, kept);
  const stale = await rig.run(verify);
  t.equal(stale.code, 1);
  t.match(stale.stdout, /not signed: the last statement is of another report/);
  t.equal((await rig.run(['./out', '--resume', '--sign-key', key.secret])).code, 0);
  t.equal((await rig.run(verify)).code, 0);
  t.equal(envelopes(rig).length, 4);
});

e2e('a fresh run begins a chain of its own, and the earlier one is kept with its run', async (t, rig) => {
  const key = keyFiles(rig);
  const args = ['./out', ...DONE, '--sign-key', key.secret];
  t.equal((await rig.run(args)).code, 0);
  const first = rig.report().run_id;
  t.equal((await rig.run(args)).code, 0);
  t.equal(payloadOf(envelopes(rig)[0]).predicate.sequence, 1);
  t.ok(rig.exists(`out/superseded/${first}/${STATEMENTS}`));
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 0);
});

e2e('a resume goes on only from statements that this key has signed', async (t, rig) => {
  const [key, other] = [keyFiles(rig), keyFiles(rig, 'other')];
  t.equal((await rig.run(['./out', ...DONE, '--sign-key', key.secret])).code, 0);
  const before = rig.read('out/orchestrator_checkpoint.json');
  const foreign = await rig.run(['./out', '--resume', '--sign-key', other.secret]);
  t.equal(foreign.code, 2, foreign.said);
  t.match(foreign.said, /statement 1 is not signed by a trusted key; give the key it was signed with/);
  writeEnvelopes(rig, envelopes(rig).slice(1));
  const broken = await rig.run(['./out', '--resume', '--sign-key', key.secret]);
  t.equal(broken.code, 1, broken.said);
  t.match(broken.said, /expected a summary after each statement; move .* away/);
  t.equal(rig.read('out/orchestrator_checkpoint.json'), before, 'nothing was written');
});

e2e('statements that a stage has tampered with are not gone on from', async (t, rig) => {
  const key = keyFiles(rig);
  const executor = ['--executor-bin', rig.agent('executor', `echo '{}' > 'out/${STATEMENTS}'`)];
  const run = await rig.run(['./out', ...ALL_PASS, ...executor, '--sign-key', key.secret]);
  t.equal(run.code, 1, run.said);
  t.match(run.stdout, /not done: evidence_tampered: the report is not signed/);
});

e2e('two keys can be demanded, and one that signs twice is one', async (t, rig) => {
  const [key, second] = [keyFiles(rig), keyFiles(rig, 'second')];
  t.equal((await rig.run(['./out', ...DONE, '--sign-key', key.secret])).code, 0);
  const verify = ['verify', './out', '--key', key.open, '--key', second.open, '--key-threshold', '2'];
  const one = await rig.run(verify);
  t.equal(one.code, 1);
  t.match(one.stdout, /signed by 1 of the trusted keys \([0-9a-f]{16}\), expected 2/);
  const countersigned = (pem: string) =>
    envelopes(rig).map((one) => {
      const sig = signature(pem, one.payloadType, Buffer.from(one.payload, 'base64'));
      return { ...one, signatures: [...one.signatures.slice(0, 1), { keyid: 'x', sig }] };
    });
  writeEnvelopes(rig, countersigned(key.pem));
  t.equal((await rig.run(verify)).code, 1, 'one key, two signatures');
  writeEnvelopes(rig, countersigned(second.pem));
  t.equal((await rig.run(verify)).code, 0);
  const never = await rig.run([
    'verify',
    './out',
    '--key',
    key.open,
    '--key',
    key.open,
    '--key-threshold',
    '2',
  ]);
  t.equal(never.code, 2, 'a threshold that cannot be reached');
});

e2e('a key that cannot be one is exit 2, with nothing written and nothing of it shown', async (t, rig) => {
  const key = keyFiles(rig);
  const secret = key.pem.split('\n')[1] ?? '';
  const file = (name: string, text: string, mode = 0o600) => rig.write(join(rig.base, name), text, mode);
  mkdirSync(join(rig.base, 'folder.pem'));
  rig.gitRepo();
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [/got mode 0644; chmod 600/, ['--sign-key', file('wide.pem', key.pem, 0o644)]],
    [
      /got no PEM; make one with: \(umask 077; openssl genpkey -algorithm ed25519/,
      ['--sign-key', file('no.pem', 'x')],
    ],
    [/got "PUBLIC KEY"/, ['--sign-key', file('public.pem', rig.read(key.open))]],
    [/without a passphrase, got an encrypted one/, ['--sign-key', file('encrypted.pem', ENCRYPTED)]],
    [/expected a regular file, got a folder/, ['--sign-key', join(rig.base, 'folder.pem')]],
    [/no such file/, ['--sign-key', join(rig.base, 'none.pem')]],
    [/expected without --sign-key-fd, got both/, ['--sign-key', key.secret, '--sign-key-fd', '3']],
    [/expected an open descriptor/, ['--sign-key-fd', '250']],
    [/a descriptor of its own/, ['--sign-key-fd', '9', '--state-key-fd', '9']],
    [/one in out_dir/, ['--sign-key', rig.write('out/key.pem', key.pem, 0o600)]],
    [/one in repo-root/, ['--sign-key', rig.write('key.pem', key.pem, 0o600)]],
  ];
  await inParallel(cases, async ([message, flags]) => {
    const run = await rig.run(['./out', ...DONE, ...flags]);
    t.equal(run.code, 2, `${flags.join(' ')}: ${run.said}`);
    t.match(run.said, message);
    t.equal(run.said.trim().split('\n').length, 1, 'one line');
    t.notMatch(run.said, secret);
  });
  t.notOk(rig.exists('out/audit.jsonl'), 'nothing was written');
});

const ENCRYPTED = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n';

e2e('the signing key reaches no stage, and what a stage prints of it is masked', async (t, rig) => {
  const key = keyFiles(rig);
  const secret = key.pem.split('\n')[1] ?? '';
  const list = `for fd in /proc/self/fd/*; do readlink "$fd"; done > '${rig.base}/fds'; env > '${rig.base}/env'`;
  const executor = rig.agent('executor', `${list}; cat '${key.secret}'`);
  const args = ['./out', ...ALL_PASS, '--executor-bin', executor, '--verbose', '--inherit-env'];
  const opened = { through: ['/bin/bash', '-c', `exec "$@" 3< '${key.secret}'`, 'bash'] };
  for (const [flags, how] of [
    [['--sign-key-fd', '3'], opened],
    [['--sign-key', key.secret], {}],
  ] as const) {
    const run = await rig.run([...args, ...flags], how);
    t.equal(run.code, 0, run.said);
    t.match(run.stdout, '***', 'the stage has printed it');
    t.notOk(`${run.stdout}${run.stderr}`.includes(secret));
    for (const name of ['orchestrator_run_report.json', 'audit.jsonl', STATEMENTS]) {
      t.notOk(rig.read(`out/${name}`).includes(secret), name);
    }
    t.notOk(rig.read('out/logs/execution.1.stdout.log').includes(secret), 'the log');
    t.notOk(rig.read(join(rig.base, 'env')).includes(secret));
    t.notOk(rig.read(join(rig.base, 'fds')).split('\n').includes(key.secret), 'no descriptor leads to it');
  }
});

e2e('a config file names the key, and --print-config keeps it', async (t, rig) => {
  const key = keyFiles(rig);
  const config = rig.write('c.yaml', `sign_key_file: ${key.secret}\n`);
  t.equal((await rig.run(['./out', ...DONE, '--config', config])).code, 0);
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 0);
  const printed = await rig.run(['./out', '--print-config', '--config', config]);
  t.match(printed.stdout, `\nsign_key_file: "${key.secret}"\n`);
});
