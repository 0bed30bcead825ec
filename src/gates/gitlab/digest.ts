import { sha256 } from '../../formats/sha256.ts';
import type { Seen } from './memory.ts';

/** SHA-256 (hex) over the digests of all answers, in the order in which they came; null where nothing came. */
export function digestOf({ bytes }: Seen): string | null {
  return bytes.length === 0 ? null : sha256(bytes.map((one) => `${sha256(one)}\n`).join(''));
}
