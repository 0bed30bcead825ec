import type { PathName } from '../../core/scope/change.ts';
import { displayKey } from '../path-bytes.ts';

const LOSSY = new TextDecoder('utf-8', { ignoreBOM: true });
const STRICT = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** A key from repo-root as the core has paths. */
export function pathName(key: string): PathName {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(key)) return { path: key, name: key, isText: true, outsideRoot: false };
  const bytes = Buffer.from(key, 'latin1');
  return { path: displayKey(key), name: LOSSY.decode(bytes), isText: isUtf8(bytes), outsideRoot: false };
}

/** A key from the top level as the core has paths; `prefix` is a key. */
export function pathNameFromTop(key: string, prefix: string): PathName {
  // A forged tree can hold `..`: that is no way to another folder of the repository.
  if (key.split('/').includes('..')) return pathName(key);
  return { ...pathName(fromRoot(key, prefix)), outsideRoot: !isInRoot(key, prefix) };
}

function fromRoot(key: string, prefix: string): string {
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
