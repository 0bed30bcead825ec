import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../core/result.ts';

/** Lengths of a state key in bytes, without the newline at its end. */
export const STATE_KEY_BYTES = { min: 32, max: 4096 } as const;

/** HMAC-SHA256 under one subkey; in hexadecimal. */
export interface Mac {
  readonly of: (text: string) => string;
  /** Whether `mac` is that of `text`; takes as long for a wrong one as for the right one. */
  readonly verifies: (text: string, mac: string) => boolean;
}

/** The key that evidence is authenticated with; its bytes cannot be read from it. */
export interface StateKey {
  /**
   * Names the key in evidence. It is an HMAC under the key, so it tells no more about a random key than any MAC
   * in that evidence does.
   */
  readonly id: string;
  readonly checkpoint: Mac;
  readonly auditRecord: Mac;
  /** Texts that would show the key: to be masked wherever they turn up. */
  readonly spellings: readonly string[];
}

/** Makes a state key of the bytes of its file, or says in words what was expected of them. */
export function parseStateKey(content: Uint8Array): Result<StateKey, string> {
  const bytes = Buffer.from(content.at(-1) === 0x0a ? content.subarray(0, -1) : content);
  const { min, max } = STATE_KEY_BYTES;
  if (bytes.length < min || bytes.length > max) {
    return fail(`expected a key of ${min} to ${max} bytes, got ${bytes.length}`);
  }
  // A subkey for each use: what was sealed as the one can never be shown as the other.
  const derive = (use: string) => createHmac('sha256', bytes).update(`orchestrator ${use}`).digest();
  return ok({
    id: derive('state key id').toString('hex').slice(0, 16),
    checkpoint: macUnder(derive('checkpoint')),
    auditRecord: macUnder(derive('audit record')),
    spellings: spellingsOf(bytes),
  });
}

function macUnder(subkey: Buffer): Mac {
  const digest = (text: string) => createHmac('sha256', subkey).update(text).digest();
  return {
    of: (text) => digest(text).toString('hex'),
    verifies: (text, mac) => {
      const claimed = Buffer.from(mac, 'hex');
      const actual = digest(text);
      return claimed.length === actual.length && timingSafeEqual(claimed, actual);
    },
  };
}

function spellingsOf(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex');
  const base64 = bytes.toString('base64').replaceAll('=', '');
  const text = isUtf8(bytes) ? [bytes.toString('utf8')] : [];
  return [...text, hex, hex.toUpperCase(), base64, bytes.toString('base64url')];
}
