import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import {
  type Examination,
  examineEvidence,
  type ReadEvidence,
} from '../../src/operations/examine-evidence.ts';
import { sealRecord } from '../../src/store/audit-chain.ts';
import { type SampleRun, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

const REPORT = 'orchestrator_run_report.json';
const CHECKPOINT = 'orchestrator_checkpoint.json';
const LIVE: SampleRun = { status: 'interrupted' };

type Damage = (outDir: string) => void;

async function examine(t: Test, sample: SampleRun, damage: Damage = () => {}): Promise<Examination> {
  const outDir = t.testdir();
  writeEvidence(outDir, sampleRun(sample));
  damage(outDir);
  return examineEvidence({ outDir, checkpointPath: null });
}

async function read(t: Test, sample: SampleRun, damage?: Damage): Promise<ReadEvidence> {
  const examined = await examine(t, sample, damage);
  if (examined.kind !== 'read') throw new Error(`the checkpoint is ${examined.kind}`);
  return examined;
}

function subjects(evidence: ReadEvidence): readonly string[] {
  return evidence.findings.map((one) => one.subject);
}

t.test('evidence as a run leaves it has no findings', async (t) => {
  for (const status of ['done', 'blocked', 'failed', 'interrupted', 'working'] as const) {
    const evidence = await read(t, { status, ...(status === 'blocked' ? { gates: { ci: 'missing' } } : {}) });
    t.equal(evidence.report.state, 'matches', status);
    t.equal(evidence.audit.state, 'exact', status);
    t.strictSame(evidence.findings, [], status);
  }
});

t.test('where there is no checkpoint, there is nothing, whatever else is there', async (t) => {
  const examined = await examine(t, {}, (out) => rmSync(join(out, CHECKPOINT)));
  t.equal(examined.kind, 'nothing');
  t.equal(examined.kind === 'nothing' && examined.leftovers.length, 2);
  const empty = await examineEvidence({ outDir: join(t.testdirName, 'none'), checkpointPath: null });
  t.match(empty, { kind: 'nothing', leftovers: [] });
});

t.test('a checkpoint that is not whole is unreadable', async (t) => {
  const damages: readonly Damage[] = [
    (out) => truncateSync(join(out, CHECKPOINT), 0),
    (out) => truncateSync(join(out, CHECKPOINT), 100),
    (out) => appendFileSync(join(out, CHECKPOINT), ' '),
    (out) =>
      writeFileSync(
        join(out, CHECKPOINT),
        readFileSync(join(out, CHECKPOINT), 'utf8').replace('"done"', '"gone"'),
      ),
    (out) => {
      rmSync(join(out, CHECKPOINT));
      mkdirSync(join(out, CHECKPOINT));
    },
    (out) => {
      rmSync(join(out, CHECKPOINT));
      symlinkSync('/etc/hostname', join(out, CHECKPOINT));
    },
  ];
  for (const damage of damages) {
    const examined = await examine(t, {}, damage);
    t.match(examined, { kind: 'unreadable', failure: { reason: 'checkpoint_unreadable' } });
  }
});

t.test('a checkpoint elsewhere is read where it is', async (t) => {
  const outDir = t.testdir();
  writeEvidence(outDir, sampleRun());
  const checkpointPath = join(outDir, 'elsewhere.json');
  writeFileSync(checkpointPath, readFileSync(join(outDir, CHECKPOINT)));
  rmSync(join(outDir, CHECKPOINT));
  t.match(await examineEvidence({ outDir, checkpointPath }), { kind: 'read', findings: [] });
});

const REPORT_DAMAGE: Readonly<Record<string, Damage>> = {
  missing: (out) => rmSync(join(out, REPORT)),
  empty: (out) => truncateSync(join(out, REPORT), 0),
  changed: (out) => appendFileSync(join(out, REPORT), '\n'),
  'a link': (out) => {
    rmSync(join(out, REPORT));
    symlinkSync('/etc/hostname', join(out, REPORT));
  },
};

for (const [what, damage] of Object.entries(REPORT_DAMAGE)) {
  t.test(`a report that is ${what} is tampering under a committed done, and rebuilt before`, async (t) => {
    const done = await read(t, {}, damage);
    t.strictSame(subjects(done), ['report']);
    t.match(done.findings[0]?.failure, { reason: 'evidence_tampered', message: /^the run report: / });
    const live = await read(t, LIVE, damage);
    t.strictSame(live.findings, []);
    t.equal(live.report.state, what === 'missing' ? 'missing' : 'differs');
  });
}

function longer(out: string): void {
  const text = readFileSync(join(out, 'audit.jsonl'), 'utf8');
  const last = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  const sealed = sealRecord({ seq: last.seq, sha256: last.sha256 }, { time: 'x', kind: 'more', body: {} });
  appendFileSync(join(out, 'audit.jsonl'), sealed.line);
}

const AUDIT_DAMAGE: Readonly<Record<string, readonly [Damage, boolean]>> = {
  longer: [longer, true],
  'torn-tail': [(out) => appendFileSync(join(out, 'audit.jsonl'), '{"seq":4,"pr'), true],
  missing: [(out) => rmSync(join(out, 'audit.jsonl')), false],
  shorter: [
    (out) => truncateSync(join(out, 'audit.jsonl'), readFileSync(join(out, 'audit.jsonl')).indexOf(10) + 1),
    false,
  ],
  broken: [
    (out) => {
      const file = join(out, 'audit.jsonl');
      writeFileSync(file, readFileSync(file, 'utf8').replace('stage-entered', 'stage-Entered'));
    },
    false,
  ],
};

for (const [state, [damage, legal]] of Object.entries(AUDIT_DAMAGE)) {
  t.test(
    `an audit log that is ${state} is ${legal ? 'legal before done' : 'tampering'}, and tampering under done`,
    async (t) => {
      const live = await read(t, LIVE, damage);
      t.equal(live.audit.state, state);
      t.strictSame(subjects(live), legal ? [] : ['audit']);
      const done = await read(t, {}, damage);
      t.equal(done.audit.state, state);
      t.strictSame(subjects(done), ['audit']);
    },
  );
}

t.test('the log of another run is not this one, though its chain is whole', async (t) => {
  const other = t.testdir({ other: {} });
  writeEvidence(join(other, 'other'), sampleRun({ runId: 'another' }));
  const log = readFileSync(join(other, 'other', 'audit.jsonl'));
  const evidence = await read(t, LIVE, (out) => writeFileSync(join(out, 'audit.jsonl'), log));
  t.equal(evidence.audit.state, 'broken');
  t.strictSame(subjects(evidence), ['audit']);
});

t.test('a done that was written by hand is found out although every digest fits', async (t) => {
  const evidence = await read(t, { change: (one) => ({ ...one, stage_executions: [] }) });
  t.ok(evidence.findings.length > 0);
  t.ok(subjects(evidence).includes('closure'));
});
