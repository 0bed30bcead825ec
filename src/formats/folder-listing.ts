import { sha256 } from './sha256.ts';

/**
 * SHA-256 (hex) of a folder's listing, which pins a policy: one line `<sha256 of the content>  <name>` per file,
 * sorted by name, as `sha256sum * | LC_ALL=C sort -k2` prints it. Two folders with the same digest hold the same files.
 */
export function folderDigest(files: ReadonlyMap<string, Uint8Array>): string {
  const lines = [...files]
    .map(([name, bytes]) => ({ name: Buffer.from(name, 'utf8'), line: `${sha256(bytes)}  ${name}\n` }))
    .sort((one, other) => Buffer.compare(one.name, other.name));
  return sha256(lines.map(({ line }) => line).join(''));
}
