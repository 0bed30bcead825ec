import type { AuditHead } from '../core/records.ts';
import type { RunDocument } from '../core/run-document.ts';
import { AUTHENTICATION_ALGORITHM, PRODUCT, serialiseJson } from './report.ts';
import type { StateKey } from './state-key.ts';

/** Version of the checkpoint's format. Unknown major: refuse to read; newer minor: refuse to write. */
export const CHECKPOINT_SCHEMA_VERSION = '1.0';

/** That a checkpoint was written with a state key: HMAC over the serialisation of everything before it. */
export interface Authentication {
  readonly algorithm: typeof AUTHENTICATION_ALGORITHM;
  readonly key_id: string;
  readonly mac: string;
}

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
  /** null in a run without a state key: then the digest shows accidents, and no forger. */
  readonly authentication: Authentication | null;
  readonly digest: string;
}

export type CheckpointEnvelope = Pick<
  Checkpoint,
  'version' | 'sequence' | 'generation' | 'report_sha256' | 'audit_head'
>;

/** What a checkpoint is sealed with. */
export interface CheckpointSeals {
  /** Hex digest of a text's UTF-8 bytes. */
  readonly sha256: (text: string) => string;
  readonly stateKey: StateKey | null;
}

/** Text of a checkpoint. */
export function serialiseCheckpoint(
  document: RunDocument,
  envelope: CheckpointEnvelope,
  seals: CheckpointSeals,
): string {
  const content: Omit<Checkpoint, 'authentication' | 'digest'> = {
    schema_version: CHECKPOINT_SCHEMA_VERSION,
    product: PRODUCT,
    version: envelope.version,
    sequence: envelope.sequence,
    generation: envelope.generation,
    report_sha256: envelope.report_sha256,
    audit_head: envelope.audit_head,
    run: document,
  };
  const text = serialiseJson(content);
  const body = withLastKey(text, 'authentication', authenticate(text, seals.stateKey));
  return withLastKey(body, 'digest', seals.sha256(body));
}

/** The part of a checkpoint's exact text that its MAC is over. */
export function authenticatedText(
  text: string,
  seals: Pick<Checkpoint, 'authentication' | 'digest'>,
): string {
  const after = member('authentication', seals.authentication) + member('digest', seals.digest) + END;
  return `${text.slice(0, -after.length)}${END}`;
}

function authenticate(text: string, key: StateKey | null): Authentication | null {
  if (key === null) return null;
  return { algorithm: AUTHENTICATION_ALGORITHM, key_id: key.id, mac: key.checkpoint.of(text) };
}

/** How every serialised document ends. */
const END = '\n}\n';

/** The same bytes as serialising the document once more with one more key, its last. */
function withLastKey(text: string, key: string, value: unknown): string {
  return `${text.slice(0, -END.length)}${member(key, value)}${END}`;
}

function member(key: string, value: unknown): string {
  return `,\n  "${key}": ${JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')}`;
}
