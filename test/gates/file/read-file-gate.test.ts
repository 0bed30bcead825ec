import t from 'tap';
import type { GateDocument, GateReading } from '../../../src/core/gates/gate-document.ts';
import { documentPasses } from '../../../src/core/gates/gate-document.ts';
import type { GateQuestion } from '../../../src/core/gates/gate-question.ts';
import { fail, ok } from '../../../src/core/result.ts';
import { type ApprovalPredicate, approvalStatement } from '../../../src/formats/approval.ts';
import { IN_TOTO_PAYLOAD_TYPE, sealEnvelope } from '../../../src/formats/dsse.ts';
import type { SigningKey } from '../../../src/formats/signing-key.ts';
import type { SignedFile } from '../../../src/gates/file/open-signed.ts';
import { type FileGateRules, readFileGate } from '../../../src/gates/file/read-file-gate.ts';
import { newKey } from '../../fixtures/signing-keys.ts';

const [A, B, X] = [newKey(), newKey(), newKey()];
const NOW = 1_800_000_000;
const HEAD = 'a'.repeat(40);
const TREE = 'b'.repeat(64);
const PLAN = 'c'.repeat(64);

const QUESTION: GateQuestion = {
  gate: 'review',
  moment: 'closure',
  subject: { run_id: 'run-1', head_sha: HEAD, base_sha: null, tree_digest: TREE },
  planDigest: PLAN,
  nowSecs: NOW,
};

const APPROVAL: ApprovalPredicate = {
  run_id: 'run-1',
  gate: 'review',
  verdict: 'approved',
  approver: 'Ada',
  note: null,
  head_sha: HEAD,
  tree_digest: TREE,
  plan_digest: PLAN,
  issued_at_unix_secs: NOW - 60,
  expires_at_unix_secs: NOW + 60,
};

function signed(
  statement: unknown,
  keys: readonly SigningKey[] = [A.signing],
  type = IN_TOTO_PAYLOAD_TYPE,
): SignedFile {
  const text = sealEnvelope(type, Buffer.from(JSON.stringify(statement)), keys);
  return file(text);
}

function file(text: string): SignedFile {
  return { source: 'file:a.json', bytes: Buffer.from(text), problem: null };
}

function approval(more: Partial<ApprovalPredicate> = {}, keys?: readonly SigningKey[]): SignedFile {
  return signed(approvalStatement({ ...APPROVAL, ...more }), keys);
}

const RULES: FileGateRules = {
  publicKeys: [A.verifying, B.verifying],
  required: 1,
  judgeDocument: () => fail('no document was expected'),
};

function read(
  files: readonly SignedFile[],
  rules: Partial<FileGateRules> = {},
  question = QUESTION,
): GateReading {
  const reading = readFileGate(question, files, { ...RULES, ...rules });
  const { document } = reading;
  t.equal(documentPasses(document, question.gate), document.passed, 'status, passed and details agree');
  return reading;
}

function blockingCodes(reading: GateReading): readonly string[] {
  return reading.document.details.filter((one) => one.blocks).map((one) => one.code);
}

t.test('an approval of this run, commit, content and plan opens the gate', (t) => {
  const { document, waitsFor } = read([approval()]);
  t.match(document, { gate: 'review', status: 'approved', passed: true, source: 'file:a.json' });
  t.match(document.details, [{ code: 'approved', about: 'Ada' }]);
  t.match(document.inputs_digest, /^[0-9a-f]{64}$/);
  t.equal(waitsFor, null);
  t.end();
});

t.test('an approval of anything else is refused, each with a code of its own', (t) => {
  const other = 'd'.repeat(64);
  const statement = approvalStatement(APPROVAL);
  const whole = JSON.parse(Buffer.from(approval().bytes ?? []).toString());
  const cases: readonly (readonly [string, SignedFile])[] = [
    ['approval_other_gate', approval({ gate: 'ci' })],
    ['approval_other_run', approval({ run_id: 'run-2' })],
    ['approval_other_commit', approval({ head_sha: 'e'.repeat(40) })],
    ['approval_other_commit', approval({ head_sha: null })],
    ['approval_other_tree', approval({ tree_digest: other })],
    ['approval_other_tree', approval({ tree_digest: null })],
    ['approval_other_plan', approval({ plan_digest: other })],
    ['approval_other_plan', approval({ plan_digest: null })],
    ['approval_expired', approval({ expires_at_unix_secs: NOW })],
    ['approval_expired', approval({ issued_at_unix_secs: NOW + 50, expires_at_unix_secs: NOW + 50 })],
    ['approval_from_future', approval({ issued_at_unix_secs: NOW + 61, expires_at_unix_secs: NOW + 99 })],
    ['approval_subject_differs', signed({ ...statement, subject: statement.subject.slice(1) })],
    ['approval_untrusted_key', approval({}, [X.signing])],
    ['signature_invalid', file(JSON.stringify({ ...whole, payload: 'e30=' }))],
    [
      'approval_untrusted_key',
      file(JSON.stringify({ ...whole, payload: 'e30=', signatures: [{ sig: 'AAAA' }] })),
    ],
    ['envelope_malformed', file('{}')],
    ['envelope_malformed', file('')],
    ['statement_malformed', signed(statement, [A.signing], 'application/json')],
    ['statement_malformed', signed([])],
    ['statement_malformed', signed({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })],
    ['statement_malformed', signed({ ...statement, predicate: { ...APPROVAL, verdict: 'APPROVED' } })],
    ['statement_malformed', signed({ ...statement, predicate: { ...APPROVAL, more: 1 } })],
    ['statement_malformed', approval({ approver: 'a'.repeat(201) })],
    ['predicate_unknown', signed({ ...statement, predicateType: 'https://example.com/approval' })],
    ['approval_missing', { source: 'file:a.json', bytes: null, problem: null }],
    ['approval_unreadable', { source: 'file:a.json', bytes: null, problem: 'it is a folder' }],
  ];
  for (const [code, one] of cases) {
    const reading = read([one]);
    t.equal(reading.document.passed, false, code);
    t.equal(blockingCodes(reading)[0], code);
    t.notOk(
      read([approval({}, [B.signing]), one]).document.passed,
      `${code}: a good one beside it does not help`,
    );
  }
  t.end();
});

t.test('one of neither commit nor content is bound to nothing', (t) => {
  const subject = { ...QUESTION.subject, head_sha: null, tree_digest: null };
  const reading = read([approval({ head_sha: null, tree_digest: null })], {}, { ...QUESTION, subject });
  t.strictSame(blockingCodes(reading), ['approval_unbound', 'approvals_missing']);
  t.end();
});

t.test('an approver whose clock is a little ahead is not refused', (t) => {
  t.ok(read([approval({ issued_at_unix_secs: NOW + 60, expires_at_unix_secs: NOW + 99 })]).document.passed);
  t.end();
});

t.test('at admission there is no content yet to compare with', (t) => {
  const subject = { ...QUESTION.subject, tree_digest: null };
  const admission: GateQuestion = { ...QUESTION, subject, moment: 'admission' };
  t.ok(read([approval()], {}, admission).document.passed);
  t.notOk(read([approval({ head_sha: 'e'.repeat(40) })], {}, admission).document.passed);
  t.notOk(read([approval()], {}, { ...admission, moment: 'closure' }).document.passed);
  t.end();
});

t.test('several approvals have to come from different keys', (t) => {
  const two = { required: 2 };
  t.ok(read([approval(), approval({ approver: 'Bob' }, [B.signing])], two).document.passed);
  t.ok(read([approval({}, [A.signing, B.signing])], two).document.passed, 'two keys on one envelope');
  const same = read([approval(), approval({ approver: 'Bob' })], two);
  t.strictSame(blockingCodes(same), ['approval_same_approver', 'approvals_missing']);
  const one = read([approval()], two);
  t.strictSame(blockingCodes(one), ['approvals_missing']);
  t.match(one.waitsFor, /expected approvals by 2 different keys, got 1/);
  const enough = read([approval(), approval()]);
  t.ok(enough.document.passed);
  t.match(enough.document.details.at(-1), { code: 'approval_same_approver', blocks: false });
  t.notOk(
    read([approval({}, [A.signing, X.signing])], two).document.passed,
    'an untrusted key counts for nothing',
  );
  t.end();
});

t.test('changes requested by a trusted key close the gate, whatever else there is', (t) => {
  const refusal = approval({ verdict: 'changes_requested', note: 'no tests' }, [B.signing]);
  const reading = read([approval(), refusal]);
  t.equal(reading.document.status, 'changes_requested');
  t.match(reading.document.details.at(-1), { code: 'changes_requested', message: 'no tests', blocks: true });
  t.equal(reading.waitsFor, null, 'nothing to wait for');
  for (const [gate, status] of [
    ['policy', 'deny'],
    ['ci', 'failure'],
  ] as const) {
    const asked = { ...QUESTION, gate };
    const closed = read([approval({ gate, verdict: 'changes_requested' })], {}, asked);
    t.equal(closed.document.status, status);
  }
  const expired = approval({ verdict: 'changes_requested', expires_at_unix_secs: NOW }, [B.signing]);
  t.notOk(read([approval(), expired]).document.passed, 'an expired one does not open it either');
  t.end();
});

t.test(
  'without a trusted key, without a file, or with a threshold of nothing, nothing passes unseen',
  (t) => {
    t.ok(blockingCodes(read([approval()], { publicKeys: [] })).includes('no_trusted_keys'));
    t.strictSame(blockingCodes(read([])), ['approval_missing']);
    t.notOk(read([], { required: 0 }).document.passed);
    t.ok(blockingCodes(read([approval({}, [X.signing])], { required: 0 })).includes('approvals_missing'));
    t.ok(blockingCodes(read([approval()], { required: Number.NaN })).includes('approvals_missing'));
    t.end();
  },
);

t.test('a file that is not there yet is waited for, one that is wrong is not', (t) => {
  const missing: SignedFile = { source: 'file:b.json', bytes: null, problem: null };
  t.match(read([missing]).waitsFor, /approvals of review/);
  t.equal(read([missing, approval({ run_id: 'run-2' })]).waitsFor, null);
  t.end();
});

const DOCUMENT: GateDocument = {
  gate: 'review',
  status: 'approved',
  passed: true,
  source: 'x',
  details: [],
  not_evaluated: [],
  subject: QUESTION.subject,
  evaluated_at_unix_secs: NOW,
  inputs_digest: null,
};

t.test('a signed gate document counts for who has signed it', (t) => {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'c', digest: { gitCommit: HEAD } }],
    predicateType: 'urn:orchestrator:predicate/gate-document/v1',
    predicate: { ...DOCUMENT, schema_version: '1.0' },
  };
  const judged = (document: Partial<GateDocument>, sound = true) => ({
    judgeDocument: () => ok({ document: { ...DOCUMENT, ...document }, sound }),
  });
  t.ok(read([signed(statement)], judged({})).document.passed);
  t.ok(read([signed(statement), approval({}, [B.signing])], { ...judged({}), required: 2 }).document.passed);
  const predicate = { ...statement.predicate, subject: { ...QUESTION.subject, run_id: null } };
  const commitOnly = { ...predicate, subject: { run_id: 'run-1', head_sha: HEAD } };
  const subject = [{ name: HEAD, digest: { sha256: PLAN } }];
  const cases: readonly (readonly [string, GateReading])[] = [
    ['statement_malformed', read([signed(statement)])],
    ['approval_other_run', read([signed({ ...statement, predicate })], judged({}))],
    ['approval_other_tree', read([signed({ ...statement, predicate: commitOnly })], judged({}))],
    ['approval_subject_differs', read([signed({ ...statement, subject })], judged({}))],
    ['gate_document_closed', read([signed(statement)], judged({}, false))],
    ['gate_document_closed', read([signed(statement)], judged({ passed: false }))],
    ['gate_document_closed', read([signed(statement)], judged({ status: 'changes_requested' }))],
  ];
  for (const [code, reading] of cases) {
    t.notOk(reading.document.passed, code);
    t.equal(blockingCodes(reading)[0], code);
  }
  t.end();
});
