import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fail, ok, type Result } from '../core/result.ts';
import { sha256 } from './sha256.ts';

/** Larger files hold no Ed25519 key: one is below 200 bytes, with some text around it. */
export const MAX_KEY_FILE_BYTES = 16 * 1024;

/** How a key of each kind is made. */
export const MAKE_SIGNING_KEY = 'make one with: (umask 077; openssl genpkey -algorithm ed25519 -out FILE)';
export const MAKE_PUBLIC_KEY = 'its public half is made with: openssl pkey -in KEY.pem -pubout -out FILE';

/** An Ed25519 private key; its bytes cannot be read from it. */
export interface SigningKey {
  /** SHA-256 (hex) of the public key's SubjectPublicKeyInfo in DER. */
  readonly keyId: string;
  readonly sign: (bytes: Uint8Array) => Buffer;
  /** Texts that would show the key: to be masked wherever they turn up. */
  readonly spellings: readonly string[];
  readonly publicKey: VerifyingKey;
}

/** An Ed25519 public key. */
export interface VerifyingKey {
  /** As that of the `SigningKey` it belongs to. */
  readonly keyId: string;
  readonly verifies: (bytes: Uint8Array, signature: Uint8Array) => boolean;
}

/** Makes a signing key of a PEM file (PKCS#8), or says in words what was expected of it. */
export function parseSigningKey(content: Uint8Array): Result<SigningKey, string> {
  const expected = 'an Ed25519 private key in PEM (PKCS#8)';
  const block = onlyBlock(content, expected);
  if (!block.ok) return block;
  const { label, text } = block.value;
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^(?:Proc-Type|DEK-Info):/m.test(text);
  if (encrypted) return fail(`expected ${expected} without a passphrase, got an encrypted one`);
  if (label !== 'PRIVATE KEY') return fail(`expected ${expected}, got ${labelled(label)}`);
  const key = keyObject(() => createPrivateKey({ key: text, format: 'pem' }));
  if (key === null) return fail(`expected ${expected}, got one that cannot be read`);
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type !== 'ed25519') return fail(`expected ${expected}, got one of type ${type}`);
  const publicKey = verifyingKey(createPublicKey(key));
  return ok({
    keyId: publicKey.keyId,
    sign: (bytes) => sign(null, bytes, key),
    spellings: spellingsOf(key, text),
    publicKey,
  });
}

/** Makes a verifying key of a PEM file (SubjectPublicKeyInfo), or says in words what was expected of it. */
export function parseVerifyingKey(content: Uint8Array): Result<VerifyingKey, string> {
  const expected = 'an Ed25519 public key in PEM (SPKI)';
  const block = onlyBlock(content, expected);
  if (!block.ok) return block;
  const { label, text } = block.value;
  if (label !== 'PUBLIC KEY') return fail(`expected ${expected}, got ${labelled(label)}`);
  const key = keyObject(() => createPublicKey({ key: text, format: 'pem' }));
  if (key === null) return fail(`expected ${expected}, got one that cannot be read`);
  const type = key.asymmetricKeyType ?? 'unknown';
  return type === 'ed25519' ? ok(verifyingKey(key)) : fail(`expected ${expected}, got one of type ${type}`);
}

function verifyingKey(key: KeyObject): VerifyingKey {
  return {
    keyId: sha256(key.export({ type: 'spki', format: 'der' })),
    verifies: (bytes, signature) => signature.length === 64 && verify(null, bytes, key, signature),
  };
}

interface PemBlock {
  readonly label: string;
  readonly text: string;
}

/** Of several blocks another reader could take another one. */
function onlyBlock(content: Uint8Array, expected: string): Result<PemBlock, string> {
  if (content.length > MAX_KEY_FILE_BYTES) return fail(`expected ${expected}, got more than a key`);
  const text = Buffer.from(content).toString('latin1');
  const begins = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/g)];
  const label = begins[0]?.[1];
  if (label === undefined) return fail(`expected ${expected}, got no PEM`);
  if (begins.length > 1) return fail(`expected ${expected}, got ${begins.length} of them`);
  const end = `-----END ${label}-----`;
  const from = begins[0]?.index ?? 0;
  const to = text.indexOf(end, from);
  if (to === -1) return fail(`expected ${expected}, got one without an end`);
  return ok({ label, text: `${text.slice(from, to + end.length)}\n` });
}

function labelled(label: string): string {
  return `"${label}"`;
}

/** What cannot be decoded is thrown by the runtime, as whatever error its library has. */
function keyObject(make: () => KeyObject): KeyObject | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** The lines of its PEM, and the 32 secret bytes as they are usually written. */
function spellingsOf(key: KeyObject, pem: string): readonly string[] {
  const lines = pem.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=]{24,}$/.test(line));
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const der = key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const hex = secret.toString('hex');
  const base64 = secret.toString('base64').replaceAll('=', '');
  return [...new Set([...lines, der, hex, hex.toUpperCase(), base64, secret.toString('base64url')])];
}
