import { type KeyObject, sign } from 'node:crypto';
import { createRequire } from 'node:module';
import { bundleFromJSON, bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import t from 'tap';
import {
  IN_TOTO_PAYLOAD_TYPE,
  MAX_SIGNATURES,
  parseEnvelope,
  preAuthEncoding,
  sealEnvelope,
  signersOf,
} from '../../src/formats/dsse.ts';
import { newKey } from '../fixtures/signing-keys.ts';

const BODY = Buffer.from('{"a":"é"}');

t.test('the encoding that is signed is that of the specification, with lengths in bytes', (t) => {
  const vector = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
  t.equal(vector.toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  t.equal(preAuthEncoding('é', Buffer.from('ü')).toString(), 'DSSEv1 2 é 2 ü');
  t.equal(preAuthEncoding('', Buffer.alloc(0)).toString(), 'DSSEv1 0  0 ');
  t.end();
});

t.test('what is sealed is read back as it was, signed by that key and no other', (t) => {
  const [mine, other] = [newKey(), newKey()];
  const envelope = read(sealEnvelope(IN_TOTO_PAYLOAD_TYPE, BODY, [mine.signing]));
  t.strictSame(envelope.payload, BODY);
  t.strictSame(signersOf(envelope, [other.verifying, mine.verifying]), [mine.signing.keyId]);
  t.strictSame(signersOf(envelope, [other.verifying]), []);
  t.strictSame(signersOf({ ...envelope, payload: Buffer.from('{}') }, [mine.verifying]), []);
  t.strictSame(signersOf({ ...envelope, payloadType: 'text/plain' }, [mine.verifying]), []);
  t.end();
});

t.test('keyid is a hint: a wrong one hides no signature, and a right one makes none', (t) => {
  const [mine, other] = [newKey(), newKey()];
  const envelope = read(sealEnvelope(IN_TOTO_PAYLOAD_TYPE, BODY, [mine.signing]));
  const named = (keyId: string) => ({
    ...envelope,
    signatures: envelope.signatures.map((one) => ({ ...one, keyId })),
  });
  t.strictSame(signersOf(named(''), [mine.verifying]), [mine.signing.keyId]);
  t.strictSame(signersOf(named(other.signing.keyId), [mine.verifying]), [mine.signing.keyId]);
  t.strictSame(signersOf(named(other.signing.keyId), [other.verifying]), []);
  t.end();
});

t.test('a key that signs twice, or is trusted twice, counts once', (t) => {
  const [one, two] = [newKey(), newKey()];
  const twice = read(sealEnvelope(IN_TOTO_PAYLOAD_TYPE, BODY, [one.signing, one.signing]));
  t.strictSame(signersOf(twice, [one.verifying, one.verifying, two.verifying]), [one.signing.keyId]);
  const both = read(sealEnvelope(IN_TOTO_PAYLOAD_TYPE, BODY, [one.signing, two.signing]));
  t.equal(signersOf(both, [one.verifying, two.verifying]).length, 2);
  t.end();
});

t.test('both base64 alphabets are read, and fields that are not known are passed over', (t) => {
  const key = newKey();
  const payload = Buffer.from([0xfb, 0xff, 0xfe, 0x3e]);
  const sig = sign(null, preAuthEncoding('x', payload), key.pair.privateKey);
  for (const as of ['base64', 'base64url'] as const) {
    const text = JSON.stringify({
      payloadType: 'x',
      payload: payload.toString(as),
      signatures: [{ sig: sig.toString(as), cert: 'c' }],
      more: 1,
    });
    t.strictSame(signersOf(read(text), [key.verifying]), [key.signing.keyId], as);
  }
  t.end();
});

t.test('what is no envelope is refused in words', (t) => {
  const sig = { sig: 'AAAA' };
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /JSON/],
    ['[]', /payloadType/],
    ['{"payloadType":"x","payloadType":"y","payload":"","signatures":[{"sig":"AAAA"}]}', /twice|duplicate/i],
    [JSON.stringify({ payloadType: '', payload: '', signatures: [sig] }), /payloadType/],
    [JSON.stringify({ payloadType: 'x', payload: 'a b', signatures: [sig] }), /payload in base64/],
    [JSON.stringify({ payloadType: 'x', payload: '+_==', signatures: [sig] }), /payload in base64/],
    [JSON.stringify({ payloadType: 'x', payload: 'AB==', signatures: [sig] }), /payload in base64/],
    [JSON.stringify({ payloadType: 'x', payload: 'AA=', signatures: [sig] }), /payload in base64/],
    [JSON.stringify({ payloadType: 'x', payload: 1, signatures: [sig] }), /payload in base64/],
    [JSON.stringify({ payloadType: 'x', payload: '' }), /signatures, got none/],
    [JSON.stringify({ payloadType: 'x', payload: '', signatures: [] }), /signatures, got none/],
    [JSON.stringify({ payloadType: 'x', payload: '', signatures: [{}] }), /each signature/],
    [JSON.stringify({ payloadType: 'x', payload: '', signatures: [{ sig: '' }] }), /each signature/],
    [JSON.stringify({ payloadType: 'x', payload: '', signatures: [{ ...sig, keyid: 1 }] }), /each signature/],
    [JSON.stringify({ payloadType: 'x', payload: '', signatures: [sig, null] }), /each signature/],
    [
      JSON.stringify({ payloadType: 'x', payload: '', signatures: Array(MAX_SIGNATURES + 1).fill(sig) }),
      /at most/,
    ],
    [' '.repeat(4 * 1024 * 1024 + 1), /at most/],
  ];
  for (const [text, words] of cases) {
    const parsed = parseEnvelope(Buffer.from(text));
    t.equal(parsed.ok, false, text.slice(0, 80));
    if (!parsed.ok) t.match(parsed.failure, words, text.slice(0, 80));
  }
  t.end();
});

t.test('another implementation verifies what we sign, and refuses it changed', (t) => {
  const key = newKey();
  const verifier = new Verifier(trust(key.signing.keyId, key.pair.publicKey), {
    tlogThreshold: 0,
    ctlogThreshold: 0,
    timestampThreshold: 0,
  });
  const verify = (text: string) =>
    verifier.verify(
      toSignedEntity(
        bundleFromJSON({
          mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
          verificationMaterial: { publicKey: { hint: key.signing.keyId } },
          dsseEnvelope: JSON.parse(text),
        }),
      ),
    );
  const text = sealEnvelope(IN_TOTO_PAYLOAD_TYPE, BODY, [key.signing]);
  t.doesNotThrow(() => verify(text));
  const changed = { ...JSON.parse(text), payload: Buffer.from('{}').toString('base64') };
  t.throws(() => verify(JSON.stringify(changed)), /signature verification failed/);
  t.end();
});

function trust(hint: string, key: KeyObject) {
  const rawBytes = key.export({ type: 'spki', format: 'der' });
  const none = { mediaType: '', tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] };
  return toTrustMaterial(none, { [hint]: { rawBytes, keyDetails: 0, validFor: undefined } });
}

t.test('an envelope that another implementation has made is verified by ours', (t) => {
  const key = newKey();
  const signature = sign(null, theirEncoding(IN_TOTO_PAYLOAD_TYPE, BODY), key.pair.privateKey);
  const bundle = toDSSEBundle({
    ...{ artifact: BODY, artifactType: IN_TOTO_PAYLOAD_TYPE, signature, keyHint: 'somebody' },
    certificateChain: false,
  });
  const envelope = read(JSON.stringify(bundleToJSON(bundle).dsseEnvelope));
  t.strictSame(envelope.payload, BODY);
  t.strictSame(signersOf(envelope, [key.verifying]), [key.signing.keyId]);
  t.end();
});

/** Of the library that the verifier itself stands on. */
function theirEncoding(payloadType: string, payload: Buffer): Buffer {
  const verifier = createRequire(import.meta.url).resolve('@sigstore/verify');
  return createRequire(verifier)('@sigstore/core').dsse.preAuthEncoding(payloadType, payload);
}

function read(text: string) {
  const parsed = parseEnvelope(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.failure);
  return parsed.value;
}
