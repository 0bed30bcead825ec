import { createHash, generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { parseSigningKey, parseVerifyingKey } from '../../src/formats/signing-key.ts';
import { newKey } from '../fixtures/signing-keys.ts';

const PKCS8 = { type: 'pkcs8', format: 'pem' } as const;

t.test('a key is named by the SHA-256 of its public half in DER', (t) => {
  const key = newKey();
  const der = key.pair.publicKey.export({ type: 'spki', format: 'der' });
  t.equal(key.signing.keyId, createHash('sha256').update(der).digest('hex'));
  t.equal(key.verifying.keyId, key.signing.keyId);
  t.end();
});

t.test('text around the key, and line ends of another system, do no harm', (t) => {
  const { privatePem, signing } = newKey();
  const read = parseSigningKey(Buffer.from(`a key\n${privatePem.replaceAll('\n', '\r\n')}end\n`));
  t.equal(read.ok && read.value.keyId, signing.keyId);
  t.end();
});

t.test('what is no private Ed25519 key is refused in words that show nothing of it', (t) => {
  const key = newKey();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const encrypted = key.pair.privateKey.export({ ...PKCS8, cipher: 'aes-256-cbc', passphrase: 'x' });
  const cases: readonly (readonly [string | Buffer, RegExp])[] = [
    [encrypted, /without a passphrase, got an encrypted one/],
    [rsa.export(PKCS8), /got one of type rsa/],
    [rsa.export({ type: 'pkcs1', format: 'pem' }), /got "RSA PRIVATE KEY"/],
    [ec.export(PKCS8), /got one of type ec/],
    [key.publicPem, /got "PUBLIC KEY"/],
    [key.privatePem + newKey().privatePem, /got 2 of them/],
    [key.privatePem.replace(/-----END.*/, ''), /without an end/],
    [key.privatePem.replace(/\n[A-Za-z0-9+/=]+\n/, '\nAAAA\n'), /cannot be read/],
    ['', /got no PEM/],
    [Buffer.alloc(64, 0xff), /got no PEM/],
    ['x'.repeat(17 * 1024), /more than a key/],
  ];
  for (const [content, words] of cases) {
    const read = parseSigningKey(Buffer.from(content));
    t.equal(read.ok, false, String(words));
    if (!read.ok) t.match(read.failure, words);
  }
  t.end();
});

t.test('a public key has to be one: a private key in its place is refused', (t) => {
  const key = newKey();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  for (const [content, words] of [
    [key.privatePem, /got "PRIVATE KEY"/],
    [rsa.export({ type: 'spki', format: 'pem' }), /of type rsa/],
    ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /cannot be read/],
  ] as const) {
    const read = parseVerifyingKey(Buffer.from(content));
    t.match(read, { ok: false, failure: words });
  }
  t.end();
});

t.test('every usual spelling of the secret is told, to be masked', (t) => {
  const { signing, privatePem, pair } = newKey();
  const secret = Buffer.from(pair.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const line = privatePem.split('\n')[1] ?? '';
  for (const text of [line, secret.toString('hex'), secret.toString('base64url')]) {
    t.ok(signing.spellings.includes(text));
  }
  t.ok(
    signing.spellings.every((one) => one.length >= 24),
    'none so short that it would mask other texts',
  );
  t.end();
});
