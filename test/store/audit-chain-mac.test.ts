import { createHash } from 'node:crypto';
import t from 'tap';
import { parseStateKey } from '../../src/formats/state-key.ts';
import { GENESIS, readAuditLog, sealRecord } from '../../src/store/audit-chain.ts';

function macOf(letter: string) {
  const key = parseStateKey(Buffer.alloc(32, letter));
  if (!key.ok) throw new Error(key.failure);
  return key.value.auditRecord;
}

const MAC = macOf('k');

/** Three records, the first of which names the run. */
function makeLog(run: string, mac: typeof MAC | null): readonly string[] {
  let head = GENESIS;
  return [{ run }, { commits: 1 }, { commits: 2 }].map((body, index) => {
    const sealed = sealRecord(head, { time: '2026-01-01T00:00:00.000Z', kind: `kind-${index}`, body }, mac);
    head = sealed.head;
    return sealed.line;
  });
}

/** The chain made anew over changed records, as somebody without the key can. */
function chained(records: readonly Readonly<Record<string, unknown>>[]): Buffer {
  let prev = GENESIS.sha256;
  const lines = records.map(({ seq: _seq, prev: _prev, sha256: _sha256, ...rest }, index) => {
    const text = JSON.stringify({ seq: index + 1, prev, ...rest });
    prev = createHash('sha256').update(`${prev}\n${text}`).digest('hex');
    return `${text.slice(0, -1)},"sha256":"${prev}"}\n`;
  });
  return Buffer.from(lines.join(''));
}

t.test('an authenticated log reads back, with the key and without', async (t) => {
  const bytes = Buffer.from(makeLog('r', MAC).join(''));
  t.match(readAuditLog(bytes, MAC), { records: 3, commits: 2, problem: null });
  t.match(readAuditLog(bytes), { records: 3, commits: 2, problem: null });
});

t.test('a log of another key, or of none, is refused at its first record', async (t) => {
  const bytes = Buffer.from(makeLog('r', MAC).join(''));
  t.match(readAuditLog(bytes, macOf('o')), { records: 0, problem: 'line 1 has a MAC of another key' });
  const plain = Buffer.from(makeLog('r', null).join(''));
  t.match(readAuditLog(plain, MAC), { records: 0, problem: 'line 1 has no MAC' });
});

t.test('a changed, removed, added, swapped or foreign record is found in a chain made anew', async (t) => {
  const records = makeLog('r', MAC).map((line): Record<string, unknown> => JSON.parse(line));
  const [one = {}, two = {}, three = {}] = records;
  const [foreign = {}] = makeLog('other', MAC).map((line): Record<string, unknown> => JSON.parse(line));
  t.match(readAuditLog(chained(records), MAC), { records: 3, problem: null }, 'the forger seals as we do');
  const forgeries: Readonly<Record<string, readonly [readonly Record<string, unknown>[], number]>> = {
    changed: [[one, { ...two, kind: 'run-ended' }, three], 2],
    removed: [[one, three], 2],
    'removed first': [[two, three], 1],
    added: [[one, two, { ...two }, three], 3],
    swapped: [[one, three, two], 2],
    foreign: [[one, two, foreign], 3],
    'without its MAC': [[one, (({ mac: _mac, ...rest }) => rest)(two), three], 2],
  };
  for (const [name, [forged, line]] of Object.entries(forgeries)) {
    const bytes = chained(forged);
    t.equal(readAuditLog(bytes).problem, null, `${name}: the chain alone is good`);
    t.match(readAuditLog(bytes, MAC).problem, new RegExp(`^line ${line} has`), name);
  }
});

t.test('a record that was cut off is a crash under a key as well', async (t) => {
  const bytes = Buffer.from(makeLog('r', MAC).join(''));
  t.match(readAuditLog(bytes.subarray(0, -5), MAC), { records: 2, tornTail: true, problem: null });
});
