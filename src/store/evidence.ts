import { unlinkSync } from 'node:fs';
import type { AuditKind } from '../core/audit-kinds.ts';
import type { Failure } from '../core/failure.ts';
import type { AuditHead } from '../core/records.ts';
import { fail, type Result } from '../core/result.ts';
import { sha256 } from '../formats/sha256.ts';
import type { AuditBody } from './audit-chain.ts';
import type { AuditLog } from './audit-log.ts';
import { ensureCheckpointLink } from './checkpoint-link.ts';
import { durableWrite, type RandomHex } from './durable-write.ts';
import { errnoOf } from './io-failure.ts';
import { keepForeignCheckpoint, restoreAuditLog } from './keep-foreign.ts';
import { type EvidencePaths, LAYOUT } from './layout.ts';
import { MAX_CHECKPOINT_BYTES, readRegularFile } from './read-regular-file.ts';
import { hasContent } from './same-content.ts';

/** What the checkpoint of a commit names. */
export interface CommitLinks {
  readonly report_sha256: string;
  readonly audit: AuditHead;
}

/** One commit: the report first, then the checkpoint that names its digest (spec section 5). */
export interface CommitRequest {
  readonly report: (auditHead: AuditHead) => string;
  readonly checkpoint: (links: CommitLinks) => string;
}

/** The evidence of one run, written by the one process that holds its lock. */
export interface Evidence {
  /** Adds an audit record; it reaches the disk with the next commit. */
  readonly audit: (kind: AuditKind, body: AuditBody) => void;
  /** Head of the audit log with all that was added. */
  readonly head: () => AuditHead;
  /** The last audit record that a commit has named: those after it are of nothing that counts. */
  readonly committedSeq: () => number;
  /**
   * Commits. `lock_lost`, `checkpoint_tampered`, `evidence_tampered` or `evidence_unwritable` otherwise; the last
   * good checkpoint is then intact, or, after tampering, kept under a name of its own, and one further commit can
   * record the failure.
   */
  readonly commit: (request: CommitRequest) => Result<void, Failure>;
  /** Replaces the checkpoint alone: how a committed `done` is left before anything else changes. */
  readonly reopen: (checkpoint: string) => Result<void, Failure>;
  /** Replaces a document that stands on the last commit, as long as the lock is ours and the commit is in its place. */
  readonly writeBeside: (file: string, bytes: Buffer) => Result<void, Failure>;
}

export interface EvidenceOptions {
  readonly paths: EvidencePaths;
  readonly log: AuditLog;
  /** The checkpoint that is believed to be on disk; null for a fresh run, whose place must be empty. */
  readonly believed: Buffer | null;
  readonly random: RandomHex;
  /**
   * Commits of this run so far, where each audit record is to say them: a record that is authenticated then shows
   * that an older checkpoint was put back. null without a state key.
   */
  readonly commits: number | null;
  /** The audit record that the believed checkpoint names; 0 where left out. */
  readonly committedSeq?: number;
  /** Whether the lock is still ours. */
  readonly fence: () => Result<void, Failure>;
}

/** Opens the evidence for writing; touches nothing yet. */
export function openEvidence(options: EvidenceOptions): Evidence {
  const { paths, log, random } = options;
  let { commits } = options;
  let committedSeq = options.committedSeq ?? 0;
  const audit = (kind: AuditKind, body: AuditBody): void =>
    log.append(kind, commits === null ? body : { ...body, commits });
  const committed = (written: Result<void, Failure>): Result<void, Failure> => {
    if (written.ok && commits !== null) commits += 1;
    return written;
  };
  const checkpoint = trackFile(paths.checkpoint, options.believed, random);
  const report = trackFile(paths.report, null, random);
  const guard = (): Result<void, Failure> => {
    const fenced = options.fence();
    if (!fenced.ok || checkpoint.isAsLeft()) return fenced;
    const tampered = keepForeignCheckpoint(paths, checkpoint.last(), random);
    checkpoint.forget();
    return fail(tampered);
  };
  const flush = (): Result<void, Failure> => {
    if (report.last() !== null && !report.isAsLeft()) audit('report-replaced', { path: LAYOUT.report });
    const flushed = log.flush();
    if (!flushed.ok && flushed.failure.reason === 'evidence_tampered') restoreAuditLog(paths, log, random);
    return flushed;
  };
  return {
    audit,
    head: log.head,
    committedSeq: () => committedSeq,
    reopen: (text) => {
      const guarded = guard();
      return guarded.ok ? committed(checkpoint.replace(text)) : guarded;
    },
    writeBeside: (file, bytes) => {
      const guarded = guard();
      return guarded.ok ? durableWrite(file, bytes, { random }) : guarded;
    },
    commit: (request) => {
      const guarded = guard();
      if (!guarded.ok) return guarded;
      const flushed = flush();
      if (!flushed.ok) return flushed;
      const head = log.head();
      const text = request.report(head);
      const reported = report.replace(text);
      if (!reported.ok) return reported;
      // Before the checkpoint: after it, nothing may fail any more.
      ensureCheckpointLink(paths, checkpoint.last(), random);
      const next = request.checkpoint({ report_sha256: sha256(text), audit: head });
      // Once more: what came before has waited for the disk, and this is the moment that counts.
      const still = guard();
      const written = still.ok ? committed(checkpoint.replace(next)) : still;
      if (written.ok) committedSeq = head.seq;
      // Nothing more is ours to write; whoever holds the lock now rebuilds the report.
      if (!still.ok && still.failure.reason === 'lock_lost') return still;
      // A report must not tell what was not committed; without one, it is rebuilt from the checkpoint.
      if (!written.ok && !report.undo()) removeFile(paths.report);
      return written;
    },
  };
}

/** A document that only this process writes, with what it has last put there. */
interface TrackedFile {
  readonly last: () => Buffer | null;
  readonly isAsLeft: () => boolean;
  /** Nothing of ours is there any more. */
  readonly forget: () => void;
  readonly replace: (text: string) => Result<void, Failure>;
  /** Puts back what was there before the last `replace`; whether that could be done. */
  readonly undo: () => boolean;
}

function trackFile(file: string, believed: Buffer | null, random: RandomHex): TrackedFile {
  let last = believed;
  let before: Buffer | null = null;
  const onDisk = (): Buffer | null => {
    const found = readRegularFile(file, MAX_CHECKPOINT_BYTES);
    return found.kind === 'bytes' ? found.bytes : null;
  };
  const isContent = (content: Buffer | null): boolean =>
    content === null
      ? readRegularFile(file, MAX_CHECKPOINT_BYTES).kind === 'missing'
      : hasContent(file, content);
  const undo = (): boolean => {
    if (before === null) removeFile(file);
    else durableWrite(file, before, { random });
    // By what is there: on a disk that no longer syncs, the content can be back without that having been told.
    const restored = isContent(before);
    if (restored) last = before;
    return restored;
  };
  return {
    last: () => last,
    isAsLeft: () => isContent(last),
    forget: () => {
      last = null;
    },
    undo,
    replace: (text) => {
      const bytes = Buffer.from(text);
      before = last ?? onDisk();
      const written = durableWrite(file, bytes, { random });
      if (written.ok || isContent(bytes)) last = bytes;
      // Renamed but perhaps not durable: the commit has failed, so it must not be found there as if it had not.
      if (!written.ok && last === bytes) undo();
      return written;
    },
  };
}

function removeFile(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch (error) {
    errnoOf(error);
    return false;
  }
}
