import { fail, ok, type Result } from '../core/result.ts';
import { parseBase64 } from './base64.ts';
import type { SigningKey, VerifyingKey } from './signing-key.ts';
import { parseStrictJson } from './strict-json.ts';

/** An in-toto statement, in a DSSE envelope. */
export const IN_TOTO_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A larger envelope is not looked at: ours are a few thousand bytes. */
export const MAX_ENVELOPE_BYTES = 4 * 1024 * 1024;

/** More signatures than anybody collects; each one that is looked at costs a verification per key. */
export const MAX_SIGNATURES = 32;

/** A Dead Simple Signing Envelope (DSSE 1.0), decoded and not yet believed. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** A hint for who looks for the key; it is not signed, so nothing is decided by it. */
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** What is signed, DSSE's "pre-authentication encoding": type and body, each with its length in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/** Signs the bytes as they are; the envelope is one line without an end. */
export function sealEnvelope(payloadType: string, payload: Buffer, keys: readonly SigningKey[]): string {
  const signed = preAuthEncoding(payloadType, payload);
  return JSON.stringify({
    payloadType,
    payload: payload.toString('base64'),
    signatures: keys.map((key) => ({ keyid: key.keyId, sig: key.sign(signed).toString('base64') })),
  });
}

/**
 * Reads an envelope, or says in words what it is not. Fields that are not known are passed over, as the
 * specification asks; a key that stands twice is refused, because two readers could see two envelopes.
 */
export function parseEnvelope(bytes: Uint8Array): Result<Envelope, string> {
  if (bytes.length > MAX_ENVELOPE_BYTES) return fail(`expected at most ${MAX_ENVELOPE_BYTES} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(`expected a DSSE envelope: the JSON ${json.failure.problem}`);
  const { payloadType, payload, signatures } = fieldsOf(json.value);
  if (typeof payloadType !== 'string' || payloadType === '') return fail('expected a payloadType');
  const body = typeof payload === 'string' ? parseBase64(payload) : null;
  if (body === null) return fail('expected a payload in base64');
  if (!Array.isArray(signatures) || signatures.length === 0) return fail('expected signatures, got none');
  if (signatures.length > MAX_SIGNATURES) return fail(`expected at most ${MAX_SIGNATURES} signatures`);
  const read = signatures.map(readSignature);
  const whole = read.flatMap((one) => one ?? []);
  if (whole.length < read.length) return fail('expected each signature with a sig in base64');
  return ok({ payloadType, payload: body, signatures: whole });
}

function readSignature(value: unknown): EnvelopeSignature | null {
  const { keyid, sig } = fieldsOf(value);
  const bytes = typeof sig === 'string' ? parseBase64(sig) : null;
  if (bytes === null || bytes.length === 0) return null;
  // Unset and empty are the same (DSSE, "Parsing rules").
  if (keyid === undefined || keyid === null) return { keyId: '', bytes };
  return typeof keyid === 'string' ? { keyId: keyid, bytes } : null;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : {};
}

/**
 * Ids of the trusted keys that have signed, each once however often it has signed. Every key is tried on every
 * signature: `keyid` is only a hint.
 */
export function signersOf(envelope: Envelope, trusted: readonly VerifyingKey[]): readonly string[] {
  const signed = preAuthEncoding(envelope.payloadType, envelope.payload);
  const signers = trusted.filter((key) =>
    envelope.signatures.some(({ bytes }) => key.verifies(signed, bytes)),
  );
  return [...new Set(signers.map((key) => key.keyId))];
}
