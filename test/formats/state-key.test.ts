import { randomBytes } from 'node:crypto';
import t from 'tap';
import { serialiseCheckpoint } from '../../src/formats/checkpoint.ts';
import { parseCheckpoint } from '../../src/formats/parse-checkpoint.ts';
import { parseStateKey, type StateKey } from '../../src/formats/state-key.ts';
import { judgeAuthenticity } from '../../src/operations/evidence/authenticity.ts';
import { SAMPLE_VERSION, sampleRun, sha256 } from '../fixtures/documents/sample-run.ts';

const BYTES = Buffer.from('0123456789abcdef0123456789abcdef');

function keyOf(bytes: Uint8Array): StateKey {
  const key = parseStateKey(bytes);
  if (!key.ok) throw new Error(key.failure);
  return key.value;
}

t.test('one newline at the end is no part of the key, and two are', (t) => {
  const { id } = keyOf(BYTES);
  t.match(id, /^[0-9a-f]{16}$/);
  t.equal(keyOf(Buffer.concat([BYTES, Buffer.from('\n')])).id, id);
  t.not(keyOf(Buffer.concat([BYTES, Buffer.from('\n\n')])).id, id);
  t.end();
});

t.test('a key of fewer than 32 or more than 4096 bytes is refused without being shown', (t) => {
  for (const length of [0, 1, 31, 4097]) {
    t.strictSame(parseStateKey(Buffer.alloc(length, 'k')), {
      ok: false,
      failure: `expected a key of 32 to 4096 bytes, got ${length}`,
    });
  }
  t.ok(parseStateKey(Buffer.from(`${'k'.repeat(31)}\n`)).ok === false, 'the newline does not count');
  t.ok(parseStateKey(Buffer.alloc(4096, 'k')).ok);
  t.end();
});

t.test('what was sealed as a checkpoint is no audit record, and the other way round', (t) => {
  const key = keyOf(BYTES);
  t.ok(key.checkpoint.verifies('text', key.checkpoint.of('text')));
  t.notOk(key.auditRecord.verifies('text', key.checkpoint.of('text')));
  t.notOk(key.checkpoint.verifies('text', key.auditRecord.of('text')));
  for (const wrong of ['', 'ff', 'zz'.repeat(32), `${key.checkpoint.of('text')}00`]) {
    t.notOk(key.checkpoint.verifies('text', wrong), wrong);
  }
  t.end();
});

t.test('a key can be written in the forms that are masked', (t) => {
  const binary = Buffer.concat([randomBytes(31), Buffer.from([0xff])]);
  const { spellings } = keyOf(binary);
  t.ok(spellings.includes(binary.toString('hex')));
  t.ok(spellings.includes(binary.toString('base64url')));
  t.ok(keyOf(BYTES).spellings.includes(BYTES.toString()));
  t.end();
});

const ENVELOPE = {
  version: SAMPLE_VERSION,
  sequence: 12,
  generation: 3,
  report_sha256: sha256('report'),
  audit_head: { seq: 9, sha256: sha256('audit') },
};

async function judged(text: string, key: StateKey | null): Promise<string> {
  const bytes = Buffer.from(text);
  const parsed = await parseCheckpoint(bytes, 'c.json');
  if (!parsed.ok) return `not read: ${parsed.failure.message}`;
  const verdict = judgeAuthenticity(parsed.value, { path: 'c.json', bytes }, key);
  return verdict.ok ? verdict.value : `${verdict.failure.reason}: ${verdict.failure.message}`;
}

t.test('a checkpoint is authenticated with its own key, and with no other', async (t) => {
  const stateKey = keyOf(BYTES);
  const other = keyOf(randomBytes(32));
  const text = serialiseCheckpoint(sampleRun(), ENVELOPE, { sha256, stateKey });
  const plain = serialiseCheckpoint(sampleRun(), ENVELOPE, { sha256, stateKey: null });
  t.equal(await judged(text, stateKey), 'authenticated');
  t.equal(await judged(text, null), 'not-checked');
  t.equal(await judged(plain, null), 'unauthenticated');
  t.match(await judged(text, other), `checkpoint_unreadable: c.json: expected the state key ${stateKey.id}`);
  t.match(await judged(plain, stateKey), 'evidence_tampered: c.json: it is unauthenticated');
});

t.test('whatever is changed in a checkpoint, with its digest mended, has another MAC', async (t) => {
  const stateKey = keyOf(BYTES);
  const text = serialiseCheckpoint(sampleRun(), ENVELOPE, { sha256, stateKey });
  const changes: Readonly<Record<string, readonly [RegExp, string]>> = {
    'the run id': [/"run_id": "2026/g, '"run_id": "2027'],
    'the sequence': [/"sequence": 12/, '"sequence": 13'],
    'the generation': [/"generation": 3/, '"generation": 4'],
    'the report it names': [/"report_sha256": "./, '"report_sha256": "0'],
    'the time of its end': [/"finished_at": "2026/, '"finished_at": "2027'],
    'the MAC itself': [/"mac": "./, '"mac": "0'],
  };
  for (const [name, [from, to]] of Object.entries(changes)) {
    const body = text.replace(from, to).replace(/,\n {2}"digest": "[0-9a-f]{64}"\n}\n$/, '\n}\n');
    const forged = `${body.slice(0, -3)},\n  "digest": "${sha256(body)}"\n}\n`;
    if (forged === text) continue;
    t.match(await judged(forged, stateKey), 'evidence_tampered: c.json: its MAC is not that', name);
  }
});
