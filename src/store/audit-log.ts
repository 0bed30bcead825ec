import {
  type BigIntStats,
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import type { AuditHead } from '../core/records.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type AuditBody, GENESIS, readAuditLog, sealRecord } from './audit-chain.ts';
import { fsyncFolder, writeAll } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { errnoOf, unwritable } from './io-failure.ts';
import { readRegularFile } from './read-regular-file.ts';

/** The append-only log of one run. Records are kept back until `flush`, which a commit calls. */
export interface AuditLog {
  /** Adds a record; nothing is written yet. Its own keys (`seq`, `prev`, `time`, `kind`, `sha256`) are taken. */
  readonly append: (kind: string, body: AuditBody) => void;
  /** The head with all that was appended, whether it has been flushed or not. */
  readonly head: () => AuditHead;
  /** Appends what was kept back and makes it durable. `evidence_tampered` when the file is not as we left it. */
  readonly flush: () => Result<void, Failure>;
  /** All that this log has on disk: what is put back when the file was tampered with. */
  readonly flushedBytes: () => Buffer;
  /** Forgets what the file looked like, after it has been put back. */
  readonly restored: () => void;
}

export interface AuditLogOptions {
  readonly file: string;
  /** What is on disk already: verified, without a torn tail. Empty for a new log. */
  readonly existing: Buffer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const MODE = 0o644;

/** Takes up a log, or starts one. Touches nothing. */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const kept: Buffer[] = options.existing.length === 0 ? [] : [options.existing];
  let pending: string[] = [];
  let head = options.existing.length === 0 ? GENESIS : readAuditLog(options.existing).head;
  let left: string | null = null;
  const flushedBytes = (): Buffer => Buffer.concat(kept);
  return {
    append: (kind, body) => {
      const sealed = sealRecord(head, { time: new Date(options.clock()).toISOString(), kind, body });
      pending.push(sealed.line);
      head = sealed.head;
    },
    head: () => head,
    flushedBytes,
    restored: () => {
      left = null;
    },
    flush: () => {
      if (pending.length === 0) return ok(undefined);
      const bytes = Buffer.from(pending.join(''));
      const intact = checkAsLeft(options.file, left, flushedBytes);
      if (!intact.ok) return intact;
      const written = appendDurably(options.file, bytes);
      if (!written.ok) return written;
      left = written.value;
      kept.push(bytes);
      pending = [];
      return ok(undefined);
    },
  };
}

/** Cheap while nothing but us has touched the file (its change time shows it), by content otherwise. */
function checkAsLeft(file: string, left: string | null, expected: () => Buffer): Result<void, Failure> {
  const there = lstatOrNull(file);
  if (there !== null && !there.isFile()) return fail(tampered(file, 'it is not a regular file'));
  if (there !== null && there.nlink !== 1) return fail(tampered(file, 'it has a second name'));
  if (left !== null && left === fingerprintOf(file)) return ok(undefined);
  const bytes = expected();
  const found = readRegularFile(file, bytes.length);
  const actual = found.kind === 'bytes' ? found.bytes : Buffer.alloc(0);
  if (found.kind === 'unreadable') return fail(tampered(file, found.problem));
  if (found.kind === 'missing' ? bytes.length > 0 : !actual.equals(bytes)) {
    return fail(tampered(file, found.kind === 'missing' ? 'it is gone' : 'its content is another'));
  }
  return ok(undefined);
}

function tampered(file: string, what: string): Failure {
  return failure('evidence_tampered', `AUDIT_TAMPERED: expected ${file} as it was left: ${what}`, {
    remedy: 'find out which process writes there; only the orchestrator may',
  });
}

function fingerprintOf(file: string): string | null {
  const there = lstatBig(file);
  return there === null ? null : [there.ino, there.size, there.mtimeNs, there.ctimeNs].join(':');
}

function lstatBig(file: string): BigIntStats | null {
  try {
    return lstatSync(file, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    errnoOf(error);
    return null;
  }
}

/** Appends through one descriptor and answers with what the file looks like afterwards. */
function appendDurably(file: string, bytes: Buffer): Result<string | null, Failure> {
  let descriptor: number | null = null;
  try {
    // An empty file is what a crash right after its creation leaves.
    const isNew = lstatOrNull(file) === null;
    const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    descriptor = openSync(file, isNew ? flags | constants.O_CREAT | constants.O_EXCL : flags, MODE);
    const before = fstatSync(descriptor).size;
    try {
      writeAll(descriptor, bytes);
      fdatasyncSync(descriptor);
    } catch (error) {
      // Half a record would be in the way of every later one.
      ftruncateSync(descriptor, before);
      throw error;
    }
    if (isNew) fsyncFolder(dirname(file));
    return ok(fingerprintOf(file));
  } catch (error) {
    return fail(unwritable(file, error, 'append to'));
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
