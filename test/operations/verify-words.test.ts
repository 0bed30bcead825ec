import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { blocking } from '../../src/core/gates/gate-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import { verify } from '../../src/operations/verify.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { type SampleRun, sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

const PLAN = { path: 'out:plan.json', content: '{"plan":1}\n' };

async function verified(outDir: string, sample: SampleRun | null) {
  if (sample !== null) writeEvidence(outDir, sampleRun({ tree: null, ...sample }), [PLAN]);
  const io = recordedIo(outDir);
  const code = await exitCode(verify({ outDir, checkpointPath: null, json: false }, io), io);
  return { code, text: io.written() };
}

/** A folder that lies in no repository, as those of the test runner do. */
function outside(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

const log = { log: 'out:logs/execution.1.stderr.log', bytes: 1, kept_bytes: 1, truncated: false };

function withLogsAndSources(run: RunDocument): RunDocument {
  const subject = { head_sha: null, base_sha: null, tree_digest: null, run_id: run.run_id };
  const read = { not_evaluated: [], evaluated_at_unix_secs: 1, inputs_digest: null, subject };
  const details = [blocking('check_failure', 'test', 'it failed')];
  return {
    ...run,
    stage_executions: [...run.stage_executions, sampleExecution(run.run_id, { stderr: log })],
    gate_decisions: run.gate_decisions.map((one) => ({
      ...one,
      documents:
        one.gate === 'ci'
          ? [{ gate: one.gate, status: 'failure', passed: false, source: 'github:a/b#1', details, ...read }]
          : [],
    })),
  };
}

t.test('what nobody can check from the evidence is said, with the reason, and holds nothing', async (t) => {
  const sample: SampleRun = { status: 'blocked', gates: { ci: 'failure' }, change: withLogsAndSources };
  const { code, text } = await verified(outside(t), sample);
  t.equal(code, 3);
  t.match(text, /not checked {2}logs +they have no digest in the evidence/);
  t.match(text, /not checked {2}gates today +github:a\/b#1: not asked again, what was recorded counts/);
  t.match(text, /\n\d+ checked; \d+ not\n/);
  t.match(
    text,
    'not closure-ready\n  because the run is blocked: GATE_CI_NOT_SUCCESS\nnext: orchestrator explain .',
  );
});

t.test('a run that is done says in numbers what was checked, and needs nothing', async (t) => {
  const { code, text } = await verified(outside(t), {});
  t.equal(code, 0);
  t.match(text, /\n\d+ checked; 2 not\nrun \S+: closure-ready\n$/);
});

t.test('what failed, and what would have been needed, is counted', async (t) => {
  const outDir = join(outside(t), 'gone', 'out');
  mkdirSync(outDir, { recursive: true });
  const artifacts = [{ path: 'repo:notes.md', content: 'notes\n' }];
  const { code, text } = await verified(outDir, { artifacts, repoRoot: '/nowhere/at/all' });
  t.equal(code, 1);
  t.match(text, /\n\d+ checked, 1 failed; \d+ not, \d+ of them needed\n/);
  t.match(text, /because artifact files not checked: repo-root is not here/);
});

t.test('where there is no run the way to one is told', async (t) => {
  const { code, text } = await verified(join(outside(t), 'none'), null);
  t.equal(code, 1);
  t.match(text, /found nothing there\n0?1 checked, 1 failed\nno run: not closure-ready\n/);
  t.match(text, /name the out_dir of a run, and its --checkpoint-path where it has one/);
  t.match(text, /next: orchestrator list \S+\n {6}finds the runs below a folder\n$/);
});
