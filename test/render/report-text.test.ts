import t from 'tap';
import { failure } from '../../src/core/failure.ts';
import { reportText } from '../../src/render/report-text.ts';
import { sampleExecution, sampleReport, sampleRun } from '../fixtures/documents/sample-run.ts';

const options = {
  place: { outDir: './out', checkpointPath: null },
  doubts: [],
  color: false,
  unicode: true,
};
const HOSTILE = 'x\x1b[2J\r::error::\n##[error]\u202e|`<b>@user';

t.test('a run that is done says so, with its gates, stages and artifacts', async (t) => {
  const text = reportText(sampleReport(), options);
  t.match(text, /^run 20260208T101500Z-1f2e3d4c5b6a {2}done: closure-ready\n/);
  t.match(text, 'planning ✓ → policy_ingestion ✓ → execution ✓ → validation ✓ → closure ✓');
  t.match(text, /policy +passed +allow +operator/);
  t.match(text, /execution +executor +1 +success +1\.2s +0/);
  t.match(text, /<out>\/plan\.json +[0-9a-f]{12} +11 B +planning attempt 1/);
  t.match(text, /next\n {2}nothing: done/);
});

t.test('a blocked run names its codes and the command to type', async (t) => {
  const run = sampleRun({ status: 'blocked', gates: { ci: 'pending' } });
  const text = reportText(sampleReport(run), options);
  t.match(text, 'blocked: GATE_CI_NOT_SUCCESS');
  t.match(text, 'closure ⊘');
  t.match(text, 'orchestrator ./out --resume --ci-status success\n    only when ci really is success');
});

t.test('a failure is told with its remedy', async (t) => {
  const why = failure('spawn_failed', 'no such binary', { stage: 'execution', remedy: 'check the path' });
  const text = reportText(sampleReport(sampleRun({ status: 'failed', failure: why })), options);
  t.match(text, 'spawn_failed in execution: no such binary\n  remedy: check the path');
  t.match(text, 'execution ✗ → validation · → closure ·');
});

t.test('evidence that is in doubt is not called done', async (t) => {
  const text = reportText(sampleReport(), { ...options, doubts: ['the run report: it is empty'] });
  t.match(text, 'NOT TO BE TRUSTED, says: done: closure-ready\ndoubt: the run report: it is empty');
});

t.test('a terminal that shows only ASCII gets only ASCII', async (t) => {
  const text = reportText(sampleReport(sampleRun({ runId: 'r' })), { ...options, unicode: false });
  t.match(text, /^[\x20-\x7e\n]+$/);
  t.match(text, 'planning ok -> policy_ingestion ok');
});

t.test('colour is only there where it is asked for', async (t) => {
  t.notMatch(reportText(sampleReport(), options), '\x1b');
  t.match(reportText(sampleReport(), { ...options, color: true }), '\x1b[32mdone: closure-ready\x1b[39m');
});

t.test('whatever a document holds, no line is forged and nothing acts on the terminal', async (t) => {
  const run = sampleRun({
    status: 'failed',
    failure: failure('stage_failed', HOSTILE, { stage: HOSTILE, remedy: HOSTILE }),
    artifacts: [{ path: `repo:${HOSTILE}`, content: HOSTILE }],
    change: (one) => ({
      ...one,
      worktree_changes: [HOSTILE],
      repo: { ...one.repo, root: HOSTILE, head: HOSTILE },
      reviewer_next_steps: [{ priority: HOSTILE, source: HOSTILE, code: HOSTILE, action: HOSTILE }],
      gate_decisions: one.gate_decisions.map((gate) => ({
        ...gate,
        status: HOSTILE,
        source: HOSTILE,
        details: [HOSTILE],
      })),
      invocations: one.invocations.map((call) => ({
        ...call,
        argv: [HOSTILE],
        changes: [HOSTILE],
        ended_at: HOSTILE,
      })),
      started_at: HOSTILE,
      finished_at: HOSTILE,
      stage_executions: [
        sampleExecution('r', {
          stage: HOSTILE,
          step: HOSTILE,
          error: HOSTILE,
          signal: HOSTILE,
          counts: HOSTILE,
        }),
      ],
    }),
  });
  const text = reportText(sampleReport(run), { ...options, doubts: [HOSTILE] });
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  t.notMatch(text, /^\s*::/m);
  t.notMatch(text, '##[');
});

t.test('a long history is cut, and says so', async (t) => {
  const run = sampleRun({
    change: (one) => ({
      ...one,
      stage_executions: Array.from({ length: 1000 }, (_, index) =>
        sampleExecution('r', { attempt: index + 1 }),
      ),
    }),
  });
  const text = reportText(sampleReport(run), options);
  t.match(text, '(800 earlier left out)');
  t.ok(text.split('\n').length < 300);
});
