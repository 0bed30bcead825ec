import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { evidencePaths } from '../../src/store/layout.ts';
import { inspectCheckpointPath } from '../../src/store/out-dir.ts';
import { supersedeEvidence } from '../../src/store/supersede.ts';

t.test('a run with its checkpoint elsewhere withdraws what a run without has left', async (t) => {
  const base = t.testdir({
    out: { 'orchestrator_checkpoint.json': 'done', 'orchestrator_run_report.json': 'report' },
    ck: {},
  });
  symlinkSync('orchestrator_checkpoint.json', join(base, 'out/checkpoint.json'));
  t.ok(supersedeEvidence(evidencePaths(join(base, 'out'), join(base, 'ck/c.json')), 'run-1').ok);
  t.strictSame(readdirSync(join(base, 'out')), ['superseded']);
  t.equal(readFileSync(join(base, 'out/superseded/run-1/orchestrator_checkpoint.json'), 'utf8'), 'done');
});

t.test('of two checkpoints, here and elsewhere, both are kept', async (t) => {
  const base = t.testdir({
    out: { 'orchestrator_checkpoint.json': 'here', 'orchestrator_checkpoint.last-good.json': 'good here' },
    ck: {
      'orchestrator_checkpoint.json': 'there',
      'orchestrator_checkpoint.last-good.json': 'good there',
      'orchestrator_checkpoint.foreign-0123abcd.json': 'foreign there',
      'other.last-good.json': "somebody else's",
    },
  });
  const paths = evidencePaths(join(base, 'out'), join(base, 'ck/orchestrator_checkpoint.json'));
  t.ok(supersedeEvidence(paths, 'run-1').ok);
  const folder = join(base, 'out/superseded/run-1');
  const contents = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  t.strictSame(contents, {
    'orchestrator_checkpoint.foreign-0123abcd.json': 'foreign there',
    'orchestrator_checkpoint.json': 'there',
    'orchestrator_checkpoint.json.2': 'here',
    'orchestrator_checkpoint.last-good.json': 'good here',
    'orchestrator_checkpoint.last-good.json.2': 'good there',
  });
  t.strictSame(readdirSync(join(base, 'ck')), ['other.last-good.json'], 'what is not ours stays');
});

t.test("somebody's own checkpoint.json stays where ours is elsewhere", async (t) => {
  const base = t.testdir({ out: { 'checkpoint.json': 'mine', 'audit.jsonl': 'audit' }, ck: {} });
  t.ok(supersedeEvidence(evidencePaths(join(base, 'out'), join(base, 'ck/c.json')), 'run-1').ok);
  t.strictSame(readdirSync(join(base, 'out')).sort(), ['checkpoint.json', 'superseded']);
});

t.test('the usual checkpoint named through a link moves once', async (t) => {
  const base = t.testdir({ out: { 'orchestrator_checkpoint.json': 'ck', 'audit.jsonl': 'audit' } });
  symlinkSync('out', join(base, 'alias'));
  const paths = evidencePaths(join(base, 'out'), join(base, 'alias/orchestrator_checkpoint.json'));
  t.ok(inspectCheckpointPath(paths).ok);
  t.match(supersedeEvidence(paths, 'run-1'), {
    value: { names: ['orchestrator_checkpoint.json', 'audit.jsonl'] },
  });
});

t.test('a crash in the middle, with the checkpoint elsewhere, is continued', async (t) => {
  const base = t.testdir({
    out: { 'audit.jsonl': 'a', logs: { l: '' }, artifacts: {} },
    ck: { 'c.json': 'ck' },
  });
  const paths = evidencePaths(join(base, 'out'), join(base, 'ck/c.json'));
  // As if killed after the first step.
  renameSync(paths.checkpoint, join(base, 'moved'));
  t.ok(supersedeEvidence(paths, 'run-1').ok);
  t.strictSame(readdirSync(join(base, 'out')), ['superseded']);
});

t.test('a checkpoint path cannot be in what out_dir keeps, whatever it is called by', async (t) => {
  const base = t.testdir({ out: { logs: {}, artifacts: {}, '.lock': {} } });
  symlinkSync('out', join(base, 'alias'));
  for (const path of [
    'out/logs/c.json',
    'out/artifacts/c.json',
    'out/.lock/1.held',
    'alias/audit.jsonl',
    'alias/orchestrator_run_report.json',
    'alias/logs/c.json',
  ]) {
    const found = inspectCheckpointPath(evidencePaths(join(base, 'out'), join(base, path)));
    t.match(found, { failure: { reason: 'precondition', message: /the place of other evidence/ } }, path);
  }
  writeFileSync(join(base, 'alias/mine.json'), '');
  t.ok(inspectCheckpointPath(evidencePaths(join(base, 'out'), join(base, 'alias/mine.json'))).ok);
  t.ok(existsSync(join(base, 'out/mine.json')));
});
