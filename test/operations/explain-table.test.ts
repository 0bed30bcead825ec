import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { docsPage } from '../../src/core/docs-page.ts';
import { FAILURE_REASONS, failure } from '../../src/core/failure.ts';
import { GATE_ORDER, GATE_STATUSES, PASS_STATUS, REASON_CODES } from '../../src/core/gates/gate.ts';
import { blocking, type GateDocument } from '../../src/core/gates/gate-document.ts';
import { ORCHESTRATE, stageNames } from '../../src/core/machine/pipeline.ts';
import { EXECUTION_STATUSES } from '../../src/core/records.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import { explain } from '../../src/operations/explain.ts';
import { parseLines } from '../fixtures/cli/parse-line.ts';
import { exitCode, recordedIo } from '../fixtures/documents/operation-io.ts';
import { type SampleRun, sampleExecution, sampleRun } from '../fixtures/documents/sample-run.ts';
import { writeEvidence } from '../fixtures/documents/write-evidence.ts';

/** One situation: the words that have to be said, and the entry to read. */
interface Row {
  readonly name: string;
  readonly sample: SampleRun;
  readonly says: readonly string[];
  readonly docs: string;
}

const WIDEST = 360;

async function explained(t: Test, { name, sample }: Row): Promise<readonly string[]> {
  const outDir = t.testdir();
  writeEvidence(outDir, sampleRun(sample));
  const io = recordedIo(outDir);
  t.equal(await exitCode(explain({ outDir, checkpointPath: null, json: false }, io), io), 0, name);
  return io.written().trimEnd().split('\n');
}

/** Holds each row to ten lines, its words, one command that the flag tables know, and its entry. */
async function hold(t: Test, rows: readonly Row[]): Promise<void> {
  const commands: string[] = [];
  for (const row of rows) {
    const lines = await explained(t, row);
    const text = lines.join('\n');
    t.ok(lines.length <= 10, `${row.name}: ${lines.length} lines`);
    t.ok(Math.max(...lines.map((line) => line.length)) <= WIDEST, `${row.name} is narrow enough\n${text}`);
    for (const word of row.says) t.ok(text.includes(word), `${row.name} says ${word}\n${text}`);
    const next = lines.filter((line) => line.startsWith('next: '));
    t.equal(next.length, 1, `${row.name} has one next command\n${text}`);
    t.match(lines[lines.findIndex((line) => line.startsWith('next: ')) + 1], /^ {6}\S/, 'and its condition');
    commands.push(next[0]?.slice('next: '.length) ?? '');
    t.match(text, `docs: docs/${row.docs}`, row.name);
    t.ok(existsSync(join(import.meta.dirname, '../../docs', row.docs.split('#')[0] ?? '')), row.docs);
  }
  for (const [index, parsed] of (await parseLines(commands)).entries()) {
    t.not(parsed.operation, null, `${rows[index]?.name}: ${commands[index]}: ${parsed.refusal}`);
  }
}

t.test('every failure reason is explained, in every state that can hold one', async (t) => {
  const states = ['failed', 'timeout', 'interrupted'] as const;
  const rows = FAILURE_REASONS.flatMap((reason) =>
    states.map((status) => {
      const why = failure(reason, `what went wrong ${'at length '.repeat(200)}`, { stage: 'execution' });
      return {
        ...{ name: `${status}, ${reason}`, sample: { status, failure: why } },
        ...{ says: [reason], docs: docsPage({ kind: 'failure', code: reason }) },
      };
    }),
  );
  await hold(t, rows);
});

t.test('a run that was killed is explained wherever it stopped', async (t) => {
  const stages = stageNames(ORCHESTRATE).map(
    (stage): Row => ({
      ...{ name: `killed in ${stage}`, sample: { status: 'working', stage }, docs: 'resume.md' },
      says: [`it stopped in ${stage}`, 'killed, or power lost'],
    }),
  );
  const before: Row = {
    ...{ name: 'killed at once', sample: { status: 'pending', stage: 'planning' }, docs: 'resume.md' },
    says: ['it stopped before the first stage'],
  };
  await hold(t, [before, ...stages]);
});

t.test('every reason code is explained', async (t) => {
  const gates: readonly Row[] = GATE_ORDER.flatMap((gate) =>
    GATE_STATUSES[gate]
      .filter((status) => status !== PASS_STATUS[gate])
      .map((status) => ({
        name: `${gate} is ${status}`,
        sample: { status: 'blocked' as const, gates: { [gate]: status } },
        says: [`gate ${gate} is closed: ${REASON_CODES[gate]}, ${status}, `, REASON_CODES[gate]],
        docs: docsPage({ kind: 'reason-code', code: REASON_CODES[gate] }),
      })),
  );
  const beside: readonly Row[] = (['worktree', 'git', 'delivery', 'simulated'] as const).map((name) => ({
    name,
    sample: { status: 'blocked', alsoBlockedBy: name },
    says: [REASON_CODES[name]],
    docs: docsPage({ kind: 'reason-code', code: REASON_CODES[name] }),
  }));
  const all = [...gates, ...beside];
  for (const code of Object.values(REASON_CODES))
    t.ok(
      all.some((row) => row.says.includes(code)),
      code,
    );
  await hold(t, all);
});

t.test('every status that stops a stage is explained; one that does not is not blamed', async (t) => {
  const harmless = ['success', 'skipped', 'not_configured'];
  const rows = EXECUTION_STATUSES.filter((status) => !harmless.includes(status)).map((status) => ({
    name: status,
    sample: { status: 'failed' as const, change: withExecution(status) },
    says: [`execution (executor), attempt 1: ${status}`],
    docs: `failures.md#stage_failed, docs/${docsPage({ kind: 'stage-status', code: status })}`,
  }));
  await hold(t, rows);
  for (const status of EXECUTION_STATUSES.filter((one) => harmless.includes(one))) {
    const row = { name: status, sample: { status: 'failed' as const, change: withExecution(status) } };
    const lines = await explained(t, { ...row, says: [], docs: '' });
    t.notMatch(lines.join('\n'), `: ${status}`, status);
  }
});

function withExecution(status: (typeof EXECUTION_STATUSES)[number]): (run: RunDocument) => RunDocument {
  return (run) => ({
    ...run,
    stage_executions: [sampleExecution(run.run_id, { status, error: 'e'.repeat(5000) })],
  });
}

const SOURCES = {
  policy: ['command:./policy', 'file:word.json', 'cedar:policy', 'opa:policy', 'conftest:policy', 'scope'],
  ci: ['command:./ci', 'file:word.json', 'github:acme/shop#7', 'gitlab:acme/shop!7'],
  review: ['command:./review', 'file:word.json', 'github:acme/shop#7', 'gitlab:acme/shop!7'],
} as const;

t.test(
  'a gate that a source has closed is explained by its first findings, whatever the source',
  async (t) => {
    const rows = GATE_ORDER.flatMap((gate) =>
      SOURCES[gate].map((source) => ({
        name: `${gate} by ${source}`,
        sample: {
          status: 'blocked' as const,
          gates: { [gate]: 'missing' },
          change: withDocument(gate, source),
        },
        says: [
          REASON_CODES[gate],
          source,
          `${gate}, ${source}: check_missing thing-1: `,
          'more: orchestrator report',
        ],
        docs: docsPage({ kind: 'reason-code', code: REASON_CODES[gate] }),
      })),
    );
    await hold(t, rows);
  },
);

function withDocument(gate: GateDocument['gate'], source: string): (run: RunDocument) => RunDocument {
  const details = Array.from({ length: 300 }, (_, index) =>
    blocking('check_missing', `thing-${index + 1}`, 'seen '.repeat(200), 'what would help '.repeat(50)),
  );
  return (run) => ({
    ...run,
    gate_decisions: run.gate_decisions.map((one) => {
      if (one.gate !== gate) return one;
      const subject = { head_sha: null, base_sha: null, tree_digest: null, run_id: run.run_id };
      const about = { gate, status: one.status, passed: false, source, subject };
      const read = { not_evaluated: [], evaluated_at_unix_secs: 1, inputs_digest: null };
      return { ...one, source, documents: [{ ...about, details, ...read }] };
    }),
  });
}

t.test('everything that can block at once still fits, and the command is there', async (t) => {
  const all = { policy: 'deny', ci: 'failure', review: 'missing' };
  const change = (run: RunDocument): RunDocument => ({
    ...withDocument('ci', 'github:acme/shop#7')(run),
    worktree_changes: Array.from({ length: 50 }, (_, index) => `changed src/a-long-name-${index}.ts`),
  });
  await hold(t, [
    {
      ...{ name: 'all', sample: { status: 'blocked', gates: all, alsoBlockedBy: 'worktree', change } },
      says: [...GATE_ORDER.map((gate) => REASON_CODES[gate]), 'and 45 more', '--rerun-from validation'],
      docs: docsPage({ kind: 'reason-code', code: REASON_CODES.policy }),
    },
  ]);
});
