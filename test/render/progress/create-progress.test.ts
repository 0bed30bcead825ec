import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import { decideGates } from '../../../src/core/gates/decide-gates.ts';
import type { Observation } from '../../../src/core/observation.ts';
import { observationLineSchema } from '../../../src/formats/observation.schema.ts';
import { createProgress } from '../../../src/render/progress/create-progress.ts';
import { unrefTimer } from '../../../src/render/progress/frame-timer.ts';
import type { ProgressMode, ProgressOptions } from '../../../src/render/progress/progress.ts';
import { SAMPLE_START_MS, sampleExecution } from '../../fixtures/documents/sample-run.ts';
import { createScreen } from '../../fixtures/screen.ts';

const RUN = 'r-1';
const [policy] = decideGates({});
if (policy === undefined) throw new Error('there are three gates');

const STARTED: Observation = {
  type: 'attempt-started',
  stage: 'planning',
  step: 'manager',
  attempt: 1,
  command: './manager',
};
const BEGUN: Observation = { type: 'run-started', run_id: RUN, out_dir: '/w/out', resumed: false };
const ENDED: Observation = {
  type: 'attempt-ended',
  execution: sampleExecution(RUN, { stage: 'planning', step: 'manager' }),
};
const OUTPUT: Observation = {
  type: 'attempt-output',
  stage: 'planning',
  step: 'manager',
  stream: 'stdout',
  line: '::error::\x1b[2Jx',
};
const BLOCKED: Observation = {
  type: 'run-ended',
  run_id: RUN,
  terminal_state: 'blocked',
  failure: null,
  blocked_reason_codes: ['GATE_CI_NOT_SUCCESS'],
  gate_decisions: [],
  report: '/w/out/orchestrator_run_report.json',
  checkpoint: '/w/out/orchestrator_checkpoint.json',
  duration_ms: 9,
  exit_code: 3,
};
const DONE: Observation = { ...BLOCKED, terminal_state: 'done', blocked_reason_codes: [], exit_code: 0 };
const EVERY: readonly Observation[] = [
  BEGUN,
  { type: 'notice', text: 'earlier evidence moved' },
  { type: 'stage-entered', stage: 'planning' },
  { type: 'stage-skipped', stage: 'planning', counts: 'r:planning:1' },
  { type: 'stage-not-configured', stage: 'planning' },
  STARTED,
  OUTPUT,
  ENDED,
  {
    type: 'attempt-ended',
    execution: sampleExecution(RUN, { status: 'failed', exit_code: 7, error: 'exit 7' }),
  },
  { type: 'remediation-asked', cycle: 1, steps: 2 },
  { type: 'gate-waiting', gate: 'ci', for: ['check build'], left_ms: 5 },
  { type: 'admission-decided', decision: policy },
  { type: 'delivered', step: 'commit', text: 'abc' },
  { type: 'gate-decided', decision: { ...policy, passed: true, reason_code: null } },
  BLOCKED,
];

interface Rig {
  readonly text: () => string;
  readonly observe: (...observations: Observation[]) => void;
  readonly close: () => void;
  readonly redraw: () => void;
  readonly tick: () => void;
  readonly pass: (ms: number) => void;
  readonly timers: () => number;
}

function rig(mode: ProgressMode, more: Partial<ProgressOptions> = {}): Rig {
  let text = '';
  let now = SAMPLE_START_MS;
  const ticks = new Set<() => void>();
  const progress = createProgress({
    mode,
    write: (piece) => {
      text += piece;
    },
    columns: () => 80,
    rows: () => 24,
    groups: false,
    color: false,
    unicode: true,
    now: () => now,
    verbose: false,
    place: { outDir: './out', checkpointPath: null },
    startTimer: (_ms, tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    ...more,
  });
  return {
    text: () => text,
    observe: (...observations) => observations.forEach(progress.observe),
    close: progress.close,
    redraw: progress.redraw,
    tick: () => {
      for (const tick of ticks) tick();
    },
    pass: (ms) => {
      now += ms;
    },
    timers: () => ticks.size,
  };
}

t.test('plain: one line per event, with the time, and nothing that moves', async (t) => {
  const one = rig('plain');
  one.observe(...EVERY);
  one.close();
  const lines = one.text().trimEnd().split('\n');
  t.equal(lines[0], '10:15:00Z run r-1: started in /w/out');
  t.match(one.text(), '10:15:00Z planning: attempt 1 started (./manager)\n');
  t.match(one.text(), '10:15:00Z planning: attempt 1 success in 1.2s\n');
  t.match(one.text(), '10:15:00Z execution: attempt 1 failed in 1.2s (exit 7): exit 7\n');
  t.match(one.text(), 'admission policy: closed by GATE_POLICY_DENIED_OR_UNKNOWN (unknown, source none)');
  t.notMatch(one.text(), /[\r\x1b]/);
  t.notMatch(one.text(), '[planning]', 'what agents print is only for --verbose');
  t.equal(one.timers(), 0);
});

t.test('plain, verbose: what agents print comes under the name of its stage, harmless', async (t) => {
  const one = rig('plain', { verbose: true });
  one.observe(OUTPUT);
  t.equal(one.text(), '[planning] ::error::\\x1b[2Jx\n');
});

t.test('the last lines say verdict, report, and what to type when it is not done', async (t) => {
  const one = rig('plain', { place: { outDir: './out', checkpointPath: 'cp.json' } });
  one.observe(BLOCKED);
  t.strictSame(one.text().split('\n'), [
    'blocked: GATE_CI_NOT_SUCCESS',
    'report: /w/out/orchestrator_run_report.json',
    'next: orchestrator ./out --resume --ci-status success --checkpoint-path cp.json',
    '      only when ci really is success',
    'why: orchestrator explain ./out --checkpoint-path cp.json',
    '',
  ]);
  const other = rig('plain');
  other.observe(DONE);
  t.equal(other.text(), 'done: closure-ready\nreport: /w/out/orchestrator_run_report.json\n');
});

t.test('a done that could not be committed is not called done', async (t) => {
  const one = rig('quiet');
  one.observe({
    ...DONE,
    exit_code: 1,
    failure: failure('evidence_unwritable', 'no space left', { remedy: 'make room' }),
  });
  t.match(one.text(), /^not done: evidence_unwritable: no space left\nremedy: make room\n/);
});

t.test('quiet: nothing while it works, nothing when done, the end when not', async (t) => {
  const one = rig('quiet', { verbose: true });
  one.observe(...EVERY.slice(0, -1), DONE);
  t.equal(one.text(), '');
  one.observe(BLOCKED);
  t.match(one.text(), /^blocked: /);
});

t.test('json: each observation is one object that fits the schema', async (t) => {
  const one = rig('json', { verbose: true });
  one.observe(...EVERY);
  const lines = one.text().trimEnd().split('\n');
  t.equal(lines.length, EVERY.length);
  for (const line of lines)
    t.ok(observationLineSchema.safeParse(JSON.parse(line)).success, line.slice(0, 60));
  t.match(lines.map((line) => JSON.parse(line).time)[0], '2026-02-08T10:15:00.000Z');
  t.match(JSON.parse(lines.at(-1) ?? '').next, {
    command: 'orchestrator ./out --resume --ci-status success',
  });
  t.notMatch(one.text(), '\x1b');
  const less = rig('json');
  less.observe(...EVERY);
  t.equal(less.text().trimEnd().split('\n').length, EVERY.length - 1, 'output only with --verbose');
});

t.test('terminal: what has happened stays, and below it the block of the stages changes', async (t) => {
  const one = rig('terminal', { columns: () => 40 });
  const screen = createScreen(40, 24);
  one.observe(BEGUN, STARTED);
  t.equal(one.timers(), 1);
  one.observe({ ...OUTPUT, line: `working on ${'x'.repeat(100)}` });
  one.pass(61_000);
  one.tick();
  screen.write(one.text());
  const [first, live, ...rest] = screen.rows();
  t.equal(first, 'run r-1: started in /w/out');
  t.match(live, /^▸ planning 1m01s attempt 1: working on…$/);
  t.equal([...(live ?? '')].length, 39, 'cut to the columns, the last one free');
  t.equal(rest.length, 4, 'a line for each stage');
  const before = one.text().length;
  one.observe(ENDED, DONE);
  screen.write(one.text().slice(before));
  t.strictSame(screen.all(), [
    'run r-1: started in /w/out',
    'planning: attempt 1 success in 1.2s',
    'done: closure-ready',
    'report: /w/out/orchestrator_run_report.j',
    'son',
  ]);
  t.equal(one.timers(), 0);
});

t.test('terminal: output in between only changes the block at the next frame', async (t) => {
  const one = rig('terminal');
  one.observe(BEGUN, STARTED);
  const before = one.text();
  for (let index = 0; index < 1000; index += 1) one.observe({ ...OUTPUT, line: `line ${index}` });
  t.equal(one.text(), before, 'nothing is drawn per line');
  one.tick();
  t.match(one.text().slice(before.length), /▸ planning .*attempt 1: line 999/);
  const drawn = one.text();
  one.tick();
  t.equal(one.text(), drawn, 'nor when nothing has changed');
});

t.test('terminal, verbose: lines of agents stay above the block, many of them in one write', async (t) => {
  const one = rig('terminal', { verbose: true });
  one.observe(BEGUN, STARTED, ...Array.from({ length: 100 }, () => OUTPUT));
  const before = one.text();
  one.tick();
  const frame = one.text().slice(before.length);
  t.equal(frame.split('[planning] ::error::\\x1b[2Jx\n').length, 101);
  t.equal(frame.split('\x1b[?2026h').length, 2, 'it is one frame');
});

t.test('terminal: what a gate waits for stays once, and the block counts down', async (t) => {
  const one = rig('terminal');
  const waits: Observation = { type: 'gate-waiting', gate: 'ci', for: ['check build'], left_ms: 90_000 };
  one.observe(BEGUN, { type: 'stage-entered', stage: 'closure' }, waits);
  one.pass(30_000);
  one.observe({ ...waits, left_ms: 60_000 });
  one.tick();
  t.equal(one.text().split('gate ci: waiting for check build').length, 2);
  t.match(one.text(), /▸ closure +running 30s {2}gate ci, 1m00s left: check build/);
});

t.test('terminal: where there is no room for anything live all of it is said in lines', async (t) => {
  const one = rig('terminal', { columns: () => 9 });
  one.observe(BEGUN, { type: 'stage-entered', stage: 'planning' }, STARTED, ENDED, DONE);
  t.match(one.text(), /planning: entered\nplanning: attempt 1 started \(\.\/manager\)\n/);
  t.notMatch(one.text(), /waiting|▸/);
});

t.test('terminal: closing erases the block, in ASCII where no more can be shown', async (t) => {
  const one = rig('terminal', { unicode: false, columns: () => 0 });
  const screen = createScreen(80, 24);
  one.observe(BEGUN, STARTED, { ...OUTPUT, line: 'é'.repeat(200) });
  one.tick();
  t.match(one.text(), /> planning .*: \?+\.\.\./);
  one.close();
  one.close();
  screen.write(one.text());
  t.strictSame(screen.all(), ['run r-1: started in /w/out']);
  t.equal(one.timers(), 0);
});

t.test(
  'plain, in GitHub Actions: echoed output is in groups that are closed, whatever comes next',
  async (t) => {
    const one = rig('plain', { verbose: true, groups: true });
    one.observe(STARTED, OUTPUT, { ...OUTPUT, line: '::endgroup::' });
    one.observe({ type: 'notice', text: 'SIGINT' }, { ...OUTPUT, stage: '50%', step: 'command-1' });
    one.close();
    one.close();
    t.strictSame(one.text().split('\n'), [
      '10:15:00Z planning: attempt 1 started (./manager)',
      '::group::planning: output',
      '[planning] ::error::\\x1b[2Jx',
      '[planning] ::endgroup::',
      '::endgroup::',
      '10:15:00Z notice: SIGINT',
      '::group::50%25/command-1: output',
      '[50%] ::error::\\x1b[2Jx',
      '::endgroup::',
      '',
    ]);
    const silent = rig('plain', { groups: true });
    silent.observe(STARTED, OUTPUT, ENDED);
    t.notMatch(silent.text(), '::group::', 'where nothing is echoed there is no group');
  },
);

t.test('an output that is closed or full never reaches the run', async (t) => {
  for (const mode of ['plain', 'terminal', 'json', 'quiet'] as const) {
    let calls = 0;
    const one = rig(mode, {
      verbose: true,
      write: () => {
        calls += 1;
        throw new Error('EPIPE');
      },
    });
    t.doesNotThrow(() => one.observe(...EVERY), mode);
    t.doesNotThrow(() => one.redraw(), mode);
    t.doesNotThrow(() => one.close(), mode);
    t.equal(calls, 1, `${mode}: it is not tried again`);
  }
});

t.test('a mistake in telling does not end the run', async (t) => {
  const one = rig('plain', {
    now: () => {
      throw new Error('a bug');
    },
  });
  t.doesNotThrow(() => one.observe(STARTED));
});

t.test('the real timer keeps no process alive and can be stopped', async (t) => {
  let ticks = 0;
  const stop = unrefTimer(1, () => {
    ticks += 1;
  });
  const deadline = Date.now() + 10_000;
  while (ticks === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
  stop();
  t.ok(ticks > 0);
});
