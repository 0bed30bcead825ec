import type { Checkpoint } from '../../formats/checkpoint.ts';
import { configDigest } from '../../formats/config-digest.ts';
import { buildReport, type RunReport, serialiseJson } from '../../formats/report.ts';
import { sha256 } from '../../formats/sha256.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';

/** The report on disk against the digest that the checkpoint names. */
export interface ReportFound {
  readonly state: 'matches' | 'missing' | 'differs';
  /** In words. */
  readonly detail: string;
  /** What is on disk; null where there is nothing that can be read. */
  readonly bytes: Buffer | null;
}

/** Reads the report; what stands in its place and is no regular file differs. */
export function readReportState(path: string, expected: string, maxBytes: number): ReportFound {
  const found = readRegularFile(path, maxBytes);
  switch (found.kind) {
    case 'missing':
      return { state: 'missing', detail: 'it is missing', bytes: null };
    case 'empty':
      return { state: 'differs', detail: 'it is empty', bytes: Buffer.alloc(0) };
    case 'unreadable':
      return { state: 'differs', detail: `it cannot be read: ${found.problem}`, bytes: null };
    case 'bytes': {
      const digest = sha256(found.bytes);
      return digest === expected
        ? { state: 'matches', detail: `SHA-256 ${digest}`, bytes: found.bytes }
        : { state: 'differs', detail: `expected SHA-256 ${expected}, got ${digest}`, bytes: found.bytes };
    }
  }
}

/** A notice of a report on disk that is not the checkpoint's, which a crash can leave; null where there is none. */
export function reportNotice({ state }: ReportFound): string | null {
  return state === 'differs'
    ? 'the report on disk is not what the checkpoint names, and is not what is told here; --resume rebuilds it'
    : null;
}

/** The report that a checkpoint means, rebuilt from it: the checkpoint is the truth. */
export function reportOfCheckpoint(checkpoint: Checkpoint): {
  readonly report: RunReport;
  readonly text: string;
} {
  const report = buildReport(checkpoint.run, {
    version: checkpoint.version,
    configDigest: configDigest(checkpoint.run.config),
    auditHead: checkpoint.audit_head,
    stateKeyId: checkpoint.authentication?.key_id ?? null,
  });
  return { report, text: serialiseJson(report) };
}
