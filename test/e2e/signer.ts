/**
 * Keys and envelopes for the black-box tests. Written from the published formats, without the product's code.
 */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from './rig.ts';

export const STATEMENTS = 'orchestrator_run_report.intoto.jsonl';

export interface KeyFiles {
  readonly secret: string;
  readonly open: string;
  /** The secret half as PEM. */
  readonly pem: string;
}

/** A new Ed25519 key in two files outside the working directory. */
export function keyFiles(rig: Rig, name = 'sign'): KeyFiles {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const pub = String(publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    secret: rig.write(join(rig.base, `${name}.pem`), pem, 0o600),
    open: rig.write(join(rig.base, `${name}.pub.pem`), pub),
    pem,
  };
}

export interface EnvelopeJson {
  payloadType: string;
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

/** The envelopes of a run, one for each line. */
export function envelopes(rig: Rig, out = rig.out): EnvelopeJson[] {
  const lines = readFileSync(join(out, STATEMENTS), 'utf8').split('\n').slice(0, -1);
  return lines.map((line): EnvelopeJson => JSON.parse(line));
}

export function writeEnvelopes(rig: Rig, all: readonly EnvelopeJson[], out = rig.out): void {
  writeFileSync(join(out, STATEMENTS), all.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** What an envelope says. */
export function payloadOf(envelope: EnvelopeJson | undefined) {
  return JSON.parse(Buffer.from(envelope?.payload ?? '', 'base64').toString('utf8'));
}

/** A signature over type and payload. */
export function signature(pem: string, payloadType: string, payload: Buffer): string {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return sign(null, Buffer.concat([Buffer.from(head), payload]), createPrivateKey(pem)).toString('base64');
}

/** Signs a statement anew. */
export function sealed(pem: string, statement: unknown): EnvelopeJson {
  const payload = Buffer.from(JSON.stringify(statement));
  const payloadType = 'application/vnd.in-toto+json';
  const sig = signature(pem, payloadType, payload);
  return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
}
