import { createHash } from 'node:crypto';
import t from 'tap';
import { auditProblem, GENESIS, readAuditLog, sealRecord } from '../../src/store/audit-chain.ts';

const BODIES = [{ argv: ['--x', 'é\n"'] }, {}, { nested: { b: 1, a: [null, 1.5] } }, { code: 'DONE' }];

function makeLog(): { readonly bytes: Buffer; readonly lines: readonly string[] } {
  let head = GENESIS;
  const lines = BODIES.map((body, index) => {
    const sealed = sealRecord(head, {
      time: `2026-01-0${index + 1}T00:00:00.000Z`,
      kind: `kind-${index}`,
      body,
    });
    head = sealed.head;
    return sealed.line;
  });
  return { bytes: Buffer.from(lines.join('')), lines };
}

t.test('a log reads back with its head and the digest of each record', async (t) => {
  const { bytes } = makeLog();
  const reading = readAuditLog(bytes);
  t.match(reading, { records: 4, goodBytes: bytes.length, tornTail: false, problem: null });
  t.equal(reading.head.sha256, reading.digests[3]);
  t.equal(reading.head.seq, 4);
});

t.test('an empty log is good and has the genesis head', async (t) => {
  t.match(readAuditLog(Buffer.alloc(0)), { records: 0, head: GENESIS, tornTail: false, problem: null });
});

t.test('a record can be checked with sha256sum alone, as documented', async (t) => {
  const line = makeLog().lines[1]?.trimEnd() ?? '';
  const record = JSON.parse(line);
  t.strictSame(Object.keys(record), ['seq', 'prev', 'time', 'kind', 'sha256']);
  const text = `${line.slice(0, -77)}}`;
  t.equal(createHash('sha256').update(`${record.prev}\n${text}`).digest('hex'), record.sha256);
});

t.test('every flipped bit is noticed', async (t) => {
  const { bytes } = makeLog();
  let missed = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const reading = readAuditLog(flipped);
      // The last newline gone is a torn tail, which the head in the checkpoint tells from a whole log.
      if (reading.problem === null && reading.records === 4) missed += 1;
    }
  }
  t.equal(missed, 0);
});

t.test('a deleted, repeated or swapped record is noticed', async (t) => {
  const [a = '', b = '', c = '', d = ''] = makeLog().lines;
  for (const lines of [
    [b, c, d],
    [a, c, d],
    [a, b, d],
    [a, a, b, c, d],
    [b, a, c, d],
    [a, b, c, d, d],
    [a, '\n', b],
  ]) {
    t.match(readAuditLog(Buffer.from(lines.join(''))).problem, /^line \d/);
  }
});

t.test('a record with a duplicate key is refused although its seal may be right', async (t) => {
  const text = `{"seq":1,"prev":"${GENESIS.sha256}","time":"t","kind":"a","kind":"b"}`;
  const seal = createHash('sha256').update(`${GENESIS.sha256}\n${text}`).digest('hex');
  const line = `${text.slice(0, -1)},"sha256":"${seal}"}\n`;
  t.match(readAuditLog(Buffer.from(line)).problem, /duplicate key/);
});

t.test('a torn last record is told apart from a changed one', async (t) => {
  const { bytes, lines } = makeLog();
  const last = Buffer.byteLength(lines[3] ?? '');
  for (let cut = 1; cut < last; cut += 1) {
    const reading = readAuditLog(bytes.subarray(0, bytes.length - cut));
    t.match(reading, { records: 3, tornTail: true, problem: null, goodBytes: bytes.length - last });
  }
  t.match(readAuditLog(bytes.subarray(0, bytes.length - last)), { records: 3, tornTail: false });
  t.match(readAuditLog(Buffer.concat([bytes, Buffer.alloc(64)])), {
    records: 4,
    tornTail: true,
    problem: null,
  });
});

t.test('a longer log belongs to a checkpoint, a shorter or another one does not', async (t) => {
  const { bytes, lines } = makeLog();
  const whole = readAuditLog(bytes);
  t.equal(auditProblem(whole, whole.head), null);
  t.equal(auditProblem(whole, { seq: 2, sha256: whole.digests[1] ?? '' }), null, 'a longer tail');
  t.equal(auditProblem(whole, GENESIS), null);
  const shorter = readAuditLog(Buffer.from(lines.slice(0, 3).join('')));
  t.match(auditProblem(shorter, whole.head), /expected at least 4 records, got 3/);
  t.match(auditProblem(whole, { seq: 2, sha256: 'f'.repeat(64) }), /record 2 is not the one/);
  const broken = readAuditLog(Buffer.concat([bytes, Buffer.from('{}\n')]));
  t.match(auditProblem(broken, whole.head), /line 5/, 'an invalid tail');
});

t.test('a body cannot take the place of the chain', async (t) => {
  t.throws(() => sealRecord(GENESIS, { time: 't', kind: 'k', body: { prev: 'x' } }), /prev/);
});
