import { readRegularFile } from '../../store/read-regular-file.ts';

/**
 * What has been signed of a run, in words, without a key to check it by: `signed, by key 0123…; not checked here`. Null
 * where there is no file of statements.
 */
export async function signatureWords(path: string): Promise<string | null> {
  const { MAX_CHAIN_BYTES } = await import('../../formats/statement-chain.ts');
  const { parseEnvelope } = await import('../../formats/dsse.ts');
  const found = readRegularFile(path, MAX_CHAIN_BYTES);
  if (found.kind === 'missing' || found.kind === 'empty') return null;
  if (found.kind === 'unreadable') return 'its file of signatures cannot be read';
  const last = found.bytes.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  const envelope = parseEnvelope(Buffer.from(last));
  if (!envelope.ok) return 'its file of signatures is not one';
  const keys = envelope.value.signatures.map((one) => one.keyId.slice(0, 16)).join(', ');
  return `signed, it says by key ${keys}; not checked here: orchestrator verify --key PUB.pem`;
}
