/** The bytes of one path of the content tree, held to the digest under which validation judged it. */
import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from '../bounded-read.ts';
import { fsPathOf } from '../path-bytes.ts';

/** More than this is no file that a change brings, in bytes; git itself would be asked for half of it at once. */
const MAX_BYTES = 1024 * 1024 * 1024;

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const MODES: Readonly<Record<string, string>> = { file: '100644', exec: '100755', link: '120000' };

export interface ValidatedBlob {
  readonly mode: string;
  readonly bytes: Buffer;
}

/** null where there is something else now than what was validated, whatever it is; `identity` as a listing has it. */
export function readValidated(key: string, identity: string): ValidatedBlob | null {
  const [kind = '', digest = ''] = identity.split(' ');
  const mode = MODES[kind];
  if (mode === undefined) return null;
  const bytes = kind === 'link' ? linkAt(key) : fileAt(key);
  return bytes !== null && hash('sha256', bytes, 'hex') === digest ? { mode, bytes } : null;
}

/** The object id that git gives these bytes (gitformat-pack(5), "loose objects"); its length tells the hash. */
export function blobId(bytes: Buffer, hexDigits: number): string {
  const algorithm = hexDigits === 64 ? 'sha256' : 'sha1';
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function linkAt(key: string): Buffer | null {
  try {
    return readlinkSync(fsPathOf(key), { encoding: 'buffer' });
  } catch (error) {
    codeOf(error);
    return null;
  }
}

function fileAt(key: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(fsPathOf(key), FLAGS);
  } catch (error) {
    codeOf(error);
    return null;
  }
  try {
    const stat = fstatSync(descriptor);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(descriptor) : null;
  } catch (error) {
    codeOf(error);
    return null;
  } finally {
    closeSync(descriptor);
  }
}
