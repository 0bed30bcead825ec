import t from 'tap';
import type { RunDocument } from '../../src/core/run-document.ts';
import { type CheckpointEnvelope, serialiseCheckpoint } from '../../src/formats/checkpoint.ts';
import { parseCheckpoint } from '../../src/formats/parse-checkpoint.ts';
import { serialiseJson } from '../../src/formats/report.ts';
import {
  SAMPLE_VERSION,
  type SampleRun,
  sampleExecution,
  sampleRun,
  sha256,
} from '../fixtures/documents/sample-run.ts';

const ENVELOPE: CheckpointEnvelope = {
  version: SAMPLE_VERSION,
  sequence: 12,
  generation: 3,
  report_sha256: sha256('report'),
  audit_head: { seq: 9, sha256: sha256('audit') },
};
const SEALS = { sha256, stateKey: null };
const STATUSES = ['pending', 'working', 'done', 'blocked', 'failed', 'timeout', 'interrupted'] as const;

function textOf(document: RunDocument = sampleRun()): string {
  return serialiseCheckpoint(document, ENVELOPE, SEALS);
}

/** A document with something in each of its lists, and text that is hard to carry. */
function fullRun(more: SampleRun = {}): RunDocument {
  const hard = 'a "quoted" \\ line\nand \u2028 \u0000 \u007f ä \u{1f600} \ud800';
  return sampleRun({
    nativeCommands: 2,
    ...more,
    change: (run) => ({
      ...run,
      intent: {
        stage: 'execution',
        step: 'executor',
        attempt: 2,
        cycle: 0,
        command: hard,
        started_at_unix_ms: 1,
      },
      assertions: [
        { gate: 'ci', status: hard, source: 'operator', asserted_at_unix_secs: 5, decided_tree: null },
      ],
      reviewer_next_steps: [{ priority: 1.5, source: null, code: 'X', action: hard }],
      baselines: [{ path: 'out:x', sha256: null }],
      planning_context: { path: 'out:c.json', sha256: sha256('c'), commands: [['make', hard]] },
      stage_executions: [
        ...run.stage_executions,
        sampleExecution('r', {
          args: [hard, ''],
          binary: { path: '/bin/sh', sha256: sha256('sh'), bytes: 1 },
          stdout: { log: 'logs/x', bytes: 1, kept_bytes: 1, truncated: false },
          process_tree: { killed: 1, survivors: 0, clean_sweeps: 2, method: 'proc' },
        }),
      ],
    }),
  });
}

async function refusal(bytes: Uint8Array | string): Promise<string> {
  const parsed = await parseCheckpoint(Buffer.from(bytes), '/out/c.json');
  if (parsed.ok) return 'accepted';
  return `${parsed.failure.reason}: ${parsed.failure.message}`;
}

/** A changed document under a digest that fits it: what only the schema and the exact form can refuse. */
function resealed(
  change: (body: Record<string, unknown>) => Record<string, unknown>,
  full = fullRun(),
): string {
  const { digest: _digest, ...body } = JSON.parse(textOf(full));
  const changed = change(body);
  return serialiseJson({ ...changed, digest: sha256(serialiseJson(changed)) });
}

t.test('a checkpoint comes back as it was written, in every status', async (t) => {
  for (const status of STATUSES) {
    const document = fullRun({ status, gates: status === 'blocked' ? { ci: 'failure' } : {} });
    const parsed = await parseCheckpoint(Buffer.from(textOf(document)), '/out/c.json');
    if (!parsed.ok) {
      t.fail(`${status}: ${parsed.failure.message}`);
      continue;
    }
    const { run, digest, ...envelope } = parsed.value;
    t.strictSame(run, document, status);
    t.strictSame(envelope, {
      schema_version: '1.0',
      product: 'orchestrator',
      ...ENVELOPE,
      authentication: null,
    });
    t.match(digest, /^[0-9a-f]{64}$/);
    t.equal(serialiseCheckpoint(run, ENVELOPE, SEALS), textOf(document), `${status}: the same bytes again`);
  }
});

t.test('its keys are in a fixed order, its own digest last, a newline at the end', async (t) => {
  const text = textOf();
  t.strictSame(Object.keys(JSON.parse(text)), [
    'schema_version',
    'product',
    'version',
    'sequence',
    'generation',
    'report_sha256',
    'audit_head',
    'run',
    'authentication',
    'digest',
  ]);
  t.match(text, /[^\n]\n$/);
});

t.test('every single changed bit is refused', async (t) => {
  const bytes = Buffer.from(textOf(sampleRun({ status: 'pending' })));
  const accepted: number[] = [];
  // Every bit of the small envelope and of the digest, and of the rest a fixed seed's choice.
  const bits = new Set<number>();
  for (let bit = 0; bit < 500 * 8; bit += 1) bits.add(bit);
  for (let bit = (bytes.length - 100) * 8; bit < bytes.length * 8; bit += 1) bits.add(bit);
  for (let n = 0, seed = 20260208; n < 2000; n += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    bits.add(seed % (bytes.length * 8));
  }
  for (const bit of bits) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if ((await refusal(flipped)) === 'accepted') accepted.push(bit);
  }
  t.strictSame(accepted, []);
  t.comment(`${bits.size} of ${bytes.length * 8} bits flipped`);
});

t.test('a file that was cut is refused, at every 50th byte and at the last ones', async (t) => {
  const bytes = Buffer.from(textOf(fullRun()));
  const lengths = Array.from({ length: Math.ceil(bytes.length / 50) }, (_, index) => index * 50);
  const accepted: number[] = [];
  for (const length of [...lengths, bytes.length - 1, bytes.length - 2, bytes.length - 3]) {
    if ((await refusal(bytes.subarray(0, length))) === 'accepted') accepted.push(length);
  }
  t.strictSame(accepted, []);
});

t.test('what is no checkpoint at all is refused, and each time the reason is said', async (t) => {
  const good = textOf();
  const table: readonly (readonly [string, Uint8Array | string, RegExp])[] = [
    ['empty', '', /is empty$/],
    ['white space', ' \n', /not valid JSON \(ends too early/],
    ['not JSON', 'hello', /not valid JSON/],
    ['null', 'null\n', /not a JSON object$/],
    ['a list', '[]\n', /not a JSON object$/],
    ['an empty object', '{}\n', /not a checkpoint of orchestrator$/],
    ['zeros', Buffer.alloc(512), /not valid JSON/],
    ['a byte order mark', `\ufeff${good}`, /byte order mark/],
    ['not UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xff])]), /not UTF-8/],
    ['two documents', `${good}${good}`, /something after its value/],
    ['too deep', '['.repeat(100_000), /nested deeper than 32/],
    ['a duplicate key', good.replace('{\n', '{\n  "product": "orchestrator",\n'), /duplicate key/],
    ['a __proto__ key', good.replace('{\n', '{\n  "__proto__": {},\n'), /__proto__/],
    ['another product', good.replace('"orchestrator"', '"orchestra"'), /not a checkpoint of orchestrator$/],
    ['no version', good.replace('"schema_version"', '"scheme"'), /unknown checkpoint version none/],
    [
      'a newer version',
      good.replace('"1.0"', '"1.1"'),
      /unknown checkpoint version "1.1", this program reads 1.0/,
    ],
    ['another major version', good.replace('"1.0"', '"2.0"'), /unknown checkpoint version "2.0"/],
    ['a version that is a number', good.replace('"1.0"', '1.0'), /unknown checkpoint version 1,/],
    ['no digest', good.replace('\n  "digest"', '\n  "digesd"'), /has no digest$/],
    ['a wrong digest', good.replace(/\n {2}"digest": "./, '\n  "digest": "x'), /own digest does not match/],
    ['a changed value', good.replace('"sequence": 12', '"sequence": 13'), /own digest does not match/],
    ['an extra space', good.replace('"sequence": 12', '"sequence":  12'), /exact form/],
    ['no newline at the end', good.slice(0, -1), /exact form/],
    ['two newlines at the end', `${good}\n`, /exact form/],
    ['Windows line ends', good.replaceAll('\n', '\r\n'), /exact form/],
    ['tabs', good.replaceAll('  ', '\t'), /exact form/],
    ['one line', JSON.stringify(JSON.parse(good)), /exact form/],
    ['an escape that is not needed', good.replace('"orchestrator"', '"\\u006frchestrator"'), /exact form/],
    ['a number in another form', good.replace('"sequence": 12', '"sequence": 12.0'), /exact form/],
    ['a number with an exponent', good.replace('"sequence": 12', '"sequence": 1.2e1'), /exact form/],
  ];
  for (const [name, bytes, expected] of table) {
    const said = await refusal(bytes);
    t.match(said, expected, name);
    t.match(said, /^checkpoint_unreadable: \/out\/c\.json: [^\n]*$/, `${name}: one line, with the path`);
  }
});

t.test('a document with a good digest that does not fit the schema is refused', async (t) => {
  const run = (more: Record<string, unknown>) => (body: Record<string, unknown>) => ({
    ...body,
    run: { ...Object(body.run), ...more },
  });
  const table: Readonly<Record<string, (body: Record<string, unknown>) => Record<string, unknown>>> = {
    'an extra key': (body) => ({ ...body, extra: 1 }),
    'an extra key inside': run({ extra: 1 }),
    'a missing key': ({ sequence: _gone, ...body }) => body,
    'a negative count': (body) => ({ ...body, sequence: -1 }),
    'a fraction': (body) => ({ ...body, sequence: 1.5 }),
    'text for a number': (body) => ({ ...body, sequence: '1' }),
    'a digest in capitals': (body) => ({ ...body, report_sha256: 'AB'.repeat(32) }),
    'another pipeline': run({ pipeline: 'lunch' }),
    'an id that is a path': run({ run_id: '../../etc' }),
    'an id that begins with a dash': run({ run_id: '-rf' }),
    'two decisions': run({ gate_decisions: [] }),
    'a code that is none of ours': run({ blocked_reason_codes: ['BECAUSE'] }),
    'no invocation': run({ invocations: [] }),
    'a blocked state without a code': run({
      state: { ...Object(fullRun({ status: 'blocked', gates: { ci: 'failure' } }).state), codes: [] },
    }),
    'an unknown status': run({ state: { status: 'finished' } }),
    'done without decisions': run({ state: { ...Object(fullRun().state), decisions: [] } }),
  };
  for (const [name, change] of Object.entries(table)) {
    t.match(await refusal(resealed(change)), /does not fit its schema at /, name);
  }
  t.equal(await refusal(resealed((body) => body)), 'accepted', 'and the unchanged document is not');
});

t.test('the refusal says what to do and that nothing was touched', async (t) => {
  const parsed = await parseCheckpoint(Buffer.from('x'), '/out/c.json');
  t.match(parsed, { ok: false, failure: { remedy: /left untouched/, retryable: false, stage: null } });
});

t.test('a version that is a page long does not make the message one', async (t) => {
  const good = textOf().replace('"1.0"', JSON.stringify('9'.repeat(5000)));
  t.ok((await refusal(good)).length < 300);
});
