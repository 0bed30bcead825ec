import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import type { StageExecution } from '../../../src/core/records.ts';
import type { RunDocument } from '../../../src/core/run-document.ts';
import { closureProblems } from '../../../src/operations/evidence/closure-problems.ts';
import { type SampleRun, sampleExecution, sampleRun } from '../../fixtures/documents/sample-run.ts';

const RUN = sampleRun().run_id;

function changed(change: (document: RunDocument) => RunDocument, more: SampleRun = {}): readonly string[] {
  return closureProblems(sampleRun({ ...more, change }));
}

function withExecutions(change: (executions: readonly StageExecution[]) => readonly StageExecution[]) {
  return changed((one) => ({ ...one, stage_executions: change(one.stage_executions) }));
}

function onExecution(stage: string, more: Partial<StageExecution>) {
  return withExecutions((all) => all.map((one) => (one.stage === stage ? { ...one, ...more } : one)));
}

t.test('a run that was closed has no problems, whatever way it went', async (t) => {
  t.strictSame(closureProblems(sampleRun()), []);
  t.strictSame(closureProblems(sampleRun({ nativeCommands: 2 })), []);
  t.strictSame(closureProblems(sampleRun({ tree: null })), [], 'outside git');
  const noManager = changed((one) => ({
    ...one,
    config: { ...one.config, manager: null },
    artifacts: [],
    stage_executions: one.stage_executions.map((record) =>
      record.stage === 'planning'
        ? sampleExecution(RUN, { stage: 'planning', step: 'stage', status: 'not_configured' })
        : record,
    ),
  }));
  t.strictSame(noManager, []);
});

t.test('attempts that failed before, skipped stages and remediation are no problem', async (t) => {
  const history = changed((one) => {
    const [planning, execution, validation] = one.stage_executions;
    if (planning === undefined || execution === undefined || validation === undefined)
      throw new Error('three');
    const transition = (from: string, to: string) => ({
      ...(one.transitions[0] ?? fail()),
      from_stage: from,
      to_stage: to,
    });
    return {
      ...one,
      stage_executions: [
        planning,
        { ...execution, status: 'failed', exit_code: 1 },
        { ...execution, attempt: 2 },
        { ...validation, status: 'failed', exit_code: 1 },
        { ...execution, attempt: 3 },
        { ...validation, attempt: 2 },
        { ...planning, status: 'skipped' },
      ],
      transitions: [
        ...one.transitions.slice(0, 4),
        transition('validation', 'execution'),
        transition('execution', 'validation'),
        transition('validation', 'closure'),
      ],
    };
  });
  t.strictSame(history, []);
});

function fail(): never {
  throw new Error('a sample has transitions');
}

t.test('a document that is not done is told so', async (t) => {
  t.match(closureProblems(sampleRun({ status: 'blocked', gates: { ci: 'failure' } })), [
    'the state is blocked, not done',
  ]);
});

const FORGERIES: Readonly<Record<string, readonly [() => readonly string[], RegExp]>> = {
  'a stage that is not completed': [
    () =>
      changed((one) =>
        one.state.status === 'done'
          ? { ...one, state: { ...one.state, progress: { ...one.state.progress, completed: ['planning'] } } }
          : one,
      ),
    /stage execution is not completed/,
  ],
  'an attempt under way': [
    () =>
      changed((one) => ({
        ...one,
        intent: {
          stage: 'execution',
          step: 'executor',
          attempt: 1,
          cycle: 0,
          command: 'x',
          started_at_unix_ms: 1,
        },
      })),
    /still under way/,
  ],
  'a failure': [
    () => changed((one) => ({ ...one, failure: failure('stage_failed', 'x') })),
    /holds a failure/,
  ],
  'no end': [() => changed((one) => ({ ...one, finished_at: null })), /no end/],
  'an invocation that ended otherwise': [
    () =>
      changed((one) => ({
        ...one,
        invocations: one.invocations.map((call) => ({ ...call, ended_by: 'failed' as const })),
      })),
    /last invocation did not end done/,
  ],
  'a gate that did not pass': [
    () => closureProblems(sampleRun({ gates: { review: 'missing' } })),
    /three gates have not all passed/,
  ],
  'a gate that says passed with a word that is not': [
    () =>
      changed((one) => ({
        ...one,
        gate_decisions: one.gate_decisions.map((gate) => ({ ...gate, status: 'ok' })),
      })),
    /three gates have not all passed/,
  ],
  'decisions that are not those of the state': [
    () =>
      changed((one) => ({
        ...one,
        gate_decisions: one.gate_decisions.map((gate) => ({ ...gate, source: 'x' })),
      })),
    /not those of its state/,
  ],
  'a reason code': [
    () => changed((one) => ({ ...one, blocked_reason_codes: ['SIMULATED_BLOCK'] })),
    /reason codes/,
  ],
  'no admission': [() => changed((one) => ({ ...one, policy_admission: null })), /not admitted/],
  'a transition left out': [
    () =>
      changed((one) => ({
        ...one,
        transitions: one.transitions.filter((step) => step.to_stage !== 'validation'),
      })),
    /transition 4 does not follow/,
  ],
  'a transition of another run': [
    () =>
      changed((one) => ({ ...one, transitions: one.transitions.map((step) => ({ ...step, run_id: 'x' })) })),
    /transition 1 does not follow/,
  ],
  'a last transition that enters no closure': [
    () => changed((one) => ({ ...one, transitions: one.transitions.slice(0, 4) })),
    /does not enter closure/,
  ],
  'no transitions': [() => changed((one) => ({ ...one, transitions: [] })), /does not enter closure/],
  'a role without a record': [
    () => withExecutions((all) => all.filter((one) => one.stage !== 'execution')),
    /executor in execution has no record/,
  ],
  'a role whose last record failed': [
    () => onExecution('execution', { status: 'failed' }),
    /last record of executor.*failed/,
  ],
  'a success that exited with 1': [
    () => onExecution('validation', { exit_code: 1 }),
    /against what else it says/,
  ],
  'a success with survivors': [
    () =>
      onExecution('validation', {
        process_tree: { killed: 1, survivors: 1, clean_sweeps: 0, method: 'proc' },
      }),
    /against what else it says/,
  ],
  'a validation command that did not run': [
    () =>
      closureProblems(
        sampleRun({
          nativeCommands: 2,
          change: (one) => ({ ...one, stage_executions: one.stage_executions.slice(0, -1) }),
        }),
      ),
    /command-2 in validation has no record/,
  ],
  'a reviewer that did not run in the last validation': [
    () =>
      closureProblems(
        sampleRun({
          nativeCommands: 1,
          change: (one) => ({
            ...one,
            stage_executions: one.stage_executions.map((record) =>
              record.step === 'command-1' ? { ...record, attempt: 2 } : record,
            ),
          }),
        }),
      ),
    /reviewer in validation did not run in the last attempt/,
  ],
  'a validation before the last execution': [
    () => withExecutions((all) => [...all, sampleExecution(RUN, { attempt: 2 })]),
    /validation did not run after the stage before it/,
  ],
  'a stage that nothing says anything about': [
    () =>
      changed((one) => ({
        ...one,
        config: { ...one.config, executor: null },
        stage_executions: one.stage_executions.filter((record) => record.stage !== 'execution'),
      })),
    /stage execution has no record/,
  ],
  'an artifact without a record': [
    () => changed((one) => ({ ...one, artifacts: [] })),
    /plan\.json of planning has no record/,
  ],
  'an artifact that its stage did not leave': [
    () =>
      changed((one) => ({
        ...one,
        artifacts: one.artifacts.map((left) => ({ ...left, sha256: '0'.repeat(64) })),
      })),
    /not the one that planning left/,
  ],
  'no content tree': [
    () =>
      changed((one) =>
        one.state.status === 'done'
          ? { ...one, state: { ...one.state, progress: { ...one.state.progress, tree: null } } }
          : one,
      ),
    /no content tree/,
  ],
  'a content tree of another repository': [
    () => changed((one) => ({ ...one, repo: { ...one.repo, tree_digest: '0'.repeat(64) } })),
    /not the one of its repository/,
  ],
  'a work tree that is called none': [
    () => changed((one) => ({ ...one, repo: { ...one.repo, is_git: false } })),
    /contradicts itself/,
  ],
};

for (const [what, [forge, problem]] of Object.entries(FORGERIES)) {
  t.test(`a done with ${what} is found out`, async (t) => {
    t.match(forge().join('\n'), problem);
  });
}
