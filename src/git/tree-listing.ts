/**
 * The listing of a content tree, and its digest: the SHA-256 of exactly these bytes, so that an artifact stored
 * under its digest is the tree. ASCII, one line per path, sorted by the path's bytes:
 *
 *     orchestrator content tree 1
 *     file 9f86d08188…  src/main.ts        regular file, SHA-256 of its raw bytes
 *     exec 2c26b46b68…  bin/tool           the same, its owner may execute it
 *     link fcde2b2edb…  current            symbolic link, SHA-256 of the target's text
 *     repo -            vendor/thing       folder with a repository of its own; what is in it follows
 *     folder -          old-name           folder where a file or a submodule is tracked
 *     absent -          gone.txt           tracked, but not there
 *     special -         pipe               neither file, link nor folder; never opened
 *
 * (one space between the fields). Control bytes, `\` and bytes over 0x7e in a path are written `\xNN`.
 */
import { hash } from 'node:crypto';
import type { Failure } from '../core/failure.ts';
import { failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { escapeKey, unescapeKey } from './path-bytes.ts';

/** Path (a key, see `path-bytes.ts`) → identity (`file 9f86…`), in the order of the listing. */
export type TreeEntries = ReadonlyMap<string, string>;

const HEADER = 'orchestrator content tree 1\n';
const LINE = /^((?:file|exec|link) [0-9a-f]{64}|(?:repo|folder|absent|special) -) (.+)$/;

/** Entries in the order of the listing, whatever order they were found in. */
export function sortedEntries(found: ReadonlyMap<string, string>): TreeEntries {
  const sorted = new Map<string, string>();
  for (const key of [...found.keys()].sort()) sorted.set(key, found.get(key) ?? '');
  return sorted;
}

/** The bytes to keep, as `artifacts/<digest>`, so that a later invocation can say what has changed. */
export function serialiseTree(tree: { readonly entries: TreeEntries }): Buffer {
  const pieces = [HEADER];
  for (const [key, identity] of tree.entries) pieces.push(`${identity} ${escapeKey(key)}\n`);
  return Buffer.from(pieces.join(''), 'latin1');
}

/** SHA-256 of a listing's bytes, hex: the digest of its tree. */
export function digestOfListing(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** Reads a listing back. `evidence_tampered` when the bytes are not exactly what `serialiseTree` writes. */
export function parseTree(bytes: Uint8Array): Result<{ digest: string; entries: TreeEntries }, Failure> {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\n');
  if (`${lines[0]}\n` !== HEADER || lines.pop() !== '') return fail(notAListing(1));
  const entries = new Map<string, string>();
  let last = '';
  for (const [at, line] of lines.entries()) {
    if (at === 0) continue;
    const [, identity = '', escaped = ''] = LINE.exec(line) ?? [];
    const key = unescapeKey(escaped);
    if (identity === '' || key === null || key <= last) return fail(notAListing(at + 1));
    entries.set(key, identity);
    last = key;
  }
  return ok({ digest: digestOfListing(bytes), entries });
}

function notAListing(line: number): Failure {
  return failure(
    'evidence_tampered',
    `the listing of the validated content tree is not one, from line ${line} on`,
    {
      remedy: '--resume --rerun-from validation',
    },
  );
}
