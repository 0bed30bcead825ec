import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import type { AuditHead } from '../core/records.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Mac } from '../formats/state-key.ts';
import { type AuditBody, GENESIS, readAuditLog, sealRecord } from './audit-chain.ts';
import { fsyncFolder, writeAll } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { unwritable } from './io-failure.ts';
import { readRegularFile } from './read-regular-file.ts';

/** The append-only log of one run. Records are kept back until `flush`, which a commit calls. */
export interface AuditLog {
  /** Adds a record; nothing is written yet. Its own keys (`seq`, `prev`, `time`, `kind`, `mac`, `sha256`) are taken. */
  readonly append: (kind: string, body: AuditBody) => void;
  /** The head with all that was appended, whether it has been flushed or not. */
  readonly head: () => AuditHead;
  /**
   * Appends what was kept back and makes it durable. `evidence_tampered` when the file is not as we left it, also
   * when there is nothing to append.
   */
  readonly flush: () => Result<void, Failure>;
  /** All that this log has on disk: what is put back when the file was tampered with. */
  readonly flushedBytes: () => Buffer;
}

export interface AuditLogOptions {
  readonly file: string;
  /** What is on disk already: verified, without a torn tail. Empty for a new log. */
  readonly existing: Buffer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Authenticates each record; null without a state key. */
  readonly mac: Mac | null;
}

const MODE = 0o644;

/** Takes up a log, or starts one. Touches nothing. */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const kept: Buffer[] = options.existing.length === 0 ? [] : [options.existing];
  let pending: string[] = [];
  let head = options.existing.length === 0 ? GENESIS : readAuditLog(options.existing).head;
  const flushedBytes = (): Buffer => Buffer.concat(kept);
  return {
    append: (kind, body) => {
      const time = new Date(options.clock()).toISOString();
      const sealed = sealRecord(head, { time, kind, body }, options.mac);
      pending.push(sealed.line);
      head = sealed.head;
    },
    head: () => head,
    flushedBytes,
    flush: () => {
      const expected = flushedBytes();
      const intact = checkAsLeft(options.file, expected);
      if (!intact.ok || pending.length === 0) return intact;
      const bytes = Buffer.from(pending.join(''));
      const written = appendDurably(options.file, bytes, expected.length);
      if (!written.ok) return written;
      kept.push(bytes);
      pending = [];
      return ok(undefined);
    },
  };
}

/** By content: the clock of a file's times is too coarse to show a change that follows closely on a write. */
function checkAsLeft(file: string, expected: Buffer): Result<void, Failure> {
  try {
    const there = lstatOrNull(file);
    if (there !== null && !there.isFile()) return fail(tampered(file, 'it is not a regular file'));
    if (there !== null && there.nlink !== 1) return fail(tampered(file, 'it has a second name'));
  } catch (error) {
    return fail(unwritable(file, error, 'look at'));
  }
  const found = readRegularFile(file, expected.length);
  if (found.kind === 'unreadable') return fail(tampered(file, found.problem));
  if (found.kind === 'missing')
    return expected.length === 0 ? ok(undefined) : fail(tampered(file, 'it is gone'));
  const actual = found.kind === 'bytes' ? found.bytes : Buffer.alloc(0);
  return actual.equals(expected) ? ok(undefined) : fail(tampered(file, 'its content is another'));
}

function tampered(file: string, what: string): Failure {
  return failure('evidence_tampered', `AUDIT_TAMPERED: expected ${file} as it was left: ${what}`, {
    remedy: 'find out which process writes there, then --resume',
  });
}

// No waiting, should a named pipe have taken the file's place.
const APPEND =
  constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Appends to a file of `before` bytes, or to one that is not there yet. */
function appendDurably(file: string, bytes: Buffer, before: number): Result<void, Failure> {
  let descriptor: number | null = null;
  try {
    // An empty file is what a crash right after its creation leaves.
    const isNew = lstatOrNull(file) === null;
    descriptor = openSync(file, isNew ? APPEND | constants.O_CREAT | constants.O_EXCL : APPEND, MODE);
    const opened = fstatSync(descriptor);
    if (!opened.isFile() || opened.size !== before) return fail(tampered(file, 'it was replaced just now'));
    try {
      writeAll(descriptor, bytes);
      fdatasyncSync(descriptor);
    } catch (error) {
      // Half a record would be in the way of every later one.
      ftruncateSync(descriptor, before);
      throw error;
    }
    if (isNew) fsyncFolder(dirname(file));
    return ok(undefined);
  } catch (error) {
    return fail(unwritable(file, error, 'append to'));
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
