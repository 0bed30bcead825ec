import t from 'tap';
import { judgeRetention, type RetentionRule } from '../../src/core/retention.ts';
import { LISTED_STATES, type ListedState, type RunSummary } from '../../src/core/run-summary.ts';

const NOW = Date.UTC(2026, 1, 8);
const DAY_MS = 86_400_000;
const ALL: RetentionRule = {
  ...{ olderThanMs: null, keep: 0, includeBlocked: false, includeResumable: false },
};

function runOf(state: ListedState, days: number): RunSummary {
  const at = new Date(NOW - days * DAY_MS).toISOString();
  return {
    ...{ out_dir: `/runs/${state}-${days}`, run_id: 'r', state, started_at: at, ended_at: at },
    ...{ duration_ms: 0, blocked_by: [], failure: null, problem: null },
  };
}

function going(runs: readonly RunSummary[], rule: Partial<RetentionRule>): readonly string[] {
  const judged = judgeRetention(runs, { ...ALL, ...rule }, NOW);
  return judged.filter((one) => one.stays === null).map((one) => one.run.out_dir.slice('/runs/'.length));
}

t.test('without being asked only runs that are done go', (t) => {
  const runs = LISTED_STATES.map((state) => runOf(state, 9));
  t.strictSame(going(runs, {}), ['done-9']);
  t.strictSame(going(runs, { includeBlocked: true }), ['done-9', 'blocked-9']);
  t.strictSame(going(runs, { includeResumable: true }), [
    ...['done-9', 'failed-9', 'timeout-9', 'interrupted-9', 'unfinished-9'],
  ]);
  t.end();
});

t.test('what is worked on, or cannot be read or trusted, stays whatever is asked', (t) => {
  const runs = (['running', 'held', 'no-checkpoint', 'unreadable', 'distrusted'] as const).map((state) =>
    runOf(state, 900),
  );
  t.strictSame(going(runs, { includeBlocked: true, includeResumable: true, olderThanMs: 0 }), []);
  t.end();
});

t.test('with both limits a run has to be beyond both', (t) => {
  const runs = [1, 20, 40, 60].map((days) => runOf('done', days));
  t.strictSame(going(runs, { keep: 1 }), ['done-20', 'done-40', 'done-60']);
  t.strictSame(going(runs, { olderThanMs: 30 * DAY_MS }), ['done-40', 'done-60']);
  t.strictSame(going(runs, { olderThanMs: 30 * DAY_MS, keep: 3 }), ['done-60']);
  t.strictSame(going(runs, { olderThanMs: 20 * DAY_MS }), ['done-20', 'done-40', 'done-60']);
  t.end();
});

t.test('a run that does not say when it ended is of no age, and one from the future is new', (t) => {
  const unknown = { ...runOf('done', 50), ended_at: 'yesterday' };
  t.strictSame(going([unknown, runOf('done', -3)], { olderThanMs: 1 }), []);
  t.end();
});
