import t from 'tap';
import { GATE_ORDER } from '../../src/core/gates/gate.ts';
import type { GateDecision } from '../../src/core/records.ts';
import { runReportSchema } from '../../src/formats/report.schema.ts';
import { buildReport, saysClosureReady, serialiseJson, terminalStateOf } from '../../src/formats/report.ts';
import { SAMPLE_VERSION, sampleReport, sampleRun, sha256 } from '../fixtures/documents/sample-run.ts';

const STATUSES = ['pending', 'working', 'done', 'blocked', 'failed', 'timeout', 'interrupted'] as const;

/** Spec section 5, "Report fields". */
const OF_SPEC = [
  ...['schema_version', 'product', 'version', 'run_id', 'current_stage', 'terminal_state', 'failure'],
  ...['gate_decisions', 'blocked_reason_codes', 'reviewer_next_steps', 'transitions', 'stage_executions'],
  ...['artifacts', 'config', 'config_digest', 'repo', 'host', 'isolation', 'invocations', 'started_at'],
  ...['finished_at', 'audit_head'],
];
/** What the spec asks for elsewhere (section 3), between those. */
const BESIDE = [
  ...['worktree_changes', 'git_changes', 'policy_admission', 'delivery'],
  ...['usage', 'authenticity', 'state_key_id'],
];

t.test('the fields of spec section 5 are there in its order, in every status', async (t) => {
  for (const status of STATUSES) {
    const keys = Object.keys(sampleReport(sampleRun({ status })));
    t.strictSame(
      keys.filter((key) => !BESIDE.includes(key)),
      OF_SPEC,
      status,
    );
    t.strictSame(
      keys.filter((key) => BESIDE.includes(key)),
      BESIDE,
    );
  }
});

t.test('the nine fields of the original are among them', async (t) => {
  const nine = [
    ...['product', 'version', 'run_id', 'current_stage', 'terminal_state', 'blocked_reason_codes'],
    ...['gate_decisions', 'transitions', 'stage_executions'],
  ];
  const keys = Object.keys(sampleReport());
  t.strictSame(
    nine.filter((key) => !keys.includes(key)),
    [],
  );
});

t.test('a report fits its schema, which has the same order', async (t) => {
  for (const status of STATUSES) {
    const report = sampleReport(sampleRun({ status, nativeCommands: 1, gates: { ci: 'failure' } }));
    t.equal(serialiseJson(runReportSchema.parse(report)), serialiseJson(report), status);
  }
});

t.test('the same document gives the same bytes', async (t) => {
  t.equal(serialiseJson(sampleReport(sampleRun())), serialiseJson(sampleReport(sampleRun())));
});

t.test('version, configuration digest and audit head come from the envelope', async (t) => {
  const report = buildReport(sampleRun(), {
    version: '9.9.9',
    configDigest: sha256('config'),
    auditHead: { seq: 3, sha256: sha256('head') },
    stateKeyId: 'feedfacefeedface',
  });
  t.match(report, {
    schema_version: '1.0',
    product: 'orchestrator',
    version: '9.9.9',
    config_digest: sha256('config'),
    audit_head: { seq: 3, sha256: sha256('head') },
    authenticity: 'hmac-sha256',
    state_key_id: 'feedfacefeedface',
  });
  t.equal(sampleReport().version, SAMPLE_VERSION);
});

t.test('only the four terminal states are one on disk', async (t) => {
  t.strictSame(
    STATUSES.map((status) => terminalStateOf(sampleRun({ status }).state)),
    [null, null, 'done', 'blocked', 'failed', 'timeout', null],
  );
});

t.test('a run that has not begun is in no stage', async (t) => {
  t.equal(sampleReport(sampleRun({ status: 'pending' })).current_stage, null);
  t.equal(sampleReport(sampleRun({ status: 'failed', stage: 'execution' })).current_stage, 'execution');
});

t.test('every document ends in one newline and is indented by two', async (t) => {
  t.equal(serialiseJson({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}\n');
});

t.test('only a done run whose three gates passed, without a code, says it may be closed', async (t) => {
  const good = sampleReport();
  const [policy, ci, review] = good.gate_decisions;
  if (policy === undefined || ci === undefined || review === undefined) throw new Error('three decisions');
  const withDecisions = (gate_decisions: readonly GateDecision[]) => ({ ...good, gate_decisions });
  t.equal(saysClosureReady(good), true);
  const not = {
    'not finished': { ...good, terminal_state: null },
    blocked: { ...good, terminal_state: 'blocked' as const },
    'with a code': { ...good, blocked_reason_codes: ['SIMULATED_BLOCK'] },
    'no decisions': withDecisions([]),
    'two decisions': withDecisions([policy, ci]),
    'four decisions': withDecisions([policy, ci, review, review]),
    'one gate three times': withDecisions([policy, policy, policy]),
    'another order': withDecisions([review, ci, policy]),
    'passed with a status that does not': withDecisions([policy, { ...ci, status: 'failure' }, review]),
    ...Object.fromEntries(
      GATE_ORDER.map((gate) => [
        `${gate} not passed`,
        withDecisions(
          good.gate_decisions.map((one) => (one.gate === gate ? { ...one, passed: false } : one)),
        ),
      ]),
    ),
  };
  for (const [name, report] of Object.entries(not)) t.equal(saysClosureReady(report), false, name);
});

t.test('of the statuses only done says it may be closed', async (t) => {
  t.strictSame(
    STATUSES.filter((status) => saysClosureReady(sampleReport(sampleRun({ status, stage: 'closure' })))),
    ['done'],
  );
});
