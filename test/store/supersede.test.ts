import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { evidencePaths } from '../../src/store/layout.ts';
import { supersedeEvidence } from '../../src/store/supersede.ts';
import { NO_SMALL_DISK, smallDisk } from '../fixtures/store/small-disk.ts';

const EVIDENCE = {
  'orchestrator_checkpoint.json': 'checkpoint',
  'orchestrator_run_report.json': 'report',
  'audit.jsonl': 'audit',
  'orchestrator_checkpoint.foreign-0123abcd.json': 'foreign',
  'orchestrator_checkpoint.last-good.json': 'good',
  'checkpoint.foreign-0123abcd.json': 'other',
  'audit.jsonl.foreign-0123abcd': 'foreign audit',
  logs: { 'planning.1.stdout.log': 'log' },
  artifacts: { abc: 'artifact' },
};

function earlier(t: Test) {
  const outDir = t.testdir({ ...EVIDENCE, '.gitignore': '*\n', 'plan.json': '{}', '.lock': {} });
  symlinkSync('orchestrator_checkpoint.json', join(outDir, 'checkpoint.json'));
  return evidencePaths(outDir, null);
}

t.test('all evidence moves, the checkpoint first and the audit log last, and nothing else', async (t) => {
  const paths = earlier(t);
  const moved = supersedeEvidence(paths, 'run-1');
  t.ok(moved.ok);
  const names = moved.ok ? (moved.value?.names ?? []) : [];
  t.strictSame([...names].sort(), [...Object.keys(EVIDENCE), 'checkpoint.json'].sort());
  t.equal(names[0], 'orchestrator_checkpoint.json');
  t.equal(names.at(-1), 'audit.jsonl');
  t.strictSame(readdirSync(paths.outDir).sort(), ['.gitignore', '.lock', 'plan.json', 'superseded']);
  const folder = join(paths.superseded, 'run-1');
  t.equal(readFileSync(join(folder, 'checkpoint.json'), 'utf8'), 'checkpoint', 'the link still leads to it');
  t.equal(readFileSync(join(folder, 'logs/planning.1.stdout.log'), 'utf8'), 'log');
});

t.test('where there is no evidence, nothing moves and nothing is made', async (t) => {
  const outDir = t.testdir({ logs: { mine: 'x' }, artifacts: {}, 'checkpoint.json': 'mine' });
  t.strictSame(supersedeEvidence(evidencePaths(outDir, null), 'run-1'), { ok: true, value: null });
  t.strictSame(readdirSync(outDir).sort(), ['artifacts', 'checkpoint.json', 'logs']);
});

t.test('a crash after any step is continued by the next fresh run', async (t) => {
  const order = supersedeEvidence(earlier(t), 'run-1');
  const names = order.ok ? (order.value?.names ?? []) : [];
  for (let step = 1; step < names.length; step += 1) {
    await t.test(`after ${step}`, async (t) => {
      const paths = earlier(t);
      const folder = join(paths.superseded, 'run-1');
      mkdirSync(folder, { recursive: true });
      const { renameSync } = await import('node:fs');
      for (const name of names.slice(0, step)) renameSync(join(paths.outDir, name), join(folder, name));
      t.ok(supersedeEvidence(paths, 'unknown').ok);
      t.strictSame(readdirSync(paths.outDir).sort(), ['.gitignore', '.lock', 'plan.json', 'superseded']);
    });
  }
});

t.test(
  "a run's folder that holds its set-aside artifacts is shared, evidence of the same name is not",
  async (t) => {
    const paths = earlier(t);
    mkdirSync(join(paths.superseded, 'run-1/planning.1'), { recursive: true });
    const first = supersedeEvidence(paths, 'run-1');
    t.match(first, { value: { folder: join(paths.superseded, 'run-1') } });
    writeFileSync(paths.checkpoint, 'another');
    const second = supersedeEvidence(paths, 'run-1');
    t.match(second, { value: { folder: join(paths.superseded, 'run-1.2') } });
    t.equal(readFileSync(join(paths.superseded, 'run-1/orchestrator_checkpoint.json'), 'utf8'), 'checkpoint');
  },
);

t.test('a run id is a name, never a path', async (t) => {
  const paths = earlier(t);
  t.ok(supersedeEvidence(paths, '../../escaped').ok);
  t.strictSame(readdirSync(paths.superseded), ['_.._.._escaped']);
});

t.test('a link in the place of superseded/ is refused before anything moves', async (t) => {
  const paths = earlier(t);
  symlinkSync('/tmp', paths.superseded);
  t.match(supersedeEvidence(paths, 'run-1'), { failure: { reason: 'evidence_unwritable' } });
  t.ok(existsSync(paths.checkpoint));
});

t.test('a checkpoint on another disk, whatever its name, moves too', { skip: NO_SMALL_DISK }, async (t) => {
  const disk = smallDisk(t, 256);
  const outDir = t.testdir({ 'audit.jsonl': 'audit' });
  writeFileSync(join(disk, 'audit.jsonl'), 'checkpoint');
  const paths = evidencePaths(outDir, join(disk, 'audit.jsonl'));
  t.ok(supersedeEvidence(paths, 'run-1').ok);
  t.strictSame(readdirSync(disk), []);
  const folder = join(paths.superseded, 'run-1');
  t.equal(readFileSync(join(folder, 'orchestrator_checkpoint.json'), 'utf8'), 'checkpoint');
  t.equal(readFileSync(join(folder, 'audit.jsonl'), 'utf8'), 'audit');
});
