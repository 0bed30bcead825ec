import { createHash } from 'node:crypto';
import type { AuditHead } from '../core/records.ts';
import type { Mac } from '../formats/state-key.ts';
import { type JsonValue, parseStrictJson } from '../formats/strict-json.ts';

/** What the first record follows. */
export const GENESIS: AuditHead = { seq: 0, sha256: '0'.repeat(64) };

/** `,"sha256":"<64 hex>"}`, how every record ends. */
const SEAL_LENGTH = 11 + 64 + 2;
/** `,"mac":"<64 hex>"}`, how a record that is authenticated ends before it is sealed. */
const MAC_LENGTH = 8 + 64 + 2;

const RESERVED = ['seq', 'prev', 'time', 'kind', 'mac', 'sha256'];

/** A record's own fields, beside those of the chain. */
export type AuditBody = Readonly<Record<string, unknown>>;

/**
 * One line of the log, with its newline. The rule: the record is serialised without `sha256`
 * (`{"seq":…,"prev":…,"time":…,"kind":…,…body}`, no spaces), and `sha256` is SHA-256 over
 * `prev + "\n" + that text`, put in as the last key. So it can be checked on the line's own text, by cutting
 * off the last 77 characters and adding `}`, without serialising anything again. Under a state key, `mac` is the
 * key before it: the MAC over `prev + "\n"` and the text without either. It holds a record in its place: `prev`
 * stands for all records before it, the first of which names the run.
 */
export function sealRecord(
  head: AuditHead,
  record: { readonly time: string; readonly kind: string; readonly body: AuditBody },
  mac: Mac | null = null,
): { readonly line: string; readonly head: AuditHead } {
  const clash = RESERVED.find((key) => key in record.body);
  if (clash !== undefined) throw new Error(`an audit record's body cannot have the key ${clash}`);
  const seq = head.seq + 1;
  const fields = { seq, prev: head.sha256, time: record.time, kind: record.kind, ...record.body };
  const plain = JSON.stringify(fields);
  const text = mac === null ? plain : `${plain.slice(0, -1)},"mac":"${mac.of(`${head.sha256}\n${plain}`)}"}`;
  const sha256 = sealOf(head.sha256, text);
  return { line: `${text.slice(0, -1)},"sha256":"${sha256}"}\n`, head: { seq, sha256 } };
}

function sealOf(prev: string, text: string): string {
  return createHash('sha256').update(`${prev}\n${text}`).digest('hex');
}

/** A good record, parsed. */
export interface AuditFact {
  readonly seq: number;
  readonly kind: string;
  readonly fields: { readonly [key: string]: JsonValue };
}

/** What a log says about itself. */
export interface AuditReading {
  /** Good records, from the first. */
  readonly records: number;
  /** The last good one. */
  readonly head: AuditHead;
  /** Length of the good part; a torn tail begins there. */
  readonly goodBytes: number;
  /** The last line has no end: a crash while appending, which is legal. */
  readonly tornTail: boolean;
  /** Why the log cannot be trusted, with the line, or null. */
  readonly problem: string | null;
  /** SHA-256 of each good record, in order: what `auditProblem` compares a head with. */
  readonly digests: readonly string[];
  /** Commits that were on disk when the last good record was made; null where it does not say. */
  readonly commits: number | null;
}

/**
 * Verifies the chain from the first record on, with a MAC each record's own as well; `onRecord` is told of every good
 * record, in order.
 */
export function readAuditLog(
  bytes: Buffer,
  mac: Mac | null = null,
  onRecord: (fact: AuditFact) => unknown = () => undefined,
): AuditReading {
  const digests: string[] = [];
  let head = GENESIS;
  let commits: number | null = null;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const read = { records: digests.length, head, goodBytes: start, digests, commits };
    if (end === -1) return { ...read, tornTail: start < bytes.length, problem: null };
    const next = verifyLine(bytes.subarray(start, end), head, mac);
    if (typeof next === 'string') {
      return { ...read, tornTail: false, problem: `line ${digests.length + 1} ${next}` };
    }
    digests.push(next.head.sha256);
    onRecord({ seq: next.head.seq, kind: String(next.fields.kind ?? ''), fields: next.fields });
    head = next.head;
    commits = next.commits;
    start = end + 1;
  }
}

interface GoodLine {
  readonly head: AuditHead;
  readonly fields: AuditFact['fields'];
  readonly commits: number | null;
}

function verifyLine(line: Buffer, head: AuditHead, mac: Mac | null): GoodLine | string {
  const parsed = parseStrictJson(line);
  if (!parsed.ok) return parsed.failure.problem;
  const record = fieldsOf(parsed.value);
  const text = line.toString('utf8');
  const { sha256, commits } = record;
  if (record.seq !== head.seq + 1) return `is not record ${head.seq + 1}`;
  if (record.prev !== head.sha256) return 'does not follow the one before it';
  if (typeof sha256 !== 'string' || !text.endsWith(`,"sha256":"${sha256}"}`)) return 'has no seal at its end';
  const sealed = `${text.slice(0, -SEAL_LENGTH)}}`;
  if (sealOf(head.sha256, sealed) !== sha256) return 'is not what was sealed';
  if (mac !== null) {
    const problem = macProblem(sealed, record.mac, { head, mac });
    if (problem !== null) return problem;
  }
  return {
    head: { seq: head.seq + 1, sha256 },
    fields: record,
    commits: typeof commits === 'number' ? commits : null,
  };
}

function macProblem(
  sealed: string,
  claimed: JsonValue | undefined,
  { head, mac }: { readonly head: AuditHead; readonly mac: Mac },
): string | null {
  if (typeof claimed !== 'string' || !sealed.endsWith(`,"mac":"${claimed}"}`)) return 'has no MAC';
  const plain = `${sealed.slice(0, -MAC_LENGTH)}}`;
  return mac.verifies(`${head.sha256}\n${plain}`, claimed) ? null : 'has a MAC of another key';
}

function fieldsOf(value: JsonValue): AuditFact['fields'] {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Why a log does not belong to a checkpoint that names `head`, or null. A longer log is legal (records are
 * appended before the checkpoint that names them is written); a shorter or another one is not.
 */
export function auditProblem(reading: AuditReading, head: AuditHead): string | null {
  if (reading.records < head.seq) {
    const why = reading.problem === null ? '' : `: ${reading.problem}`;
    return `expected at least ${head.seq} records, got ${reading.records}${why}`;
  }
  const named = head.seq === 0 ? GENESIS.sha256 : reading.digests[head.seq - 1];
  if (named !== head.sha256) return `record ${head.seq} is not the one that the checkpoint names`;
  return reading.problem;
}
