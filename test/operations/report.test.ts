import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RunDocument } from '../../src/core/run-document.ts';
import { report } from '../../src/operations/report.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

t.test('the JSON is the report on disk', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun());
  const io = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'json' }, io), io), 0);
  t.equal(io.written(), readFileSync(join(out, 'orchestrator_run_report.json'), 'utf8'));
  t.equal(io.errors(), '');
});

t.test('text and markdown name the place as it was typed', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun({ status: 'blocked', gates: { ci: 'missing' } }));
  for (const format of ['text', 'markdown']) {
    const io = recordedIo(join(out, '..'));
    t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format }, io), io), 0);
    t.match(io.written(), /orchestrator \.\/\S+ --resume --ci-status success/);
  }
});

t.test('a run that is not done is reported from its checkpoint, whatever stands in the report', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun({ status: 'interrupted' }));
  writeFileSync(join(out, 'orchestrator_run_report.json'), '{"terminal_state":"done"}\n');
  const io = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'json' }, io), io), 0);
  t.match(JSON.parse(io.written()), { terminal_state: null });
});

t.test('evidence that does not hold is printed, not believed: exit 1', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun());
  rmSync(join(out, 'audit.jsonl'));
  const io = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'text' }, io), io), 1);
  t.match(io.written(), 'NOT TO BE TRUSTED');
  t.match(io.errors(), /^orchestrator: evidence_tampered: the audit log: it is missing/);
});

t.test('no run is exit 2, a checkpoint that cannot be read exit 1, one line each', async (t) => {
  const out = t.testdir();
  const none = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'text' }, none), none), 2);
  writeEvidence(out, sampleRun());
  truncateSync(join(out, 'orchestrator_checkpoint.json'), 10);
  const cut = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'text' }, cut), cut), 1);
  for (const io of [none, cut]) {
    t.equal(io.written(), '');
    t.match(io.errors(), /^orchestrator: [^\n]+\n$/);
  }
});

t.test('a format that there is not is exit 2, and says which there are', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun());
  const io = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'pdf' }, io), io), 2);
  t.match(io.errors(), 'expected one of text, json, markdown, html, junit, github');
});

t.test('the page has the ends of the logs that lie in out_dir, and of no other file', async (t) => {
  const out = t.testdir({ logs: { 'e.log': 'first\nlast words\n' } });
  const stream = (log: string) => ({ log, bytes: 1, kept_bytes: 1, truncated: false });
  const change = (run: RunDocument): RunDocument => ({
    ...run,
    stage_executions: run.stage_executions.map((one) => ({
      ...one,
      stdout: stream('out:logs/e.log'),
      stderr: stream('/etc/hostname'),
    })),
  });
  writeEvidence(out, sampleRun({ change }));
  const io = recordedIo(out);
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'html' }, io), io), 0);
  t.match(io.written(), /<pre>first\nlast words<\/pre>/);
  t.notMatch(io.written(), ', stderr');
});

t.test('github prints annotations and adds the summary of the job, others write nothing', async (t) => {
  const out = t.testdir();
  writeEvidence(out, sampleRun());
  const GITHUB_STEP_SUMMARY = join(out, 'summary.md');
  for (const format of ['text', 'html', 'junit', 'github']) {
    const io = recordedIo(out, { env: { GITHUB_STEP_SUMMARY } });
    t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format }, io), io), 0);
    t.equal(existsSync(GITHUB_STEP_SUMMARY), format === 'github', format);
  }
  const io = recordedIo(out, { env: { GITHUB_STEP_SUMMARY: join(out, 'none', 'x') } });
  t.equal(await exitCode(report({ outDir: out, checkpointPath: null, format: 'github' }, io), io), 0);
  t.match(io.written(), /^::notice title=orchestrator::done/);
  t.match(io.errors(), 'was not written');
});
