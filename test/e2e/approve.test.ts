import { createPublicKey, verify } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';
import { type EnvelopeJson, keyFiles, payloadOf } from './signer.ts';

/** A repository with its out_dir beside it, blocked for want of a review. */
async function blockedRun(rig: Rig): Promise<string> {
  rig.gitRepo();
  const out = join(rig.base, 'evidence');
  const plan = join(out, 'plan.json');
  const manager = rig.agent('manager', `echo '{}' > '${plan}'`);
  const roles = [
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    plan,
    '--executor-bin',
    '/bin/true',
  ];
  const run = await rig.run([out, ...ALL_PASS.slice(0, 4), ...roles]);
  if (run.code !== 3) throw new Error(run.said);
  return out;
}

function envelopeIn(rig: Rig, file: string): EnvelopeJson {
  return JSON.parse(rig.read(file));
}

e2e('an approval is bound to run, commit, content and plan, and signed over exactly that', async (t, rig) => {
  const out = await blockedRun(rig);
  const key = keyFiles(rig);
  const before = Math.floor(Date.now() / 1000);
  const args = [
    'approve',
    out,
    '--key',
    key.secret,
    '--approver',
    'Ada',
    '--note',
    'read it',
    '--expires',
    '2h',
  ];
  const run = await rig.run(args);
  t.equal(run.code, 0, run.said);
  const file = /written to +(\S+)/.exec(run.stdout)?.[1] ?? '';
  t.match(file, new RegExp(`^${out}\\.review\\.[0-9a-f]{8}\\.json$`), 'beside out_dir');
  const envelope = envelopeIn(rig, file);
  const statement = payloadOf(envelope);
  const report = rig.report(out);
  const { head, tree_digest } = report.repo;
  t.equal(statement.predicateType, 'urn:orchestrator:predicate/approval/v1');
  t.match(statement.predicate, {
    ...{ run_id: report.run_id, gate: 'review', verdict: 'approved', approver: 'Ada', note: 'read it' },
    ...{ head_sha: head, tree_digest, plan_digest: /^[0-9a-f]{64}$/ },
  });
  t.equal(head, rig.git('rev-parse', 'HEAD').trim());
  const { issued_at_unix_secs: issued, expires_at_unix_secs: expires } = statement.predicate;
  t.ok(issued >= before && expires - issued === 7200);
  t.strictSame(statement.subject.slice(0, 2), [
    { name: 'head commit', digest: { gitCommit: head } },
    { name: 'content tree', digest: { sha256: tree_digest } },
  ]);
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 28 ${envelope.payloadType} ${payload.length} `),
    payload,
  ]);
  const sig = Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64');
  t.ok(verify(null, signed, createPublicKey(rig.read(key.open)), sig));
  for (const said of [
    report.run_id,
    head ?? '?',
    'plan.json',
    'blocked: GATE_REVIEW_NOT_APPROVED',
    'Ada, key ',
  ]) {
    t.ok(run.stdout.includes(said), said);
  }
  t.match(
    run.stdout,
    `next: orchestrator ${out} --resume --review-from file:${file} --approver-key PUBLIC.pem\n`,
  );
  const again = await rig.run([...args, '--verdict', 'changes_requested', '--json']);
  t.match(JSON.parse(again.stdout), {
    file,
    verdict: 'changes_requested',
    gate: 'review',
    run_id: report.run_id,
  });
  t.equal(
    payloadOf(envelopeIn(rig, file)).predicate.verdict,
    'changes_requested',
    'an earlier one is replaced',
  );
  t.equal((await rig.run(['verify', out])).code, 3, 'the evidence is as it was');
});

e2e('evidence that does not hold is not approved', async (t, rig) => {
  const out = await blockedRun(rig);
  const key = keyFiles(rig);
  const approve = ['approve', out, '--key', key.secret];
  const checkpoint = join(out, 'orchestrator_checkpoint.json');
  const broken: readonly (readonly [string, number, RegExp])[] = [
    [join(out, 'plan.json'), 1, /artifact files: .*plan.json changed/],
    [join(out, 'orchestrator_run_report.json'), 1, /report: .*expected SHA-256/],
    [join(out, 'audit.jsonl'), 0, /./],
    [checkpoint, 1, /orchestrator_checkpoint.json/],
    [join(rig.work, 'a.txt'), 2, /WORKTREE_CHANGED_SINCE_VALIDATION.*--rerun-from validation/],
  ];
  for (const [file, code, said] of broken) {
    const whole = rig.read(file);
    appendFileSync(file, ' ');
    const run = await rig.run(approve);
    t.equal(run.code, code, `${file}: ${run.said}`);
    t.match(run.said + run.stdout, said);
    writeFileSync(file, whole);
  }
  rmSync(join(out, 'artifacts'), { recursive: true });
  t.equal((await rig.run(approve)).code, 1, 'a copy is gone');
  rmSync(checkpoint);
  const none = await rig.run(approve);
  t.equal(none.code, 2);
  t.match(none.said, 'expected a checkpoint, found none');
});

e2e('a run that has nothing validated, or nothing to bind to, is not approved', async (t, rig) => {
  const key = keyFiles(rig);
  const approve = ['approve', './out', '--key', key.secret, '--write', join(rig.base, 'a.json')];
  t.equal((await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true'])).code, 0);
  const outside = await rig.run(approve);
  t.equal(outside.code, 2, outside.said);
  t.match(outside.said, 'outside git there is neither a commit nor a content tree');
  rmSync(rig.out, { recursive: true });
  rig.gitRepo();
  t.equal((await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/false'])).code, 1);
  const early = await rig.run(approve);
  t.equal(early.code, 2, early.said);
  t.match(early.said, 'nothing has been validated yet');
  const red = ['--executor-bin', '/bin/true', '--validation-bin', '/bin/false'];
  t.equal((await rig.run(['./out', ...ALL_PASS, ...red])).code, 1);
  t.equal((await rig.run(approve)).code, 2, 'what validation has refused');
  t.notOk(rig.exists(join(rig.base, 'a.json')));
});

e2e('an approval is not written into the work tree, nor over a file of somebody', async (t, rig) => {
  rig.gitRepo();
  const key = keyFiles(rig);
  t.equal((await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true'])).code, 0);
  const approve = ['approve', './out', '--key', key.secret];
  const inTree = await rig.run(approve);
  t.equal(inTree.code, 2, inTree.said);
  t.match(inTree.said, /expected a file outside the work tree.*--write .*\/out\/out.review.[0-9a-f]{8}.json/);
  t.equal((await rig.run([...approve, '--write', './deep/a.json'])).code, 2);
  const inOut = await rig.run([...approve, '--write', './out/a.json']);
  t.equal(inOut.code, 0, 'where it was asked for');
  t.equal((await rig.run(['verify', './out'])).code, 0);
  const mine = rig.write(join(rig.base, 'mine.json'), '{"mine":1}');
  const over = await rig.run([...approve, '--write', mine]);
  t.equal(over.code, 2);
  t.equal(rig.read(mine), '{"mine":1}');
  const nowhere = await rig.run([...approve, '--write', join(rig.base, 'none/a.json')]);
  t.equal(nowhere.code, 2, nowhere.said);
});

e2e('what is typed wrong is one line and exit 2, and nothing of the key is shown', async (t, rig) => {
  const out = await blockedRun(rig);
  const key = keyFiles(rig);
  const secret = key.pem.split('\n')[1] ?? '';
  const wide = rig.write(join(rig.base, 'wide.pem'), key.pem);
  chmodSync(wide, 0o644);
  mkdirSync(join(rig.base, 'folder'));
  const within = rig.write(join(out, 'key.pem'), key.pem, 0o600);
  const good = ['--key', key.secret];
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [/expected --key or --key-fd, got neither/, []],
    [/expected --key or --key-fd, got both/, [...good, '--key-fd', '3']],
    [/--key .*: expected a file that only its owner can read/, ['--key', wide]],
    [
      /--key .*: expected an Ed25519 private key in PEM \(PKCS#8\), got "PUBLIC KEY"/,
      ['--key', rig.write(join(rig.base, 'p.pem'), rig.read(key.open), 0o600)],
    ],
    [/--key-fd 250: expected an open descriptor/, ['--key-fd', '250']],
    [/--key .*: expected a file that no stage comes across, got one in out_dir/, ['--key', within]],
    [/--gate: expected policy, ci or review/, [...good, '--gate', 'merge']],
    [/--verdict: expected approved or changes_requested/, [...good, '--verdict', 'APPROVED']],
    [/--expires: expected a duration/, [...good, '--expires', '24']],
    [/--expires: expected at least 1s/, [...good, '--expires', '999ms']],
    [/--expires: expected at most 3650d/, [...good, '--expires', '3651d']],
    [/--approver: expected at most 200 characters/, [...good, '--approver', 'a'.repeat(201)]],
    [/--approver: expected a text, got an empty one/, [...good, '--approver', '']],
    [/--note: expected at most 2000 characters/, [...good, '--note', 'a'.repeat(2001)]],
  ];
  await inParallel(cases, async ([message, flags]) => {
    const run = await rig.run(['approve', out, ...flags]);
    t.equal(run.code, 2, `${flags.join(' ').slice(0, 200)}: ${run.said}`);
    t.match(run.said, message);
    t.equal(run.said.trim().split('\n').length, 1, 'one line');
    t.notMatch(run.said + run.stdout, secret);
  });
});

e2e('a key from a descriptor signs, and evidence under a state key is held to it', async (t, rig) => {
  rig.gitRepo();
  const key = keyFiles(rig);
  const state = rig.write(join(rig.base, 'state.key'), 'k'.repeat(40), 0o600);
  const stateKey = ['--state-key-file', state];
  t.equal((await rig.run(['./out', ...ALL_PASS, '--executor-bin', '/bin/true', ...stateKey])).code, 0);
  const opened = { through: ['/bin/bash', '-c', `exec "$@" 3< '${key.secret}'`, 'bash'] };
  const args = ['approve', './out', '--key-fd', '3', '--write', join(rig.base, 'a.json')];
  const run = await rig.run([...args, ...stateKey], opened);
  t.equal(run.code, 0, run.said);
  t.match(
    run.stdout,
    `--resume --review-from file:${rig.base}/a.json --approver-key PUBLIC.pem --state-key-file ${state}`,
  );
  const other = rig.write(join(rig.base, 'other.key'), 'o'.repeat(40), 0o600);
  t.equal((await rig.run([...args, '--state-key-file', other], opened)).code, 1);
});

e2e('a plan is approved before the execution, and that word does not close the run', async (t, rig) => {
  rig.gitRepo({ 'a.txt': 'a\n' });
  const key = keyFiles(rig);
  const out = join(rig.base, 'planned');
  const file = join(rig.base, 'plan.json');
  const plan = rig.agent('plan', 'echo "{}" > "$ORCHESTRATOR_OUT_DIR/p.json"');
  const args = [
    ...[out, '--manager-bin', plan, '--manager-expected-artifact', join(out, 'p.json')],
    ...[
      '--executor-bin',
      rig.agent('work', 'echo b >> a.txt'),
      '--ci-status',
      'success',
      '--review-status',
      'approved',
    ],
    ...['--policy-from', `file:${file}`, '--approver-key', key.open],
  ];
  t.equal((await rig.run(args)).code, 3);
  t.notMatch(rig.ledger().join(), /execution/);
  const approve = ['approve', out, '--key', key.secret, '--gate', 'policy', '--write', file];
  const admitted = await rig.run(approve);
  t.equal(admitted.code, 0, admitted.said);
  const resumed = await rig.run([out, '--resume']);
  t.match(rig.ledger().join(), /execution/, 'the executor has run');
  t.equal(resumed.code, 3, 'a word on the plan is none on the content');
  t.match((await rig.run(['explain', out])).stdout, /approval_other_tree/);
  t.equal((await rig.run(approve)).code, 0);
  const closed = await rig.run([out, '--resume']);
  t.equal(closed.code, 0, closed.said);
});
