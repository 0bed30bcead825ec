/** Runs that are large: the commands that read evidence stay bounded in memory, and say the right thing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { RunDocument } from '../../src/core/run-document.ts';
import { SAMPLE_START_MS, sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';
import { CHECKPOINT, WRONG_DOCUMENTS } from './bad-inputs.ts';
import { copyOf } from './endings.ts';
import { folderState } from './folder-state.ts';
import { peakOf } from './peak-memory.ts';
import { ALL_PASS, e2e, type Rig } from './rig.ts';

const COMMANDS: readonly (readonly string[])[] = [
  ['report'],
  ['report', '--format', 'html'],
  ['report', '--format', 'json'],
  ['report', '--format', 'junit'],
  ['report', '--format', 'markdown'],
  ['explain'],
  ['verify'],
  ['list'],
];

/** Runs each command on `out` and returns the most memory that one of them had, in MB. */
async function peakMb(t: Test, rig: Rig, out: string, codes: readonly number[]): Promise<number> {
  let peak = 0;
  const before = folderState(join(rig.work, out));
  for (const [command = '', ...flags] of COMMANDS) {
    const live = rig.start([command, `./${out}`, ...flags]);
    peak = Math.max(peak, (await peakOf(live)) / 1024);
    const { code, said } = await live.finished;
    t.ok(codes.includes(code ?? -1), `${command} ${flags.join(' ')}: exit ${code}: ${said.slice(0, 300)}`);
    t.notMatch(said, /\n {4}at |internal error/);
  }
  t.strictSame(folderState(join(rig.work, out)), before, 'nothing is written');
  return peak;
}

const attempts =
  (count: number) =>
  (run: RunDocument): RunDocument => ({
    ...run,
    stage_executions: Array.from({ length: count }, (_, index) => {
      const log = { log: 'out:logs/long.log', bytes: 1, kept_bytes: 1, truncated: false };
      const at = { attempt: index + 1, started_at_unix_ms: SAMPLE_START_MS + index * 1000 };
      return sampleExecution(run.run_id, { ...at, status: 'failed', exit_code: 1, stderr: log });
    }),
  });

function writeLarge(rig: Rig, name: string, count: number): void {
  const out = join(rig.work, name);
  mkdirSync(join(out, 'logs'), { recursive: true });
  writeEvidence(out, sampleRun({ status: 'failed', change: attempts(count) }));
  const line = `<b>\u202e\u001b[31m ${'x'.repeat(200)}\n`;
  writeFileSync(join(out, 'logs/long.log'), line.repeat(100_000));
}

e2e('a run of 5,000 attempts with logs of 100,000 lines is read within bounds', async (t, rig) => {
  writeLarge(rig, 'small', 1);
  writeLarge(rig, 'large', 5000);
  const small = await peakMb(t, rig, 'small', [0, 1]);
  const large = await peakMb(t, rig, 'large', [0, 1]);
  if (process.env.SHOW === '1') console.error(`peak: small ${small} MB, large ${large} MB`);
  t.ok(large < small + 250, `${large} MB, of a small run ${small} MB`);
  const { stdout } = await rig.run(['explain', './large']);
  t.ok(stdout.split('\n').length <= 11 && stdout.length < 3000, stdout);
  t.match(stdout, '\\u{202e}\\x1b[31m');
});

e2e('a document that is a hole of 2 GB is not read into memory', async (t, rig) => {
  await rig.run(['./done', ...ALL_PASS, '--executor-bin', '/bin/true']);
  for (const input of WRONG_DOCUMENTS.filter((one) => one.name.endsWith('a hole of 2 GB'))) {
    const name = input.name.split(':')[0] ?? '';
    await input.make(copyOf(rig, 'done', name), rig);
    const peak = await peakMb(t, rig, name, [0, 1]);
    if (process.env.SHOW === '1') console.error(`peak: hole in ${name} ${peak} MB`);
    t.ok(peak < 200, `${name}: ${peak} MB`);
  }
});

e2e('a checkpoint that is as large as one may be, and is none, is refused within bounds', async (t, rig) => {
  await rig.run(['./done', ...ALL_PASS, '--executor-bin', '/bin/true']);
  writeFileSync(join(rig.work, 'done', CHECKPOINT), `"${'x'.repeat(200 * 1024 ** 2)}`);
  for (const command of ['report', 'verify']) {
    const live = rig.start([command, './done']);
    const peak = (await peakOf(live)) / 1024;
    if (process.env.SHOW === '1') console.error(`peak: 200 MB, ${command} ${peak} MB`);
    t.equal((await live.finished).code, 1);
    t.ok(peak < 700, `${command}: ${peak} MB`);
  }
});
