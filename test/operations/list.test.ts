import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RunSummary } from '../../src/core/run-summary.ts';
import { list } from '../../src/operations/list.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { type SampleRun, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

/** A run that began so many minutes after the first one. */
function writeRun(outDir: string, minutes: number, sample: SampleRun = {}): void {
  const startedAt = new Date(Date.UTC(2026, 1, 8, 10, minutes)).toISOString();
  const run = sampleRun({ ...sample, runId: sample.runId ?? `run-${minutes}` });
  mkdirSync(outDir, { recursive: true });
  writeEvidence(outDir, { ...run, started_at: startedAt });
}

async function listed(dir: string, columns: number | null = null, depth = 6) {
  const io = recordedIo(dir);
  const code = await exitCode(list({ dir, depth, json: false }, { ...io, columns }), io);
  const json = recordedIo(dir);
  await exitCode(list({ dir, depth, json: true }, { ...json, columns }), json);
  const runs: readonly RunSummary[] = code === 0 ? JSON.parse(json.written()).runs : [];
  return { code, text: io.written(), errors: io.errors(), json: json.written(), runs };
}

t.test('runs are listed newest first, with their state and what blocks them', async (t) => {
  const dir = t.testdir();
  writeRun(join(dir, 'deep/er/out'), 1);
  writeRun(join(dir, 'b'), 3, { status: 'blocked', gates: { ci: 'missing' } });
  writeRun(join(dir, 'i'), 2, { status: 'interrupted' });
  writeRun(join(dir, 'w'), 0, { status: 'working' });
  const { code, text, runs } = await listed(dir);
  t.equal(code, 0);
  t.strictSame(
    runs.map((run) => run.state),
    ['blocked', 'interrupted', 'done', 'unfinished'],
  );
  t.match(runs[0]?.blocked_by, ['GATE_CI_NOT_SUCCESS']);
  t.match(text, /run-3\s+blocked .*GATE_CI_NOT_SUCCESS\s+\.\/b\n.*run-2\s+interrupted/);
  t.match(text, /4 runs below \.\n$/);
});

t.test('evidence that cannot be read or trusted is listed as such, and no stack is shown', async (t) => {
  const dir = t.testdir({
    version: {},
    empty: { 'orchestrator_checkpoint.json': '' },
    half: { 'orchestrator_run_report.json': '{}' },
    folder: { 'orchestrator_checkpoint.json': {} },
  });
  writeRun(join(dir, 'edited'), 1);
  writeFileSync(join(dir, 'edited/orchestrator_run_report.json'), '{}\n');
  writeFileSync(
    join(dir, 'version/orchestrator_checkpoint.json'),
    '{"product":"orchestrator","schema_version":"2.0"}\n',
  );
  const { code, text, runs } = await listed(dir);
  t.equal(code, 0);
  const states = Object.fromEntries(runs.map((run) => [run.out_dir.split('/').at(-1), run.state]));
  t.strictSame(states, {
    edited: 'distrusted',
    empty: 'unreadable',
    folder: 'unreadable',
    half: 'no-checkpoint',
    version: 'unreadable',
  });
  t.match(runs.find((run) => run.out_dir.endsWith('version'))?.problem, 'unknown checkpoint version');
  t.notMatch(text, /\n\s+at /);
});

t.test('links, node_modules, .git and the folders of a run are not looked into', async (t) => {
  const dir = t.testdir();
  for (const place of ['node_modules/out', '.git/out', 'out/superseded/old', 'elsewhere/.git/x']) {
    writeRun(join(dir, place), 1);
  }
  writeRun(join(dir, 'out'), 2);
  writeRun(join(dir, 'real/run'), 3);
  symlinkSync(join(dir, 'real'), join(dir, 'linked'));
  symlinkSync('.', join(dir, 'loop'));
  t.strictSame(
    (await listed(dir)).runs.map((run) => run.out_dir.slice(dir.length)),
    ['/real/run', '/out'],
  );
});

t.test('what lies deeper than was looked is told on stderr', async (t) => {
  const dir = t.testdir();
  writeRun(join(dir, 'a/b/c'), 1);
  const { text, errors } = await listed(dir, null, 2);
  t.equal(text, 'no runs below .\n');
  t.match(errors, /^orchestrator: 1 folder deeper than --depth 2 not looked into\n$/);
  t.equal((await listed(dir, null, 3)).runs.length, 1);
});

t.test('names with control characters and changes of direction are shown, not obeyed', async (t) => {
  const dir = t.testdir();
  writeRun(join(dir, 'a\u001b[31m\nb\u202e'), 1, { runId: '\u001b]0;x\u0007##[error]' });
  const { text, json } = await listed(dir);
  for (const shown of [text, json]) t.notMatch(shown, /[\u0000-\u0009\u000b-\u001f\u202e]|##\[/);
  t.match(JSON.parse(json).runs[0].out_dir, /\u001b\[31m\nb\u202e$/);
});

t.test('on a terminal that is narrower than the table every run is a paragraph', async (t) => {
  const dir = t.testdir();
  writeRun(join(dir, 'out'), 1, { status: 'blocked', gates: { ci: 'missing' } });
  const { text } = await listed(dir, 20);
  t.match(text, /^blocked run-1\n {2}2026\S+ \S+\n {2}GATE_CI_NOT_SUCCESS\n {2}\.\/out\n/);
});

t.test('a folder that is none is refused, exit 2', async (t) => {
  const dir = t.testdir({ file: '' });
  for (const name of ['none', 'file']) t.equal((await listed(join(dir, name))).code, 2, name);
  t.equal((await listed(dir)).text, 'no runs below .\n');
});

t.test('a thousand runs are listed, and nothing is written', async (t) => {
  const dir = t.testdir();
  for (let count = 0; count < 1000; count += 1) writeRun(join(dir, `run-${count}`), count);
  const { runs } = await listed(dir);
  t.equal(runs.length, 1000);
  t.equal(runs[0]?.run_id, 'run-999');
  t.notOk(readdirSync(join(dir, 'run-7')).includes('.lock'));
});
