import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import type { Failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { readAuditLog } from '../../store/audit-chain.ts';
import { fsyncFile } from '../../store/durable-write.ts';
import { unwritable } from '../../store/io-failure.ts';
import type { EvidencePaths } from '../../store/layout.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';
import { MAX_DOCUMENT_BYTES } from '../examine-evidence.ts';

/** The audit log that a resume goes on with. */
export interface AuditTail {
  readonly bytes: Buffer;
  /** Bytes of a record that a crash had cut off; they were removed. */
  readonly removed: number;
}

/** Cuts off a torn last record, under the lock; what examination has refused never gets here. */
export function takeUpAuditLog(paths: EvidencePaths): Result<AuditTail, Failure> {
  const found = readRegularFile(paths.audit, MAX_DOCUMENT_BYTES);
  const bytes = found.kind === 'bytes' ? found.bytes : Buffer.alloc(0);
  const { goodBytes, tornTail } = readAuditLog(bytes);
  if (!tornTail) return ok({ bytes, removed: 0 });
  try {
    cutOff(paths.audit, goodBytes);
    return ok({ bytes: bytes.subarray(0, goodBytes), removed: bytes.length - goodBytes });
  } catch (error) {
    return fail(unwritable(paths.audit, error, 'truncate'));
  }
}

function cutOff(file: string, bytes: number): void {
  const descriptor = openSync(file, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    ftruncateSync(descriptor, bytes);
    fsyncFile(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
