import type { AuditHead } from '../core/records.ts';
import type { RunDocument } from '../core/run-document.ts';
import { PRODUCT, serialiseJson } from './report.ts';

/** Version of the checkpoint's format. Unknown major: refuse to read; newer minor: refuse to write. */
export const CHECKPOINT_SCHEMA_VERSION = '1.0';

/**
 * `orchestrator_checkpoint.json`: the commit point. It names the report by digest and the audit log by its
 * head, and carries its own digest last: SHA-256 over the serialisation of everything before it.
 */
export interface Checkpoint {
  readonly schema_version: string;
  readonly product: string;
  readonly version: string;
  /** Number of commits of this run so far. */
  readonly sequence: number;
  /** Fencing token: the lock generation that wrote it. */
  readonly generation: number;
  readonly report_sha256: string;
  readonly audit_head: AuditHead;
  readonly run: RunDocument;
  readonly digest: string;
}

export type CheckpointEnvelope = Pick<
  Checkpoint,
  'version' | 'sequence' | 'generation' | 'report_sha256' | 'audit_head'
>;

/** Text of a checkpoint; `sha256` gives the hex digest of a text's UTF-8 bytes. */
export function serialiseCheckpoint(
  document: RunDocument,
  envelope: CheckpointEnvelope,
  sha256: (text: string) => string,
): string {
  const body: Omit<Checkpoint, 'digest'> = {
    schema_version: CHECKPOINT_SCHEMA_VERSION,
    product: PRODUCT,
    version: envelope.version,
    sequence: envelope.sequence,
    generation: envelope.generation,
    report_sha256: envelope.report_sha256,
    audit_head: envelope.audit_head,
    run: document,
  };
  return withDigest(serialiseJson(body), sha256);
}

/** The same bytes as serialising the body once more with `digest` as its last key. */
function withDigest(body: string, sha256: (text: string) => string): string {
  return `${body.slice(0, -'\n}\n'.length)},\n  "digest": "${sha256(body)}"\n}\n`;
}
