import type * as z from 'zod';
import { fail, ok, type Result } from '../core/result.ts';
import { type Envelope, IN_TOTO_PAYLOAD_TYPE, parseEnvelope, sealEnvelope, signersOf } from './dsse.ts';
import type { RunReport } from './report.ts';
import { runStatementSchema, summaryStatementSchema } from './run-statement.schema.ts';
import { type RunStatement, runStatement } from './run-statement.ts';
import { sha256 } from './sha256.ts';
import type { SigningKey, VerifyingKey } from './signing-key.ts';
import { parseStatement, statementBytes } from './statement.ts';
import { type SummaryStatement, verificationSummary } from './verification-summary.ts';

/** All statements of a run, two lines for each time it ended; larger files are none of ours. */
export const MAX_CHAIN_BYTES = 64 * 1024 * 1024;

/** A statement of the run, and the summary that stands after it. */
export interface ChainEntry {
  readonly statement: RunStatement;
  /** SHA-256 of the statement, by which the next one names it. */
  readonly digest: string;
  readonly summary: SummaryStatement;
  /** Ids of the trusted keys that have signed both. */
  readonly signers: readonly string[];
}

/** Why a chain is none. */
export interface ChainProblem {
  /** `untrusted`: no trusted key has signed it; `broken`: whoever has signed it, it is not a chain of one run. */
  readonly kind: 'untrusted' | 'broken';
  /** In words. */
  readonly problem: string;
}

/**
 * Reads the statements of a run, one envelope on a line. Each signature is verified before anything of its payload is
 * looked at. A file as a whole is not signed, so the statements hold together themselves: one run, counted from 1,
 * each naming the digest of the one before (spec/gates.md section 5).
 */
export function readChain(
  bytes: Buffer,
  trusted: readonly VerifyingKey[],
): Result<readonly ChainEntry[], ChainProblem> {
  const text = bytes.toString('utf8');
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) return broken('the last line has no end');
  if (lines.length % 2 !== 0) return broken('expected a summary after each statement');
  const entries: ChainEntry[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const entry = readEntry(lines.slice(at, at + 2), trusted, entries);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok(entries);
}

function readEntry(
  lines: readonly string[],
  trusted: readonly VerifyingKey[],
  before: readonly ChainEntry[],
): Result<ChainEntry, ChainProblem> {
  const [first = '', second = ''] = lines;
  const name = `statement ${before.length + 1}`;
  const signed = openLine(first, trusted, { schema: runStatementSchema, name });
  if (!signed.ok) return signed;
  const summed = openLine(second, trusted, {
    schema: summaryStatementSchema,
    name: `the summary of ${name}`,
  });
  if (!summed.ok) return summed;
  const { value: statement, digest } = signed.value;
  const entry: ChainEntry = {
    statement,
    digest,
    summary: summed.value.value,
    signers: signed.value.signers.filter((one) => summed.value.signers.includes(one)),
  };
  const problem = linkProblem(entry, before);
  return problem === null ? ok(entry) : broken(`${name} ${problem}`);
}

interface Opened<Value> {
  readonly value: Value;
  readonly digest: string;
  readonly signers: readonly string[];
}

function openLine<Value>(
  line: string,
  trusted: readonly VerifyingKey[],
  what: { readonly schema: z.ZodType<Value>; readonly name: string },
): Result<Opened<Value>, ChainProblem> {
  const envelope = parseEnvelope(Buffer.from(line));
  if (!envelope.ok) return broken(`${what.name}: ${envelope.failure}`);
  const signers = signersOf(envelope.value, trusted);
  if (signers.length === 0) {
    return fail({ kind: 'untrusted', problem: `${what.name} is not signed by a trusted key` });
  }
  return openPayload(envelope.value, signers, what);
}

function openPayload<Value>(
  envelope: Envelope,
  signers: readonly string[],
  what: { readonly schema: z.ZodType<Value>; readonly name: string },
): Result<Opened<Value>, ChainProblem> {
  const statement = parseStatement(envelope);
  if (!statement.ok) return broken(`${what.name}: ${statement.failure}`);
  const fits = what.schema.safeParse(statement.value.value);
  if (fits.success) return ok({ value: fits.data, digest: sha256(envelope.payload), signers });
  const [issue] = fits.error.issues;
  return broken(`${what.name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}`);
}

function linkProblem(entry: ChainEntry, before: readonly ChainEntry[]): string | null {
  const { predicate } = entry.statement;
  const last = before.at(-1);
  if (last !== undefined && predicate.run_id !== last.statement.predicate.run_id) return 'is of another run';
  const expected = before.length + 1;
  if (predicate.sequence !== expected) return `has the number ${predicate.sequence}: one was taken out`;
  if (predicate.previous_statement !== (last?.digest ?? null)) return 'does not follow the one before it';
  const summary = verificationSummary(entry.statement, entry.digest, entry.summary.predicate.timeVerified);
  const same = statementBytes(summary).equals(statementBytes(entry.summary));
  return same ? null : 'is not what its summary sums up';
}

function broken(problem: string): Result<never, ChainProblem> {
  return fail({ kind: 'broken', problem });
}

/** What is stated of a report's file, and when. */
export interface ChainAddition {
  readonly report: RunReport;
  /** SHA-256 of the report's file. */
  readonly reportDigest: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The two lines that go after a chain: the statement of this report, and its summary. */
export function nextLines(
  chain: readonly ChainEntry[],
  addition: ChainAddition,
  key: SigningKey,
): { readonly sequence: number; readonly text: string } {
  const sequence = chain.length + 1;
  const link = { sequence, previous_statement: chain.at(-1)?.digest ?? null };
  const statement = runStatement(addition.report, addition.reportDigest, link);
  const payload = statementBytes(statement);
  const summary = statementBytes(verificationSummary(statement, sha256(payload), addition.at));
  const lines = [payload, summary].map((one) => sealEnvelope(IN_TOTO_PAYLOAD_TYPE, one, [key]));
  return { sequence, text: `${lines.join('\n')}\n` };
}
