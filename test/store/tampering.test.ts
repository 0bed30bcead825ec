import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { failure } from '../../src/core/failure.ts';
import { fail, ok } from '../../src/core/result.ts';
import { sha256 } from '../../src/formats/sha256.ts';
import { readAuditLog } from '../../src/store/audit-chain.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { type CommitRequest, openEvidence } from '../../src/store/evidence.ts';
import { evidencePaths } from '../../src/store/layout.ts';
import { supersedeEvidence } from '../../src/store/supersede.ts';
import { randomHex } from '../fixtures/store/random-hex.ts';

function open(t: Test) {
  const paths = evidencePaths(t.testdir(), null);
  const fence = { lost: false };
  const evidence = openEvidence({
    paths,
    log: createAuditLog({ file: paths.audit, existing: Buffer.alloc(0), clock: () => 0, mac: null }),
    believed: null,
    random: randomHex,
    commits: null,
    fence: () => (fence.lost ? fail(failure('lock_lost', 'lost')) : ok(undefined)),
  });
  return { paths, evidence, fence, names: () => readdirSync(paths.outDir).sort() };
}

/** A commit in whose middle, after the report and before the checkpoint, something happens. */
function document(text: string, between: () => void = () => undefined): CommitRequest {
  return {
    report: () => `report ${text}\n`,
    checkpoint: () => {
      between();
      return `checkpoint ${text}\n`;
    },
  };
}

t.test('a checkpoint that is swapped in the middle of a commit is noticed and kept', async (t) => {
  const { paths, evidence, names } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  const swap = () => writeFileSync(paths.checkpoint, 'forged done');
  t.match(evidence.commit(document('done', swap)), { failure: { reason: 'checkpoint_tampered' } });
  t.equal(readFileSync(paths.report, 'utf8'), 'report good\n', 'the report says nothing uncommitted');
  t.ok(names().includes(`orchestrator_checkpoint.foreign-${sha256('forged done').slice(0, 8)}.json`));
  t.ok(evidence.commit(document('failed')).ok);
  t.equal(readFileSync(paths.checkpoint, 'utf8'), 'checkpoint failed\n');
});

t.test('a lock that is lost in the middle of a commit leaves the checkpoint to its new holder', async (t) => {
  const { paths, evidence, fence } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  const lose = () => {
    fence.lost = true;
    writeFileSync(paths.checkpoint, "the new holder's");
    writeFileSync(paths.report, "the new holder's");
  };
  t.match(evidence.commit(document('done', lose)), { failure: { reason: 'lock_lost' } });
  t.equal(readFileSync(paths.checkpoint, 'utf8'), "the new holder's");
  t.equal(readFileSync(paths.report, 'utf8'), "the new holder's");
});

t.test('names that were taken before the tampering do not keep anything from being kept', async (t) => {
  const { paths, evidence, names } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  // Who forges the checkpoint knows its digest, and the name that it will be kept under.
  mkdirSync(join(paths.outDir, `orchestrator_checkpoint.foreign-${sha256('forged').slice(0, 8)}.json`));
  mkdirSync(join(paths.outDir, 'orchestrator_checkpoint.last-good.json'));
  writeFileSync(paths.checkpoint, 'forged');
  t.match(evidence.commit(document('done')), { failure: { reason: 'checkpoint_tampered' } });
  t.notOk(existsSync(paths.checkpoint));
  const contents = names()
    .filter((name) => /^orchestrator_checkpoint\..*-[0-9a-f]{8}\.json$/.test(name))
    .filter((name) => name !== `orchestrator_checkpoint.foreign-${sha256('forged').slice(0, 8)}.json`)
    .map((name) => readFileSync(join(paths.outDir, name), 'utf8'));
  t.strictSame(contents.sort(), ['checkpoint good\n', 'forged']);
  t.ok(evidence.commit(document('failed')).ok, 'and the failure is recorded');
  t.ok(supersedeEvidence(paths, 'run-1').ok);
  t.strictSame(names(), ['superseded'], 'a fresh run takes all of it along');
});

t.test('the audit log is checked by every commit, also by one that adds no record', async (t) => {
  const changes: Readonly<Record<string, (file: string) => void>> = {
    changed: (file) =>
      writeFileSync(file, readFileSync(file, 'utf8').replace('stage-entered', 'stage-entereD')),
    'given a second name': (file) => linkSync(file, `${file}.2`),
    'a folder': (file) => {
      renameSync(file, `${file}.2`);
      mkdirSync(file);
    },
    'a link': (file) => {
      renameSync(file, `${file}.2`);
      symlinkSync('audit.jsonl.2', file);
    },
    removed: (file) => unlinkSync(file),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async (t) => {
      const { paths, evidence } = open(t);
      evidence.audit('stage-entered', {});
      t.ok(evidence.commit(document('good')).ok);
      change(paths.audit);
      t.match(evidence.commit(document('done')), { failure: { reason: 'evidence_tampered' } });
      t.equal(readFileSync(paths.checkpoint, 'utf8'), 'checkpoint good\n');
      evidence.audit('run-broke', {});
      t.ok(evidence.commit(document('failed')).ok);
      t.match(readAuditLog(readFileSync(paths.audit)), { records: 2, problem: null });
    });
  }
});

t.test('checkpoint.json that is replaced during a run is the link again after the next commit', async (t) => {
  const { paths, evidence, names } = open(t);
  t.ok(evidence.commit(document('one')).ok);
  const link = paths.link ?? '';
  rmSync(link);
  writeFileSync(link, '{"terminal_state":"done"}');
  t.ok(evidence.commit(document('two')).ok);
  t.equal(readlinkSync(link), 'orchestrator_checkpoint.json');
  t.ok(
    names().some((name) => name.startsWith('checkpoint.foreign-')),
    'what was there is kept',
  );
});

t.test('a folder in the place of the report fails the commit, not the checkpoint', async (t) => {
  const { paths, evidence } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  unlinkSync(paths.report);
  mkdirSync(join(paths.report, 'inside'), { recursive: true });
  t.match(evidence.commit(document('done')), {
    failure: { reason: 'evidence_unwritable', message: /a folder is in its place/, remedy: /move .* away/ },
  });
  t.equal(readFileSync(paths.checkpoint, 'utf8'), 'checkpoint good\n');
});
