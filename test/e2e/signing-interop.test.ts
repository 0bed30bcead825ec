import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { ALL_PASS, e2e } from './rig.ts';
import { type EnvelopeJson, envelopes, keyFiles } from './signer.ts';

const NOTHING = {
  mediaType: '',
  tlogs: [],
  ctlogs: [],
  certificateAuthorities: [],
  timestampAuthorities: [],
};
const NO_LOGS = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };

e2e(
  'another implementation verifies what the executable has signed, and refuses it changed',
  async (t, rig) => {
    const key = keyFiles(rig);
    const run = await rig.run([
      './out',
      ...ALL_PASS,
      '--executor-bin',
      '/bin/true',
      '--sign-key',
      key.secret,
    ]);
    t.equal(run.code, 0, run.said);
    const rawBytes = createPublicKey(rig.read(key.open)).export({ type: 'spki', format: 'der' });
    const verify = (dsseEnvelope: EnvelopeJson) => {
      const hint = dsseEnvelope.signatures[0]?.keyid ?? '';
      const trust = toTrustMaterial(NOTHING, { [hint]: { rawBytes, keyDetails: 0, validFor: undefined } });
      const bundle = bundleFromJSON({
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: { publicKey: { hint } },
        dsseEnvelope,
      });
      return new Verifier(trust, NO_LOGS).verify(toSignedEntity(bundle));
    };
    const all = envelopes(rig);
    t.equal(all.length, 2);
    for (const envelope of all) {
      t.doesNotThrow(() => verify(envelope));
      t.throws(() => verify({ ...envelope, payload: 'e30=' }), /signature verification failed/);
    }
  },
);
