import t from 'tap';
import { applyState, breakOff } from '../../../src/core/document/apply-state.ts';
import { failure } from '../../../src/core/failure.ts';
import { allPassed } from '../../../src/core/gates/decide-gates.ts';
import type { RunState } from '../../../src/core/machine/state.ts';
import { sampleRun } from '../../fixtures/documents/sample-run.ts';

const AT = '2026-02-02T03:00:00Z';
const WHY = failure('evidence_unwritable', 'no space left');

function stateOf(status: RunState['status']): RunState {
  return sampleRun({ status, stage: 'closure', gates: status === 'blocked' ? { ci: 'failure' } : {} }).state;
}

t.test('what follows from the state alone is written with it', async (t) => {
  const begun = sampleRun({ status: 'pending' });
  const expected = {
    pending: { codes: [], passed: false, ended: null, finished: null, failed: false },
    working: { codes: [], passed: false, ended: null, finished: null, failed: false },
    done: { codes: [], passed: true, ended: 'done', finished: AT, failed: false },
    blocked: { codes: ['GATE_CI_NOT_SUCCESS'], passed: false, ended: 'blocked', finished: AT, failed: false },
    failed: { codes: [], passed: false, ended: 'failed', finished: AT, failed: true },
    timeout: { codes: [], passed: false, ended: 'timeout', finished: AT, failed: true },
    interrupted: { codes: [], passed: false, ended: 'interrupted', finished: null, failed: true },
  } as const;
  for (const status of Object.keys(expected) as (keyof typeof expected)[]) {
    const run = applyState(begun, stateOf(status), AT);
    t.strictSame(
      {
        codes: run.blocked_reason_codes,
        passed: allPassed(run.gate_decisions),
        ended: run.invocations.at(-1)?.ended_by,
        finished: run.finished_at,
        failed: run.failure !== null,
      },
      expected[status],
      status,
    );
    t.equal(run.gate_decisions.length, 3, `${status} has three decisions`);
    t.equal(run.invocations.at(-1)?.ended_at, expected[status].ended === null ? null : AT);
  }
});

t.test('a run that was done and works again has withdrawn its decisions and its end', async (t) => {
  const done = sampleRun({ status: 'done' });
  const again = applyState(done, stateOf('working'), AT);
  t.equal(again.finished_at, null);
  t.ok(again.gate_decisions.every((one) => !one.passed));
});

t.test('only the invocation at hand ends', async (t) => {
  const run = sampleRun({ status: 'pending' });
  const [first] = run.invocations;
  if (first === undefined) throw new Error('no invocation');
  const two = { ...run, invocations: [{ ...first, ended_at: 'then' }, first] };
  t.strictSame(
    applyState(two, stateOf('failed'), AT).invocations.map((one) => one.ended_at),
    ['then', AT],
  );
  t.strictSame(applyState({ ...run, invocations: [] }, stateOf('failed'), AT).invocations, []);
});

t.test('evidence that breaks fails the run whatever had been decided, done too', async (t) => {
  for (const status of ['working', 'done', 'blocked', 'failed', 'timeout', 'interrupted'] as const) {
    t.match(
      breakOff(stateOf(status), WHY),
      { status: 'failed', failure: WHY, progress: { closed: null } },
      status,
    );
  }
  t.strictSame(breakOff({ status: 'pending' }, WHY), { status: 'pending' });
});

t.test('a state that the types do not know is a bug', async (t) => {
  // The boundary: a state that got past the schema.
  const unknown = { ...stateOf('working'), status: 'asleep' } as unknown as RunState;
  t.throws(() => applyState(sampleRun(), unknown, AT), /unreachable/);
});
