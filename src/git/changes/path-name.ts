import type { PathName } from '../../core/scope/change.ts';
import { displayKey } from '../path-bytes.ts';

const LOSSY = new TextDecoder('utf-8', { ignoreBOM: true });
const STRICT = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** A key as the core has paths. */
export function pathName(key: string): PathName {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(key)) return { path: key, name: key, isText: true };
  const bytes = Buffer.from(key, 'latin1');
  return { path: displayKey(key), name: LOSSY.decode(bytes), isText: isUtf8(bytes) };
}

/** A key from the top level as one from repo-root; `prefix` is a key. */
export function fromRoot(key: string, prefix: string): string {
  if (prefix === '') return key;
  const here = prefix.split('/');
  const there = key.split('/');
  let same = 0;
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same += 1;
  return [...here.slice(same).map(() => '..'), ...there.slice(same)].join('/');
}

/** Whether a key from the top level lies in repo-root. */
export function isInRoot(key: string, prefix: string): boolean {
  return prefix === '' || key.startsWith(`${prefix}/`);
}

function isUtf8(bytes: Buffer): boolean {
  try {
    STRICT.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
