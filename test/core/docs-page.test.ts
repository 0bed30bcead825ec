import t from 'tap';
import { docsPage, docsPageOfEnding } from '../../src/core/docs-page.ts';
import { failure } from '../../src/core/failure.ts';
import { REASON_CODES } from '../../src/core/gates/gate.ts';

t.test('a code leads to its page and to the anchor of its heading', async (t) => {
  t.equal(docsPage({ kind: 'reason-code', code: REASON_CODES.ci }), 'reason-codes.md#gate_ci_not_success');
  t.equal(docsPage({ kind: 'failure', code: 'stage_failed' }), 'failures.md#stage_failed');
  t.equal(docsPage({ kind: 'stage-status', code: 'artifact_stale' }), 'stage-statuses.md#artifact_stale');
  t.equal(docsPage({ kind: 'terminal-state', code: 'timeout' }), 'troubleshooting.md#timeout');
  t.equal(docsPage({ kind: 'gate-code', code: 'check_missing' }), 'gate-codes.md#check_missing');
});

t.test('a code from outside cannot write more than an anchor', async (t) => {
  t.equal(docsPage({ kind: 'gate-code', code: 'a b)\n[x](http://e)' }), 'gate-codes.md#abxhttpe');
});

t.test('an ending leads to its failure, else to its first reason code, else nowhere', async (t) => {
  const codes = [REASON_CODES.ci, REASON_CODES.review];
  t.equal(docsPageOfEnding({ failure: null, blocked_reason_codes: [] }), null);
  t.equal(
    docsPageOfEnding({ failure: null, blocked_reason_codes: codes }),
    'reason-codes.md#gate_ci_not_success',
  );
  const failed = failure('git_failed', 'x');
  t.equal(docsPageOfEnding({ failure: failed, blocked_reason_codes: codes }), 'failures.md#git_failed');
});
