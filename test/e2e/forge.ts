/**
 * A forger who knows everything but the state key: rewrites a run's evidence as a whole, every digest made anew.
 * Written from the published formats, without the product's code.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = Record<string, unknown>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const FILES = {
  checkpoint: 'orchestrator_checkpoint.json',
  report: 'orchestrator_run_report.json',
  audit: 'audit.jsonl',
} as const;

/** What is written instead of what is there. */
export interface Forgery {
  readonly run?: (run: Json) => Json;
  readonly report?: (report: Json) => Json;
  readonly records?: (records: readonly Json[]) => readonly Json[];
  /** The checkpoint's envelope, `authentication` in it. */
  readonly envelope?: (envelope: Json) => Json;
}

const same = <Value>(value: Value): Value => value;

/** Rewrites the evidence in an out_dir. */
export function forge(outDir: string, forgery: Forgery): void {
  const read = (name: string): string => readFileSync(join(outDir, name), 'utf8');
  const records = read(FILES.audit)
    .split('\n')
    .slice(0, -1)
    .map((line): Json => JSON.parse(line));
  const { text, head } = chain((forgery.records ?? same)(records));
  writeFileSync(join(outDir, FILES.audit), text);
  const report: Json = JSON.parse(read(FILES.report));
  const reported = pretty((forgery.report ?? same)({ ...report, audit_head: head }));
  writeFileSync(join(outDir, FILES.report), reported);
  const { digest: _digest, ...checkpoint } = JSON.parse(read(FILES.checkpoint));
  const run: Json = (forgery.run ?? same)(checkpoint.run);
  const body = (forgery.envelope ?? same)({
    ...checkpoint,
    report_sha256: sha256(reported),
    audit_head: head,
    run,
  });
  writeFileSync(join(outDir, FILES.checkpoint), pretty({ ...body, digest: sha256(pretty(body)) }));
}

function chain(records: readonly Json[]) {
  let prev = '0'.repeat(64);
  const lines = records.map(({ seq: _seq, prev: _prev, sha256: _sha256, ...rest }, index) => {
    const plain = JSON.stringify({ seq: index + 1, prev, ...rest });
    prev = sha256(`${prev}\n${plain}`);
    return `${plain.slice(0, -1)},"sha256":"${prev}"}\n`;
  });
  return { text: lines.join(''), head: { seq: records.length, sha256: prev } };
}

const STAGES = ['planning', 'policy_ingestion', 'execution', 'validation', 'closure'];
const PASS = [
  ['policy', 'allow'],
  ['ci', 'success'],
  ['review', 'approved'],
] as const;
const DECISIONS = PASS.map(([gate, status]) => ({
  gate,
  status,
  passed: true,
  reason_code: null,
  source: 'operator',
  asserted_at_unix_secs: 1_700_000_000,
  carried_over: false,
  details: [],
  documents: [],
}));

/** Makes a run that is blocked at its gates one that is done, in all of its documents. */
export function blockedToDone(envelope: (envelope: Json) => Json = same): Forgery {
  const closed = { gate_decisions: DECISIONS, blocked_reason_codes: [] };
  const invocations = (all: unknown) =>
    Array.isArray(all) ? all.map((one) => ({ ...one, ended_by: 'done' })) : all;
  return {
    run: (run) => {
      const state: Json = Object(run.state);
      const progress = { ...Object(state.progress), completed: STAGES };
      return {
        ...run,
        ...closed,
        state: { status: 'done', progress, decisions: DECISIONS },
        invocations: invocations(run.invocations),
      };
    },
    report: (report) => ({
      ...report,
      ...closed,
      terminal_state: 'done',
      invocations: invocations(report.invocations),
    }),
    records: (all) =>
      all.map((one) => (one.kind === 'run-ended' ? { ...one, ...closed, state: 'done' } : one)),
    envelope,
  };
}
