import t from 'tap';
import type { Observation } from '../../../src/core/observation.ts';
import { displayWidth } from '../../../src/render/display-width.ts';
import { frameOf, type Look } from '../../../src/render/progress/frame.ts';
import { firstView, observed, type RunView } from '../../../src/render/progress/run-view.ts';
import { sampleExecution } from '../../fixtures/documents/sample-run.ts';

const STAGES = ['planning', 'policy_ingestion', 'execution', 'validation', 'closure'];
const WIDTHS = [20, 40, 80, 200];
const LOOK: Look = { columns: 80, rows: 24, unicode: true, now: 0, lastLine: '' };

/** What follows when these happen at these times (ms). */
function viewAfter(
  events: readonly (readonly [at: number, observation: Observation])[],
  stages = STAGES,
): RunView {
  return events.reduce((view, [at, observation]) => observed(view, observation, at), firstView(stages));
}

function texts(view: RunView, look: Partial<Look> = {}): readonly string[] {
  return frameOf(view, { ...LOOK, ...look }).map((line) => line.text);
}

const entered = (stage: string): Observation => ({ type: 'stage-entered', stage });
const started = (stage: string, step: string, attempt: number): Observation => ({
  ...{ type: 'attempt-started', stage, step, attempt, command: './agent' },
});

const EXECUTING = viewAfter([
  [0, entered('planning')],
  [0, { type: 'stage-not-configured', stage: 'planning' }],
  [10, entered('policy_ingestion')],
  [15, entered('execution')],
  [15, started('execution', 'executor', 1)],
  [
    1000,
    { type: 'attempt-ended', execution: sampleExecution('r', { stage: 'execution', status: 'failed' }) },
  ],
  [1000, started('execution', 'executor', 2)],
]);

t.test('a line per stage, at each width', async (t) => {
  const look = { now: 65_015, lastLine: 'running the tests of the whole of it' };
  t.strictSame(texts(EXECUTING, { ...look, columns: 20 }), [
    '- planning none',
    '✓ policy_inges… 5ms',
    '▸ execution 1m05s',
    '- validati… waiting',
    '- closure waiting',
  ]);
  t.strictSame(texts(EXECUTING, { ...look, columns: 40 }), [
    '- planning none',
    '✓ policy_ingestion 5ms',
    '▸ execution 1m05s attempt 2: running t…',
    '- validation waiting',
    '- closure waiting',
  ]);
  t.strictSame(texts(EXECUTING, { ...look, columns: 80 }), [
    '- planning          not configured',
    '✓ policy_ingestion  done 5ms',
    '▸ execution         running 1m05s  executor, attempt 2: running the tests of t…',
    '- validation        waiting',
    '- closure           waiting',
  ]);
  t.equal(
    texts(EXECUTING, { ...look, columns: 200 })[2],
    '▸ execution         running 1m05s  executor, attempt 2: running the tests of the whole of it',
  );
});

t.test('where the block does not fit there is one line, and where no line fits none', async (t) => {
  const sizes = [
    [20, 6, 5],
    [20, 5, 1],
    [19, 24, 1],
    [10, 2, 1],
    [9, 24, 0],
    [80, 1, 0],
    [0, 0, 5],
  ] as const;
  for (const [columns, rows, lines] of sizes) {
    t.equal(texts(EXECUTING, { columns, rows }).length, lines, `${columns}x${rows}`);
  }
  t.strictSame(texts(EXECUTING, { columns: 10, now: 5015 }), ['▸ exe… 5s'], 'the name gives way to the time');
  t.strictSame(texts(firstView(STAGES), { columns: 15 }), [], 'nothing is at work');
});

const HOSTILE = [
  '\x1b[2J\x1b]0;title\x07',
  '漢字'.repeat(300),
  '👩‍👩‍👧'.repeat(100),
  '\u202e\u2066right to left',
  `${'e\u0301'.repeat(500)}`,
  '\r\n::error::\t##[command]',
  '\ud800 half',
  'x'.repeat(5000),
];

t.test(
  'whatever an agent prints, no line is wider than the terminal or holds a control character',
  async (t) => {
    for (const columns of [...WIDTHS, 10, 1000]) {
      for (const unicode of [true, false]) {
        for (const lastLine of HOSTILE) {
          for (const text of texts(EXECUTING, { columns, unicode, lastLine, now: 99_000 })) {
            t.ok(displayWidth(text) < columns, `${columns}: ${text}`);
            t.notMatch(text, unicode ? /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/ : /[^\x20-\x7e]/);
          }
        }
      }
    }
  },
);

t.test('names and what is waited for are as harmless as output', async (t) => {
  for (const hostile of HOSTILE) {
    const view = viewAfter(
      [
        [0, entered(hostile)],
        [0, started(hostile, hostile, 1)],
        [0, { type: 'gate-waiting', gate: 'ci', for: [hostile, hostile], left_ms: 60_000 }],
      ],
      [hostile, 'closure'],
    );
    for (const columns of WIDTHS) {
      for (const text of texts(view, { columns })) {
        t.ok(displayWidth(text) < columns, `${columns}: ${text}`);
        t.notMatch(text, /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }
    }
  }
});

t.test('a gate that is waited for shows the time that is left, then what was delivered', async (t) => {
  const waiting = viewAfter([
    [0, entered('closure')],
    [1000, { type: 'delivered', step: 'commit', text: 'abc' }],
    [1000, { type: 'delivered', step: 'push', text: 'abc' }],
    [2000, { type: 'gate-waiting', gate: 'ci', for: ['check build', 'check lint'], left_ms: 1_800_000 }],
  ]);
  const last = (view: RunView, now: number) => texts(view, { now }).at(-1);
  t.equal(
    last(waiting, 62_000),
    '▸ closure           running 1m02s  gate ci, 29m00s left: check build, check li…',
  );
  const decision = { gate: 'ci', status: 'success', passed: true } as const;
  const decided = observed(waiting, { type: 'gate-decided', decision: { ...BLANK, ...decision } }, 63_000);
  t.equal(last(decided, 63_000), '▸ closure           running 1m03s  delivered commit, push');
});

const BLANK = {
  reason_code: null,
  source: 'operator',
  asserted_at_unix_secs: null,
  carried_over: false,
  details: [],
  documents: [],
};

t.test('the end of a run is seen at its stage, a blocked gate at once', async (t) => {
  const ends = [
    ['done', '✓ execution         done 3.0s', 'good'],
    ['blocked', '✗ execution         blocked 3.0s', 'bad'],
    ['failed', '✗ execution         failed 3.0s', 'bad'],
    ['timeout', '✗ execution         failed 3.0s', 'bad'],
    [null, '✗ execution         stopped 3.0s', 'bad'],
  ] as const;
  for (const [terminal_state, text, tone] of ends) {
    const view = observed(EXECUTING, { ...ENDED, terminal_state }, 3015);
    t.strictSame(frameOf(view, LOOK)[2], { text, tone });
  }
  const decision = { ...BLANK, gate: 'policy', status: 'deny', passed: false } as const;
  const blocked = observed(EXECUTING, { type: 'admission-decided', decision }, 3015);
  t.equal(texts(blocked)[2], '✗ execution         blocked 3.0s');
});

const ENDED = {
  type: 'run-ended',
  run_id: 'r',
  failure: null,
  blocked_reason_codes: [],
  gate_decisions: [],
  report: 'r',
  checkpoint: 'c',
  duration_ms: 1,
  exit_code: 1,
} as const;

t.test('a failed attempt stays in sight until the next one, and a skipped stage is said to be', async (t) => {
  const view = viewAfter([
    [0, { type: 'stage-skipped', stage: 'planning', counts: null }],
    [0, started('execution', 'executor', 1)],
    [5, { type: 'attempt-ended', execution: sampleExecution('r', { status: 'timeout' }) }],
  ]);
  t.equal(texts(view)[0], '- planning          skipped');
  t.equal(texts(view)[2], '▸ execution         running 0s  executor, attempt 1 timeout');
});

t.test('a remediation goes back: the stages after it are to come again', async (t) => {
  const view = viewAfter([
    [0, entered('execution')],
    [5, entered('validation')],
    [9, entered('execution')],
  ]);
  t.strictSame(
    view.stages.map((stage) => stage.state),
    ['waiting', 'waiting', 'running', 'waiting', 'waiting'],
  );
});

t.test('a clock that is put back gives no negative times', async (t) => {
  const view = observed(viewAfter([[5000, entered('planning')]]), entered('execution'), 1000);
  t.match(texts(view)[0], /done 0ms$/);
  t.match(texts(view, { now: -5000 })[2], /running 0s$/);
});
