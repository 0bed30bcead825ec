import { hash } from 'node:crypto';

/** SHA-256 in hexadecimal, of bytes or of a text's UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}
