import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
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
import { readAuditLog } from '../../src/store/audit-chain.ts';
import { createAuditLog } from '../../src/store/audit-log.ts';
import { type CommitRequest, openEvidence } from '../../src/store/evidence.ts';
import { evidencePaths } from '../../src/store/layout.ts';
import { randomHex } from '../fixtures/store/random-hex.ts';
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../fixtures/store/small-disk.ts';

function open(t: Test, options: { readonly outDir?: string; readonly checkpoint?: string } = {}) {
  const outDir = options.outDir ?? t.testdir();
  const paths = evidencePaths(outDir, options.checkpoint ?? null);
  const fence = { lost: false };
  const read = (file: string) => (existsSync(file) ? readFileSync(file) : null);
  const evidence = openEvidence({
    paths,
    log: createAuditLog({
      file: paths.audit,
      existing: read(paths.audit) ?? Buffer.alloc(0),
      clock: () => 0,
      mac: null,
    }),
    believed: read(paths.checkpoint),
    random: randomHex,
    commits: null,
    fence: () => (fence.lost ? fail(failure('lock_lost', 'lost')) : ok(undefined)),
  });
  return { paths, evidence, fence, names: () => readdirSync(outDir).sort() };
}

function document(text: string): CommitRequest {
  return {
    report: (head) => `report ${text} ${head.seq}\n`,
    checkpoint: (links) =>
      `checkpoint ${text} ${links.report_sha256} ${links.audit.seq} ${links.audit.sha256}\n`,
  };
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

t.test('a commit writes audit log, report and checkpoint, which name one another', async (t) => {
  const { paths, evidence, names } = open(t);
  evidence.audit('run-started', {});
  evidence.audit('gates-read', {});
  t.strictSame(names(), [], 'opening and noting writes nothing');
  t.ok(evidence.commit(document('one')).ok);
  const { head } = readAuditLog(readFileSync(paths.audit));
  const report = readFileSync(paths.report);
  t.equal(report.toString(), 'report one 2\n');
  t.equal(readFileSync(paths.checkpoint, 'utf8'), `checkpoint one ${sha256(report)} 2 ${head.sha256}\n`);
  t.strictSame(names(), [
    'audit.jsonl',
    'checkpoint.json',
    'orchestrator_checkpoint.json',
    'orchestrator_run_report.json',
  ]);
  t.equal(readlinkSync(paths.link ?? ''), 'orchestrator_checkpoint.json');
  t.ok(evidence.commit(document('two')).ok);
  t.match(readFileSync(paths.checkpoint, 'utf8'), /^checkpoint two/);
});

t.test('without the lock nothing is written', async (t) => {
  const { evidence, fence, names } = open(t);
  fence.lost = true;
  evidence.audit('run-started', {});
  t.match(evidence.commit(document('one')), { failure: { reason: 'lock_lost' } });
  t.match(evidence.reopen('x'), { failure: { reason: 'lock_lost' } });
  t.strictSame(names(), []);
});

t.test(
  'a checkpoint that another wrote stops the run; both are kept and the failure can be recorded',
  async (t) => {
    const tampering: Readonly<Record<string, (checkpoint: string) => void>> = {
      changed: (file) => writeFileSync(file, 'forged'),
      'one byte appended': (file) => writeFileSync(file, `${readFileSync(file, 'utf8')} `),
      emptied: (file) => writeFileSync(file, ''),
      linked: (file) => {
        renameSync(file, `${file}.x`);
        symlinkSync(`${file}.x`, file);
      },
      'a folder': (file) => {
        unlinkSync(file);
        mkdirSync(file);
      },
      removed: (file) => unlinkSync(file),
    };
    for (const [name, tamper] of Object.entries(tampering)) {
      await t.test(name, async (t) => {
        const { paths, evidence, names } = open(t);
        t.ok(evidence.commit(document('good')).ok);
        const good = readFileSync(paths.checkpoint);
        const report = readFileSync(paths.report);
        tamper(paths.checkpoint);
        evidence.audit('tree-taken', {});
        const refused = evidence.commit(document('done'));
        t.match(refused, { failure: { reason: 'checkpoint_tampered', message: /^CHECKPOINT_TAMPERED: / } });
        t.notOk(names().includes('orchestrator_checkpoint.json'), 'nothing is left in its place');
        t.ok(readFileSync(join(paths.outDir, 'orchestrator_checkpoint.last-good.json')).equals(good));
        t.ok(readFileSync(paths.report).equals(report), 'the commit has not begun');
        const foreign = names().filter((one) => one.includes('.foreign-'));
        t.equal(foreign.length, name === 'removed' ? 0 : 1);
        t.ok(evidence.commit(document('failed')).ok);
        t.match(readFileSync(paths.checkpoint, 'utf8'), /^checkpoint failed/);
        t.equal(readAuditLog(readFileSync(paths.audit)).records, 1, 'what was noted is there');
      });
    }
  },
);

t.test('the foreign checkpoint is kept under its own digest', async (t) => {
  const { paths, evidence, names } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  writeFileSync(paths.checkpoint, 'forged');
  t.notOk(evidence.commit(document('done')).ok);
  const name = `orchestrator_checkpoint.foreign-${sha256(Buffer.from('forged')).slice(0, 8)}.json`;
  t.ok(names().includes(name));
  t.equal(readFileSync(join(paths.outDir, name), 'utf8'), 'forged');
});

t.test('a checkpoint in the place of a fresh run is foreign', async (t) => {
  const { paths, evidence } = open(t);
  writeFileSync(paths.checkpoint, 'planted');
  t.match(evidence.commit(document('one')), { failure: { reason: 'checkpoint_tampered' } });
});

t.test('a run that is taken up believes what it was given, and nothing else', async (t) => {
  const first = open(t);
  t.ok(first.evidence.commit(document('one')).ok);
  const second = open(t, { outDir: first.paths.outDir });
  t.ok(second.evidence.commit(document('two')).ok);
  t.match(
    first.evidence.commit(document('three')),
    { failure: { reason: 'checkpoint_tampered' } },
    'a stale process',
  );
});

t.test('reopening replaces the checkpoint alone', async (t) => {
  const { paths, evidence } = open(t);
  evidence.audit('stage-entered', {});
  t.ok(evidence.commit(document('done')).ok);
  const before = [paths.report, paths.audit].map((file) => readFileSync(file, 'utf8'));
  evidence.audit('run-ended', {});
  t.ok(evidence.reopen('not done\n').ok);
  t.equal(readFileSync(paths.checkpoint, 'utf8'), 'not done\n');
  t.strictSame(
    [paths.report, paths.audit].map((file) => readFileSync(file, 'utf8')),
    before,
  );
  t.ok(evidence.commit(document('blocked')).ok);
});

t.test('a report that somebody changed is written again, and the audit log says so', async (t) => {
  const { paths, evidence } = open(t);
  t.ok(evidence.commit(document('one')).ok);
  writeFileSync(paths.report, '{"terminal_state":"done"}');
  t.ok(evidence.commit(document('two')).ok);
  t.match(readFileSync(paths.report, 'utf8'), /^report two/);
  t.match(readFileSync(paths.audit, 'utf8'), '"kind":"report-replaced"');
});

t.test('an audit log that somebody changed stops the run, is kept, and is put back', async (t) => {
  const { paths, evidence, names } = open(t);
  evidence.audit('stage-entered', {});
  t.ok(evidence.commit(document('good')).ok);
  const checkpoint = readFileSync(paths.checkpoint);
  writeFileSync(paths.audit, 'nothing happened\n');
  evidence.audit('run-ended', {});
  t.match(evidence.commit(document('done')), { failure: { reason: 'evidence_tampered' } });
  t.ok(readFileSync(paths.checkpoint).equals(checkpoint));
  const foreign = names().find((name) => name.startsWith('audit.jsonl.foreign-')) ?? '';
  t.equal(readFileSync(join(paths.outDir, foreign), 'utf8'), 'nothing happened\n');
  t.ok(evidence.commit(document('failed')).ok);
  t.match(readAuditLog(readFileSync(paths.audit)), { records: 2, problem: null });
});

t.test(
  'a foreign audit log in the place of a fresh one does not keep the failure from being recorded',
  async (t) => {
    const { paths, evidence } = open(t);
    writeFileSync(paths.audit, 'planted\n');
    evidence.audit('stage-entered', {});
    t.match(evidence.commit(document('one')), { failure: { reason: 'evidence_tampered' } });
    t.ok(evidence.commit(document('failed')).ok);
    t.match(readAuditLog(readFileSync(paths.audit)), { records: 1, problem: null });
  },
);

t.test('a link in the place of the report is refused and the checkpoint stays as it was', async (t) => {
  const { paths, evidence } = open(t);
  t.ok(evidence.commit(document('good')).ok);
  const good = readFileSync(paths.checkpoint);
  rmSync(paths.report);
  symlinkSync('/dev/null', paths.report);
  t.match(evidence.commit(document('done')), { failure: { reason: 'evidence_unwritable' } });
  t.ok(readFileSync(paths.checkpoint).equals(good));
});

t.test(
  'when the checkpoint cannot be written, the report does not tell what was not committed',
  { skip: NO_SMALL_DISK },
  async (t) => {
    const disk = smallDisk(t, 256);
    const { paths, evidence } = open(t, { checkpoint: join(disk, 'ck.json') });
    t.ok(evidence.commit(document('running')).ok);
    const before = readFileSync(paths.report);
    const good = readFileSync(paths.checkpoint);
    let makeRoom = (): void => undefined;
    const refused = evidence.commit({
      report: document('done').report,
      checkpoint: (links) => {
        makeRoom = fillDisk(disk, 0);
        return document('done').checkpoint(links);
      },
    });
    t.match(refused, { failure: { reason: 'evidence_unwritable', message: /ENOSPC/ } });
    t.ok(readFileSync(paths.report).equals(before));
    t.ok(readFileSync(paths.checkpoint).equals(good));
    makeRoom();
    t.ok(evidence.commit(document('failed')).ok, 'and the failure can be committed once there is room');
  },
);

t.test(
  'a change of the checkpoint, or the loss of the lock, while the report is written stops the commit',
  async (t) => {
    const between = (what: () => void): CommitRequest => ({
      report: document('done').report,
      checkpoint: (links) => {
        what();
        return document('done').checkpoint(links);
      },
    });
    const { paths, evidence, fence } = open(t);
    t.ok(evidence.commit(document('good')).ok);
    const report = readFileSync(paths.report);
    const forge = between(() => writeFileSync(paths.checkpoint, 'forged'));
    t.match(evidence.commit(forge), { failure: { reason: 'checkpoint_tampered' } });
    t.ok(readFileSync(paths.report).equals(report), 'the report is put back');
    t.ok(evidence.commit(document('failed')).ok);
    const failed = readFileSync(paths.checkpoint);
    const lose = between(() => {
      fence.lost = true;
    });
    t.match(evidence.commit(lose), { failure: { reason: 'lock_lost' } });
    t.ok(readFileSync(paths.checkpoint).equals(failed));
  },
);

t.test(
  'on a disk that is full at any point, a commit is whole or has not been',
  { skip: NO_SMALL_DISK },
  async (t) => {
    for (const free of [0, 4, 8, 12, 16, 40, 80, 120]) {
      const disk = smallDisk(t, 1024);
      const { paths, evidence } = open(t, { outDir: disk });
      t.ok(evidence.commit(document('good')).ok);
      const good = readFileSync(paths.checkpoint);
      const makeRoom = fillDisk(disk, free * 1024);
      evidence.audit('gates-read', { text: 'x'.repeat(10_000) });
      const large = `done ${'x'.repeat(30_000)}`;
      const committed = evidence.commit(document(large));
      const after = readFileSync(paths.checkpoint);
      t.equal(after.equals(good), !committed.ok, `${free} KiB: checkpoint`);
      if (!committed.ok) {
        t.equal(committed.failure.reason, 'evidence_unwritable');
        const report = existsSync(paths.report) ? readFileSync(paths.report, 'utf8') : '';
        t.notMatch(report, /done/, `${free} KiB: report`);
      }
      makeRoom();
      t.ok(evidence.commit(document('failed')).ok, `${free} KiB: goes on`);
      t.equal(readAuditLog(readFileSync(paths.audit)).problem, null);
      t.notOk(readdirSync(disk).some((name) => name.endsWith('.tmp')));
    }
  },
);

t.test(
  'checkpoint.json: a copy becomes a link again, another file is kept, a wrong link is mended',
  async (t) => {
    const cases: Readonly<Record<string, (link: string, checkpoint: string) => void>> = {
      copy: (link, checkpoint) => writeFileSync(link, readFileSync(checkpoint)),
      other: (link) => writeFileSync(link, 'mine'),
      wrong: (link) => symlinkSync('/etc/passwd', link),
      folder: (link) => mkdirSync(link),
    };
    for (const [name, place] of Object.entries(cases)) {
      await t.test(name, async (t) => {
        const first = open(t);
        t.ok(first.evidence.commit(document('one')).ok);
        const link = first.paths.link ?? '';
        unlinkSync(link);
        place(link, first.paths.checkpoint);
        const second = open(t, { outDir: first.paths.outDir });
        t.ok(second.evidence.commit(document('two')).ok);
        t.equal(readlinkSync(link), 'orchestrator_checkpoint.json');
        const kept = second.names().filter((one) => one.startsWith('checkpoint.foreign-'));
        t.equal(kept.length, name === 'other' || name === 'folder' ? 1 : 0);
        if (name === 'other') t.equal(readFileSync(join(first.paths.outDir, kept[0] ?? ''), 'utf8'), 'mine');
      });
    }
  },
);

t.test('a checkpoint outside out_dir has no link that could not move with it', async (t) => {
  const folder = t.testdir({ out: {}, ck: {} });
  const { paths, evidence, names } = open(t, {
    outDir: join(folder, 'out'),
    checkpoint: join(folder, 'ck/c.json'),
  });
  t.ok(evidence.commit(document('one')).ok);
  t.strictSame(names(), ['orchestrator_run_report.json']);
  chmodSync(paths.checkpoint, 0o644);
  writeFileSync(paths.checkpoint, 'forged');
  t.notOk(evidence.commit(document('two')).ok);
  t.match(readdirSync(join(folder, 'ck')).sort(), [/^c\.foreign-/, 'c.last-good.json']);
  t.throws(() => lstatSync(paths.checkpoint));
});
