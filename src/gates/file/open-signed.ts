import type { GateCode } from '../../core/gates/gate-codes.ts';
import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Envelope, parseEnvelope, signersOf } from '../../formats/dsse.ts';
import type { VerifyingKey } from '../../formats/signing-key.ts';
import { parseStatement } from '../../formats/statement.ts';
import type { JsonValue } from '../../formats/strict-json.ts';

/** A file of a `file:` source as it was read. */
export interface SignedFile {
  /** As typed: `file:review.json`. */
  readonly source: string;
  /** null where it could not be read. */
  readonly bytes: Uint8Array | null;
  /** Why not, in words; null where there is no such file. */
  readonly problem: string | null;
}

/** A statement with the trusted keys that have signed it. */
export interface SignedStatement {
  readonly source: string;
  readonly signers: readonly string[];
  readonly predicateType: string;
  readonly value: JsonValue;
}

/** Reads a signed statement; nothing of its payload is looked at before a trusted key has signed it. */
export function openSigned(
  file: SignedFile,
  trusted: readonly VerifyingKey[],
): Result<SignedStatement, GateDetail> {
  const { source, bytes, problem } = file;
  const refuse = (code: GateCode, message: string, remedy: string | null = null) =>
    fail(blocking(code, source, message, remedy));
  if (bytes === null) {
    return problem === null
      ? refuse('approval_missing', 'there is no such file', 'write one with: orchestrator approve')
      : refuse('approval_unreadable', problem);
  }
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return refuse('envelope_malformed', envelope.failure);
  const signers = signersOf(envelope.value, trusted);
  if (signers.length === 0) {
    return names(envelope.value, trusted)
      ? refuse('signature_invalid', 'it names a trusted key, which has not signed what is in it')
      : refuse(
          'approval_untrusted_key',
          'no trusted key has signed it',
          'trust the key, or ask who is trusted',
        );
  }
  const statement = parseStatement(envelope.value);
  if (!statement.ok) return refuse('statement_malformed', statement.failure);
  return ok({ source, signers, ...statement.value });
}

/** Only to say it better: without a signature that verifies nothing counts. */
function names(envelope: Envelope, trusted: readonly VerifyingKey[]): boolean {
  return envelope.signatures.some((one) => trusted.some((key) => key.keyId === one.keyId));
}
