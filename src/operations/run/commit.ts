import type { Failure } from '../../core/failure.ts';
import type { AuditHead } from '../../core/records.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { serialiseCheckpoint } from '../../formats/checkpoint.ts';
import { configDigest } from '../../formats/config-digest.ts';
import { buildReport, serialiseJson } from '../../formats/report.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { StateKey } from '../../formats/state-key.ts';
import type { Evidence } from '../../store/evidence.ts';

/** A run that was done and is taken up again: what leaves `done` before anything else changes. */
export interface Reopening {
  readonly document: RunDocument;
  /** The report and audit log as they still are on disk. */
  readonly report_sha256: string;
  readonly audit_head: AuditHead;
}

export interface CommitterOptions {
  readonly evidence: Evidence;
  readonly version: string;
  /** Fencing token of this invocation. */
  readonly generation: number;
  /** Commits of this run so far. */
  readonly sequence: number;
  readonly reopening: Reopening | null;
  readonly stateKey: StateKey | null;
}

export type Commit = (document: RunDocument) => Result<void, Failure>;

/**
 * Commits documents: report first, checkpoint second. Under a committed `done` any mismatch means tampering,
 * so leaving it is one atomic change of its own: the checkpoint alone, naming report and audit as they are.
 */
export function createCommit(options: CommitterOptions): Commit {
  const { evidence, version, generation, stateKey } = options;
  let { sequence, reopening } = options;
  return (document) => {
    if (reopening !== null) {
      const left = evidence.reopen(
        serialiseCheckpoint(
          reopening.document,
          {
            version,
            sequence: sequence + 1,
            generation,
            report_sha256: reopening.report_sha256,
            audit_head: reopening.audit_head,
          },
          { sha256, stateKey },
        ),
      );
      if (!left.ok) return left;
      sequence += 1;
      reopening = null;
    }
    const committed = commitDocument(document, { ...options, sequence: sequence + 1 });
    if (!committed.ok) return committed;
    sequence += 1;
    return ok(undefined);
  };
}

function commitDocument(
  document: RunDocument,
  envelope: Omit<CommitterOptions, 'reopening'>,
): Result<void, Failure> {
  const { evidence, version, generation, sequence, stateKey } = envelope;
  const stateKeyId = stateKey?.id ?? null;
  return evidence.commit({
    report: (auditHead) => reportText(document, { version, auditHead, stateKeyId }),
    checkpoint: (links) =>
      serialiseCheckpoint(
        document,
        {
          version,
          sequence,
          generation,
          report_sha256: links.report_sha256,
          audit_head: links.audit,
        },
        { sha256, stateKey },
      ),
  });
}

/** The report's text: the same document and envelope give the same bytes. */
export function reportText(
  document: RunDocument,
  envelope: { readonly version: string; readonly auditHead: AuditHead; readonly stateKeyId: string | null },
): string {
  return serialiseJson(buildReport(document, { ...envelope, configDigest: configDigest(document.config) }));
}
