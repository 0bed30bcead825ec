import * as fc from 'fast-check';
import { type Edit, type FuzzCase, PLAIN_CASE, type Start } from '../fuzz-case.ts';
import { base64, hostileValue, place } from '../hostile.ts';

const CHECKPOINT = 'out/orchestrator_checkpoint.json';

/** Keys whose values decide, name or count something. */
const KEYS: readonly string[] = [
  ...['run_id', 'stage', 'current_stage', 'state', 'status', 'terminal_state', 'passed', 'gate_decisions'],
  ...[
    'schema_version',
    'product',
    'sequence',
    'generation',
    'report_sha256',
    'audit_head',
    'digest',
    'intent',
  ],
  ...[
    'completed',
    'attempts',
    'config',
    'roles',
    'path',
    'sha256',
    'repo',
    'root',
    'transitions',
    'isolation',
  ],
  ...[
    'stage_executions',
    'artifacts',
    'assertions',
    'blocked_reason_codes',
    'invocations',
    'timeout_ms',
    'failure',
  ],
];

const bytesChanged: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('nudge' as const), at: place }) },
  fc.record({ type: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ type: fc.constant('cut' as const), at: place }),
  fc.record({ type: fc.constant('insert' as const), at: place, base64 }),
  fc.record({ type: fc.constant('remove' as const), at: place, bytes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ type: fc.constant('double-line' as const), at: place }),
  fc.record({ type: fc.constant('drop-line' as const), at: place }),
  fc.record({ type: fc.constant('content' as const), base64 }),
);

const values = (mends: boolean): fc.Arbitrary<Edit> =>
  fc.oneof(
    fc.record({
      type: fc.constant('set' as const),
      ...{ at: place, value: hostileValue, mends: fc.constant(mends) },
    }),
    fc.record({
      type: fc.constant('set-key' as const),
      ...{ key: fc.constantFrom(...KEYS), value: hostileValue, mends: fc.constant(mends) },
    }),
    fc.record({ type: fc.constant('drop' as const), at: place, mends: fc.constant(mends) }),
  );

const started: fc.Arbitrary<Start> = fc.constantFrom('blocked', 'failed', 'interrupted', 'done');

/** Commands that read evidence: a run, and those beside it. What explains prints, whatever it finds. */
const reading = fc.constantFrom(
  { argv: ['./out', '--resume'], codes: [1] },
  { argv: ['verify', './out'], codes: [1] },
  { argv: ['report', './out'], codes: [1] },
  { argv: ['report', './out', '--format', 'json'], codes: [1] },
  { argv: ['explain', './out'], codes: [0, 1] },
);

/** The same commands, for evidence of which more than one thing may be said. */
export const command: fc.Arbitrary<readonly string[]> = fc.constantFrom<readonly string[]>(
  ...[
    ['./out', '--resume'],
    ['verify', './out'],
    ['explain', './out'],
    ['report', './out'],
  ],
);

/** A checkpoint with other bytes: refused by each command and left as it is. */
export const checkpointBytes: fc.Arbitrary<FuzzCase> = fc
  .record({
    start: started,
    edit: fc.oneof({ weight: 3, arbitrary: bytesChanged }, values(false)),
    call: reading,
  })
  .map(({ start, edit, call }) => ({
    ...PLAIN_CASE,
    ...{ input: 'checkpoint bytes', start, ...call, writes: 'nothing' },
    edits: [{ path: CHECKPOINT, edit }],
  }));

/**
 * A checkpoint with another value and a right digest of its own, from a run that no gate has let through: whatever
 * is made of it, it ends neither with 0 nor in another way than the table knows.
 */
export const checkpointMended: fc.Arbitrary<FuzzCase> = fc
  .record({
    start: fc.constantFrom<Start>('blocked', 'failed', 'interrupted'),
    edit: values(true),
    argv: command,
  })
  .map(({ start, edit, argv }) => ({
    ...PLAIN_CASE,
    ...{ input: 'checkpoint mended', start, argv },
    edits: [{ path: CHECKPOINT, edit }],
    codes: ['explain', 'report'].includes(argv[0] ?? '') ? [0, 1] : [1, 2, 3, 124],
    writes: argv.includes('--resume') ? 'out' : 'nothing',
  }));

/** A report or an audit log with other bytes. Under a done that is tampering; else the report is made again. */
export const otherEvidence: fc.Arbitrary<FuzzCase> = fc
  .record({
    start: started,
    path: fc.constantFrom('out/orchestrator_run_report.json', 'out/audit.jsonl'),
    edit: bytesChanged,
    argv: command,
  })
  .map(({ start, path, edit, argv }) => ({
    ...PLAIN_CASE,
    ...{ input: 'report and audit log', start, argv, edits: [{ path, edit }] },
    codes: codesOfEvidence(start, argv),
    writes: argv.includes('--resume') ? 'out' : 'nothing',
  }));

function codesOfEvidence(start: Start, argv: readonly string[]): readonly number[] {
  if (argv[0] === 'explain' || argv[0] === 'report') return [0, 1];
  return start === 'done' ? [1] : [1, 3];
}
