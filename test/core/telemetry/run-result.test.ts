import t from 'tap';
import { FAILURE_REASONS, failure } from '../../../src/core/failure.ts';
import { EXECUTION_STATUSES } from '../../../src/core/records.ts';
import { outcomeOfExecution, outcomeOfRun } from '../../../src/core/telemetry/run-result.ts';

/** The well-known values of `cicd.pipeline.result`. */
const WELL_KNOWN = ['success', 'failure', 'timeout', 'cancellation', 'error', 'skip'];

t.test('only exit code 0 without a failure is a success', (t) => {
  const open = { blocked_reason_codes: [] };
  t.strictSame(outcomeOfRun({ document: open, failure: null, exitCode: 0 }), {
    ...{ result: 'success', errorType: null },
  });
  t.equal(outcomeOfRun({ document: open, failure: null, exitCode: 1 }).result, 'failure');
  for (const reason of FAILURE_REASONS) {
    const outcome = outcomeOfRun({ document: open, failure: failure(reason, ''), exitCode: 0 });
    t.equal(outcome.errorType, reason);
    t.not(outcome.result, 'success', reason);
    t.ok(WELL_KNOWN.includes(outcome.result), reason);
  }
  t.end();
});

t.test('blocked is a failure of the class of its first reason code', (t) => {
  const document = { blocked_reason_codes: ['GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED'] as const };
  t.strictSame(outcomeOfRun({ document, failure: null, exitCode: 3 }), {
    ...{ result: 'failure', errorType: 'GATE_CI_NOT_SUCCESS' },
  });
  t.end();
});

t.test('every status of a stage has a well-known result, and a class of error unless it is none', (t) => {
  const fine = new Set(['success', 'skipped', 'not_configured']);
  for (const status of EXECUTION_STATUSES) {
    const { result, errorType } = outcomeOfExecution(status);
    t.ok(WELL_KNOWN.includes(result), status);
    t.equal(errorType, fine.has(status) ? null : status);
    t.equal(result === 'success', status === 'success');
  }
  t.end();
});
