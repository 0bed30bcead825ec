import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forge } from './forge.ts';
import { ALL_PASS, e2e, type Rig } from './rig.ts';
import {
  envelopes,
  type KeyFiles,
  keyFiles,
  payloadOf,
  STATEMENTS,
  sealed,
  writeEnvelopes,
} from './signer.ts';

/** A run that was blocked and then done: a chain of two statements, each with its summary. */
async function signedRun(rig: Rig, key: KeyFiles, out = './out'): Promise<void> {
  const executor = rig.agent('executor', `echo {} > '${out}/made.json'`);
  const artifact = ['--executor-expected-artifact', `${out}/made.json`];
  const sign = ['--sign-key', key.secret];
  await rig.run([out, ...ALL_PASS.slice(0, 4), '--executor-bin', executor, ...artifact, ...sign]);
  const done = await rig.run([out, '--resume', '--review-status', 'approved', ...sign]);
  if (done.code !== 0) throw new Error(done.said);
}

e2e('what was changed after it was signed is refused, each by its name', async (t, rig) => {
  const [key, other] = [keyFiles(rig), keyFiles(rig, 'other')];
  await signedRun(rig, key);
  await signedRun(rig, key, './second');
  cpSync(rig.out, join(rig.base, 'whole'), { recursive: true });
  const all = () => envelopes(rig);
  const changed = (at: number, change: (statement: ReturnType<typeof payloadOf>) => unknown, pem: string) =>
    writeEnvelopes(
      rig,
      all().map((one, index) => (index === at ? sealed(pem, change(payloadOf(one))) : one)),
    );
  const withPredicate = (more: object) => (statement: ReturnType<typeof payloadOf>) => ({
    ...statement,
    predicate: { ...statement.predicate, ...more },
  });
  const report = join(rig.out, 'orchestrator_run_report.json');
  const cases: readonly (readonly [what: string, change: () => void, said: RegExp])[] = [
    ['the report', () => appendFileSync(report, '\n'), /FAILED +report /],
    ['an artifact', () => writeFileSync(join(rig.out, 'made.json'), 'y'), /FAILED +artifact files/],
    [
      'the whole evidence, forged anew',
      () => forge(rig.out, FORGERY),
      /not signed: the last statement is of another report/,
    ],
    [
      'a statement, its signature kept',
      () =>
        writeEnvelopes(
          rig,
          all().map((one, at) => (at === 2 ? { ...one, payload: all()[0]?.payload ?? '' } : one)),
        ),
      /FAILED +signature +statement 2 is not signed by a trusted key/,
    ],
    [
      'a statement, signed with a key that nobody trusts',
      () => changed(2, withPredicate({}), other.pem),
      /FAILED +signature +statement 2 is not signed by a trusted key/,
    ],
    [
      'the last statement, dropped',
      () => writeEnvelopes(rig, all().slice(0, 2)),
      /not signed: the last statement is of another report/,
    ],
    [
      'the last summary, dropped',
      () => writeEnvelopes(rig, all().slice(0, 3)),
      /expected a summary after each/,
    ],
    [
      'the first statement, dropped',
      () => writeEnvelopes(rig, all().slice(2)),
      /statement 1 has the number 2/,
    ],
    ['all statements, dropped', () => rmSync(join(rig.out, STATEMENTS)), /not signed: .* is missing/],
    [
      'an old statement, put in the place of the last',
      () => writeEnvelopes(rig, [...all(), ...all().slice(0, 2)]),
      /statement 3 has the number 1/,
    ],
    [
      'statements of another run, put in their place',
      () => writeEnvelopes(rig, envelopes(rig, join(rig.work, 'second'))),
      /FAILED +statements +they are of another run/,
    ],
    [
      'a statement of another run, added',
      () => writeEnvelopes(rig, [...all().slice(0, 2), ...envelopes(rig, join(rig.work, 'second')).slice(2)]),
      /statement 2 is of another run/,
    ],
    [
      'the order of statement and summary',
      () => writeEnvelopes(rig, all().slice(0, 2).reverse()),
      /statement 1: /,
    ],
    [
      'a line that has no end',
      () => appendFileSync(join(rig.out, STATEMENTS), '{}'),
      /the last line has no end/,
    ],
    ['a link in their place', () => linkStatements(rig), /FAILED +signature/],
    // The following need the key itself: what is signed must still agree with what is there.
    [
      'a gate decision, signed',
      () => changed(2, withPredicate({ terminal_state: 'blocked' }), key.pem),
      /is not what its summary sums up/,
    ],
    [
      'the summary, signed',
      () => changed(3, withPredicate({ verifiedLevels: ['SLSA_BUILD_LEVEL_3'] }), key.pem),
      /is not what its summary sums up/,
    ],
    [
      'another predicate, signed',
      () => changed(2, (one) => ({ ...one, predicateType: 'https://x' }), key.pem),
      /statement 2: predicateType/,
    ],
    [
      'a predicate with more in it, signed',
      () => changed(2, withPredicate({ more: 1 }), key.pem),
      /statement 2: predicate/,
    ],
  ];
  for (const [what, change, said] of cases) {
    change();
    const verified = await rig.run(['verify', './out', '--key', key.open]);
    t.equal(verified.code, 1, `${what}: ${verified.stdout}`);
    t.match(verified.stdout, said, what);
    rmSync(rig.out, { recursive: true });
    cpSync(join(rig.base, 'whole'), rig.out, { recursive: true });
  }
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 0, 'as it was');
  const wrong = await rig.run(['verify', './out', '--key', other.open]);
  t.equal(wrong.code, 1);
  t.match(wrong.stdout, /statement 1 is not signed by a trusted key/);
  const either = await rig.run(['verify', './out', '--key', other.open, '--key', key.open]);
  t.equal(either.code, 0, 'one of several keys is enough');
});

/** Everything of the evidence made anew, as one does who has no key. */
const FORGERY = {
  run: (run: Record<string, unknown>) => ({ ...run, started_at: '2026-01-01T00:00:00Z' }),
  report: (report: Record<string, unknown>) => ({ ...report, started_at: '2026-01-01T00:00:00Z' }),
};

function linkStatements(rig: Rig): void {
  cpSync(join(rig.out, STATEMENTS), join(rig.base, 'elsewhere'));
  rmSync(join(rig.out, STATEMENTS));
  symlinkSync(join(rig.base, 'elsewhere'), join(rig.out, STATEMENTS));
}

e2e('a key for verify has to be a public one', async (t, rig) => {
  const key = keyFiles(rig);
  await signedRun(rig, key);
  for (const [file, said] of [
    [
      key.secret,
      /--key .*: expected an Ed25519 public key in PEM \(SPKI\), got "PRIVATE KEY"; its public half/,
    ],
    [join(rig.base, 'none.pem'), /no such file/],
    ['/dev/null', /expected a regular file, got a device/],
  ] as const) {
    const run = await rig.run(['verify', './out', '--key', file]);
    t.equal(run.code, 2, run.said);
    t.match(run.said, said);
  }
});

e2e('a statement that a trusted key has signed must still be what the report says', async (t, rig) => {
  const key = keyFiles(rig);
  await signedRun(rig, key);
  const all = envelopes(rig);
  const last = payloadOf(all[2]);
  const other = 'f'.repeat(64);
  const { predicate } = last;
  const cases: readonly (readonly [RegExp, object])[] = [
    [/it differs from the report: tree_digest/, { predicate: { ...predicate, tree_digest: other } }],
    [/it differs from the report: config_digest/, { predicate: { ...predicate, config_digest: other } }],
    [/it differs from the report: invocations/, { predicate: { ...predicate, invocations: 1 } }],
    [/it differs from the report: subject/, { subject: last.subject.slice(0, 1) }],
    [
      /it differs from the report: gate_decisions/,
      { predicate: { ...predicate, gate_decisions: [...predicate.gate_decisions].reverse() } },
    ],
  ];
  for (const [said, more] of cases) {
    const statement = { ...last, ...more };
    const sealedOne = sealed(key.pem, statement);
    const digest = createHash('sha256').update(Buffer.from(sealedOne.payload, 'base64')).digest('hex');
    const summary = payloadOf(all[3]);
    summary.subject = statement.subject;
    summary.predicate.policy.digest.sha256 = statement.predicate.config_digest;
    summary.predicate.inputAttestations[0].digest.sha256 = digest;
    writeEnvelopes(rig, [...all.slice(0, 2), sealedOne, sealed(key.pem, summary)]);
    const verified = await rig.run(['verify', './out', '--key', key.open]);
    t.equal(verified.code, 1, verified.stdout);
    t.match(verified.stdout, said);
  }
});

e2e('two ways in which one run went on cannot be put together', async (t, rig) => {
  const key = keyFiles(rig);
  await signedRun(rig, key);
  const resume = ['./out', '--resume', '--sign-key', key.secret];
  cpSync(rig.out, join(rig.base, 'whole'), { recursive: true });
  t.equal((await rig.run(resume)).code, 0);
  const oneWay = envelopes(rig);
  rmSync(rig.out, { recursive: true });
  cpSync(join(rig.base, 'whole'), rig.out, { recursive: true });
  t.equal((await rig.run(resume)).code, 0);
  t.equal((await rig.run(resume)).code, 0);
  t.equal((await rig.run(['verify', './out', '--key', key.open])).code, 0);
  writeEnvelopes(rig, [...oneWay, ...envelopes(rig).slice(6)]);
  const mixed = await rig.run(['verify', './out', '--key', key.open]);
  t.equal(mixed.code, 1);
  t.match(mixed.stdout, /statement 4 does not follow the one before it/);
});
