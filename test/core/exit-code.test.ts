import t from 'tap';
import { EXIT, exitCodeOfFailure, exitCodeOfRun } from '../../src/core/exit-code.ts';
import { FAILURE_REASONS, type FailureReason, failure } from '../../src/core/failure.ts';
import { TERMINAL_STATES } from '../../src/core/records.ts';

const OF_REASON: Readonly<Record<FailureReason, number>> = {
  usage: 2,
  precondition: 2,
  locked: 75,
  interrupted: 143,
  spawn_failed: 1,
  stage_failed: 1,
  budget_exceeded: 1,
  budget_unknown: 1,
  agent_result_unreadable: 1,
  stage_timeout: 124,
  run_timeout: 124,
  survivors: 1,
  artifact_changed: 1,
  binary_changed: 1,
  checkpoint_unreadable: 1,
  checkpoint_tampered: 1,
  evidence_tampered: 1,
  evidence_unwritable: 1,
  git_failed: 1,
  delivery_failed: 1,
  lock_lost: 1,
  not_closure_ready: 1,
  internal_error: 1,
};

t.test('each reason has the exit code of spec section 2', async (t) => {
  t.strictSame(
    Object.fromEntries(FAILURE_REASONS.map((reason) => [reason, exitCodeOfFailure(failure(reason, ''))])),
    OF_REASON,
  );
});

t.test('each signal has its own exit code', async (t) => {
  const code = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | null) =>
    exitCodeOfFailure(failure('interrupted', '', { signal }));
  t.strictSame([code('SIGINT'), code('SIGTERM'), code('SIGHUP'), code(null)], [130, 143, 129, 143]);
});

t.test('of every terminal state with every failure only done without one gives 0', async (t) => {
  const failures = [null, ...FAILURE_REASONS.map((reason) => failure(reason, ''))];
  const zero: string[] = [];
  for (const terminal of [...TERMINAL_STATES, null]) {
    for (const why of failures) {
      if (exitCodeOfRun(terminal, why) === 0) zero.push(`${terminal} ${why?.reason ?? 'no failure'}`);
    }
  }
  t.strictSame(zero, ['done no failure']);
});

t.test('a terminal state other than done has one code, whatever the failure', async (t) => {
  for (const why of [null, ...FAILURE_REASONS.map((reason) => failure(reason, ''))]) {
    const label = why?.reason ?? 'no failure';
    t.equal(exitCodeOfRun('blocked', why), EXIT.blocked, `blocked, ${label}`);
    t.equal(exitCodeOfRun('timeout', why), EXIT.timeout, `timeout, ${label}`);
    t.equal(exitCodeOfRun('failed', why), EXIT.failed, `failed, ${label}`);
  }
});

t.test('done with a failure, and a run that is not finished, exit with what the failure says', async (t) => {
  for (const reason of FAILURE_REASONS) {
    t.equal(exitCodeOfRun('done', failure(reason, '')), OF_REASON[reason], `done, ${reason}`);
    t.equal(exitCodeOfRun(null, failure(reason, '')), OF_REASON[reason], `unfinished, ${reason}`);
  }
  t.equal(exitCodeOfRun(null, null), EXIT.failed);
});

t.test('a word that the types do not know is a bug, never a code', async (t) => {
  // The boundary: a value that got past the schema.
  t.throws(() => exitCodeOfRun('finished' as 'done', null), /unreachable/);
  t.throws(() => exitCodeOfFailure({ ...failure('usage', ''), reason: 'mood' as 'usage' }), /unreachable/);
  t.throws(
    () => exitCodeOfFailure({ ...failure('interrupted', ''), signal: 'SIGQUIT' as 'SIGINT' }),
    /unreachable/,
  );
});

t.test('the table of codes is closed', async (t) => {
  t.strictSame(EXIT, {
    done: 0,
    failed: 1,
    usage: 2,
    blocked: 3,
    locked: 75,
    timeout: 124,
    sighup: 129,
    sigint: 130,
    sigterm: 143,
  });
});

t.test('only failures that time or another process can cure say that trying again may help', async (t) => {
  t.strictSame(
    FAILURE_REASONS.filter((reason) => failure(reason, '').retryable),
    ['locked', 'interrupted', 'run_timeout', 'evidence_unwritable', 'delivery_failed'],
  );
});
