import t from 'tap';
import { blankExecution } from '../../../src/core/document/append.ts';
import type { StageExecution } from '../../../src/core/records.ts';
import { refuseUnsandboxed } from '../../../src/core/resume/isolation.ts';
import type { IsolationRecord } from '../../../src/core/sandbox.ts';
import { samplePlan, sampleRole } from '../../fixtures/sample-plan.ts';

const NONE: IsolationRecord = { tier: 'none', network: 'host', reason: null };
const SANDBOX: IsolationRecord = { tier: 'sandbox', network: 'none', reason: null };
const WITH_NETWORK: IsolationRecord = { tier: 'sandbox', network: 'host', reason: null };

function ran(isolation: IsolationRecord): StageExecution {
  const one = { run: 'r', stage: 'planning', step: 'manager', attempt: 1, cycle: 0, counts: null };
  return { ...blankExecution({ ...one, status: 'success', now: { unixMs: 0 } }), isolation };
}

t.test('a completed stage counts only where it was kept apart as much as it would be now', (t) => {
  const roles = { manager: sampleRole(), executor: null, reviewer: null };
  const closed = samplePlan({ roles, sandbox: 'required' });
  const open = samplePlan({ roles, sandbox: 'required', sandboxNetwork: 'on' });
  const judge = (plan: typeof closed, isolation: IsolationRecord, standing = ['planning']) =>
    refuseUnsandboxed(plan, [ran(isolation)], standing);
  t.match(judge(closed, NONE), { ok: false, failure: { message: /its manager ran without a sandbox/ } });
  t.match(judge(open, NONE), { ok: false });
  t.match(judge(closed, WITH_NETWORK), {
    ok: false,
    failure: { message: /its manager ran with the network/ },
  });
  t.match(judge(open, WITH_NETWORK), { ok: true });
  t.match(judge(closed, SANDBOX), { ok: true });
  t.match(judge(closed, NONE, []), { ok: true }, 'a stage that runs again is judged by how it runs then');
  for (const sandbox of ['auto', 'off'] as const) {
    t.match(judge(samplePlan({ roles, sandbox }), NONE), { ok: true }, sandbox);
  }
  t.end();
});
