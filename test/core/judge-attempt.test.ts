import t from 'tap';
import { type AttemptFacts, judgeAttempt, type ProcessEnd } from '../../src/core/judge-attempt.ts';

const STEPS = [{ priority: 1, source: null, code: null, action: 'do it' }];
const FINE: AttemptFacts = {
  stage: 'validation',
  step: 'reviewer',
  end: { kind: 'exited', code: 0 },
  artifacts: { missing: [], malformed: [], stale: [] },
  reviewer: null,
  agent: null,
  envWithheld: 0,
  sandboxed: false,
};
const ALL_WRONG: AttemptFacts['artifacts'] = {
  missing: ['a.json'],
  malformed: [{ path: 'b.json', problem: 'ends too early' }],
  stale: ['c.json'],
};

function judge(more: Partial<AttemptFacts>) {
  return judgeAttempt({ ...FINE, ...more });
}

t.test(
  'exit 0, every artifact there and a reviewer that passes is success, and nothing else is',
  async (t) => {
    const ends: readonly ProcessEnd[] = [
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 1 },
      { kind: 'exited', code: 255 },
      { kind: 'signalled', signal: 'SIGKILL' },
      { kind: 'timed-out', limitMs: 5 },
      { kind: 'cancelled' },
      { kind: 'spawn-failed', problem: 'no such file' },
    ];
    const artifacts: readonly AttemptFacts['artifacts'][] = [
      FINE.artifacts,
      { ...FINE.artifacts, missing: ALL_WRONG.missing },
      { ...FINE.artifacts, malformed: ALL_WRONG.malformed },
      { ...FINE.artifacts, stale: ALL_WRONG.stale },
    ];
    const reviewers: readonly AttemptFacts['reviewer'][] = [
      null,
      { said: 'passed' },
      { said: 'not-passed', nextSteps: [] },
      { said: 'not-passed', nextSteps: STEPS },
      { said: 'unusable', problem: 'no' },
    ];
    const good = ends.flatMap((end, at) =>
      artifacts.flatMap((found, which) =>
        reviewers.flatMap((reviewer) => {
          const verdict = judge({ end, artifacts: found, reviewer });
          t.equal(verdict.status === 'success', verdict.end.ended === 'success');
          t.equal(verdict.error === null, verdict.status === 'success');
          return verdict.status === 'success' ? [`${at} ${which} ${reviewer?.said ?? 'none'}`] : [];
        }),
      ),
    );
    t.strictSame(good, ['0 0 none', '0 0 passed']);
  },
);

t.test('what went wrong first names the attempt', async (t) => {
  const reviewer = { said: 'not-passed', nextSteps: [] } as const;
  const status = (more: Partial<AttemptFacts>) => judge({ artifacts: ALL_WRONG, reviewer, ...more }).status;
  t.equal(status({ end: { kind: 'spawn-failed', problem: 'x' } }), 'spawn_failed');
  t.equal(status({ end: { kind: 'timed-out', limitMs: 1 } }), 'timeout');
  t.equal(status({ end: { kind: 'cancelled' } }), 'cancelled');
  t.equal(status({ end: { kind: 'signalled', signal: 'SIGSEGV' } }), 'failed');
  t.equal(status({ end: { kind: 'exited', code: 3 } }), 'failed');
  t.equal(status({}), 'artifact_missing');
  t.equal(status({ artifacts: { ...ALL_WRONG, missing: [] } }), 'artifact_malformed');
  t.equal(status({ artifacts: { ...ALL_WRONG, missing: [], malformed: [] } }), 'artifact_stale');
  t.equal(status({ artifacts: FINE.artifacts }), 'failed');
});

t.test('the message says stage, step and cause, in one line', async (t) => {
  const error = (more: Partial<AttemptFacts>) => judge(more).error;
  t.equal(error({ end: { kind: 'exited', code: 7 } }), 'validation: the reviewer exited with code 7');
  t.equal(
    error({ end: { kind: 'signalled', signal: 'SIGKILL' } }),
    'validation: the reviewer was ended by SIGKILL',
  );
  t.equal(error({ end: { kind: 'timed-out', limitMs: 9 } }), 'validation: the reviewer exceeded 9 ms');
  t.equal(
    error({ end: { kind: 'spawn-failed', problem: 'it is a folder' } }),
    'validation: the reviewer could not start: it is a folder',
  );
  t.equal(
    error({ artifacts: { ...FINE.artifacts, missing: ['a', 'b'] } }),
    'validation: the reviewer left no a, b',
  );
  t.equal(
    error({ reviewer: { said: 'not-passed', nextSteps: STEPS } }),
    'validation: the reviewer did not pass the change, and asks for 1 next step',
  );
});

t.test('next steps are followed only of a reviewer that came to its own end', async (t) => {
  const reviewer = { said: 'not-passed', nextSteps: STEPS } as const;
  const steps = (end: ProcessEnd) => {
    const verdict = judge({ end, reviewer }).end;
    return verdict.ended === 'success' ? null : verdict.nextSteps.length;
  };
  t.equal(steps({ kind: 'exited', code: 0 }), 1);
  t.equal(steps({ kind: 'exited', code: 1 }), 1);
  t.equal(steps({ kind: 'timed-out', limitMs: 1 }), 0);
  t.equal(steps({ kind: 'signalled', signal: 'SIGTERM' }), 0);
  t.equal(steps({ kind: 'cancelled' }), 0);
});

t.test('another attempt can help unless the binary cannot start or the run was cancelled', async (t) => {
  const again = (end: ProcessEnd) => {
    const verdict = judge({ end }).end;
    return verdict.ended === 'success' ? null : verdict.again;
  };
  t.equal(again({ kind: 'exited', code: 1 }), true);
  t.equal(again({ kind: 'timed-out', limitMs: 1 }), true);
  t.equal(again({ kind: 'cancelled' }), false);
  t.equal(again({ kind: 'spawn-failed', problem: '' }), false);
});

t.test('the remedy says how many of the variables were withheld, where any were', async (t) => {
  const remedy = (envWithheld: number) => {
    const { end } = judge({ end: { kind: 'exited', code: 1 }, envWithheld });
    return end.ended === 'success' ? null : end.failure.remedy;
  };
  t.match(remedy(3), /3 of your variables did not reach it/);
  t.notMatch(remedy(0), /variables/);
});

t.test('a reviewer that said no is told by its findings, whatever it exits with', async (t) => {
  for (const code of [0, 1]) {
    const reviewer = { said: 'not-passed', nextSteps: [] } as const;
    const { end } = judge({ end: { kind: 'exited', code }, reviewer, envWithheld: 3, sandboxed: true });
    const remedy = end.ended === 'success' ? null : end.failure.remedy;
    t.equal(remedy, 'read the findings in its report, then --resume --rerun-from execution', `exit ${code}`);
  }
});

t.test('a timeout is a timeout of the stage, everything else a failure of it', async (t) => {
  const reason = (more: Partial<AttemptFacts>) => {
    const { end } = judge(more);
    return end.ended === 'success' ? null : [end.ended, end.failure.reason, end.failure.stage];
  };
  t.strictSame(reason({ end: { kind: 'timed-out', limitMs: 1 } }), [
    'timeout',
    'stage_timeout',
    'validation',
  ]);
  t.strictSame(reason({ end: { kind: 'exited', code: 1 } }), ['failed', 'stage_failed', 'validation']);
  t.strictSame(reason({ artifacts: ALL_WRONG }), ['failed', 'stage_failed', 'validation']);
});
