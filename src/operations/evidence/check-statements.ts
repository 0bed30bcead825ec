import { attestedCommit } from '../../core/document/pinned-commit.ts';
import type { RunReport } from '../../formats/report.ts';
import type { RunStatement } from '../../formats/run-statement.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { VerifyingKey } from '../../formats/signing-key.ts';
import type { ChainEntry } from '../../formats/statement-chain.ts';
import { parseStrictJson } from '../../formats/strict-json.ts';
import { LAYOUT } from '../../store/layout.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';
import type { ReadEvidence } from '../examine-evidence.ts';
import { type Check, remark, requiredCheck } from './check.ts';
import { reportOfCheckpoint } from './report-state.ts';

/** Whose signature counts. */
export interface Trust {
  /** Empty where nobody asked for a signature. */
  readonly keys: readonly VerifyingKey[];
  /** How many different ones of them must have signed the last statement; at least 1. */
  readonly threshold: number;
}

const SIGNATURE = 'signature';
const CHAIN = 'statements';
const CONTENT = 'signed content';

/**
 * What was signed of a run against what is on disk: signatures by trusted keys, one chain of this run, and a last
 * statement that is of exactly this report, its commit and its artifacts.
 */
export async function checkStatements(evidence: ReadEvidence, trust: Trust): Promise<readonly Check[]> {
  const { MAX_CHAIN_BYTES, readChain } = await import('../../formats/statement-chain.ts');
  const found = readRegularFile(evidence.paths.statements, MAX_CHAIN_BYTES);
  if (trust.keys.length === 0) {
    if (found.kind === 'missing') return [];
    return [remark(SIGNATURE, 'not-checked', 'no key was given to check it with (--key)')];
  }
  if (found.kind === 'missing' || found.kind === 'empty')
    return [notSigned(`${LAYOUT.statements} is missing`)];
  if (found.kind === 'unreadable') return [requiredCheck(SIGNATURE, 'failed', found.problem)];
  const chain = readChain(found.bytes, trust.keys);
  if (!chain.ok) {
    const name = chain.failure.kind === 'untrusted' ? SIGNATURE : CHAIN;
    return [requiredCheck(name, 'failed', chain.failure.problem)];
  }
  const last = chain.value.at(-1);
  if (last === undefined) return [notSigned('there is no statement')];
  return [
    signatureCheck(last, chain.value.length, trust),
    chainCheck(last, evidence),
    await contentCheck(last.statement, evidence),
  ];
}

function notSigned(why: string): Check {
  return requiredCheck(SIGNATURE, 'failed', `not signed: ${why}`);
}

function signatureCheck(last: ChainEntry, count: number, trust: Trust): Check {
  const { length } = last.signers;
  const ids = last.signers.map((one) => one.slice(0, 16)).join(', ');
  if (length < trust.threshold) {
    const got = `by ${length} of the trusted keys (${ids}), expected ${trust.threshold}`;
    return requiredCheck(SIGNATURE, 'failed', `the last statement and its summary are signed ${got}`);
  }
  return requiredCheck(
    SIGNATURE,
    'ok',
    `statements: ${count}, the last by ${ids}; keys needed: ${trust.threshold}`,
  );
}

function chainCheck(last: ChainEntry, evidence: ReadEvidence): Check {
  const { run_id, sequence } = last.statement.predicate;
  if (run_id !== evidence.checkpoint.run.run_id) {
    return requiredCheck(CHAIN, 'failed', 'they are of another run');
  }
  return requiredCheck(CHAIN, 'ok', `of this run, 1 to ${sequence}, each naming the one before`);
}

async function contentCheck(statement: RunStatement, evidence: ReadEvidence): Promise<Check> {
  const report = await reportOnDisk(evidence);
  if (report === null) {
    return requiredCheck(CONTENT, 'failed', 'there is no report that belongs to the checkpoint');
  }
  const { runStatement } = await import('../../formats/run-statement.ts');
  const { sequence, previous_statement } = statement.predicate;
  const expected = runStatement(report.report, report.digest, { sequence, previous_statement });
  const [first] = statement.subject;
  if (JSON.stringify(first) !== JSON.stringify(expected.subject[0])) {
    const why = 'the last statement is of another report; --resume with --sign-key signs this one';
    return requiredCheck(CONTENT, 'failed', `not signed: ${why}`);
  }
  const differing = differences(statement, expected);
  if (differing.length > 0) {
    return requiredCheck(CONTENT, 'failed', `it differs from the report: ${differing.join(', ')}`);
  }
  const { terminal_state, closure_ready } = statement.predicate;
  const word = closure_ready ? 'closure-ready' : `not closure-ready (${terminal_state ?? 'not finished'})`;
  const head = attestedCommit(report.report);
  const commit = head === null ? 'no commit' : `commit ${head.slice(0, 12)}`;
  const about = `this report, ${commit}, ${report.report.artifacts.length} artifacts`;
  return requiredCheck(CONTENT, 'ok', `${about}; it says ${word}`);
}

/** Only a report that the checkpoint names, and that is the checkpoint's own, is what the other checks were of. */
async function reportOnDisk(
  evidence: ReadEvidence,
): Promise<{ readonly report: RunReport; readonly digest: string } | null> {
  const { state, bytes } = evidence.report;
  if (state !== 'matches' || bytes === null) return null;
  if (!Buffer.from(reportOfCheckpoint(evidence.checkpoint).text).equals(bytes)) return null;
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) return null;
  const { runReportSchema } = await import('../../formats/report.schema.ts');
  const fits = runReportSchema.safeParse(parsed.value);
  return fits.success ? { report: fits.data, digest: sha256(bytes) } : null;
}

/** Names of what a statement says otherwise than the report does. */
function differences(statement: RunStatement, expected: RunStatement): readonly string[] {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const said: Readonly<Record<string, unknown>> = { ...statement.predicate };
  const fields = Object.entries(expected.predicate);
  return [
    ...(same(statement.subject, expected.subject) ? [] : ['subject']),
    ...fields.flatMap(([name, value]) => (same(said[name], value) ? [] : [name])),
  ];
}
