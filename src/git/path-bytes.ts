/**
 * Paths are bytes, and git's are not always UTF-8. Inside this room a path is a *key*: a string with one code
 * unit (0–255) per byte, so that two different names never become one, and sorting keys sorts bytes.
 */
import { sep } from 'node:path';

/** The key of a path that Node gave us as text. */
export function keyOf(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** What the file system is asked with. ASCII, nearly every path, needs no copy. */
export function fsPathOf(key: string): string | Buffer {
  return /^[\x01-\x7f]*$/.test(key) ? key : Buffer.from(key, 'latin1');
}

/** A key as ASCII on one line, without loss: control bytes, `\` and bytes over 0x7e are written as `\xNN`. */
export function escapeKey(key: string): string {
  return key.replace(/[\x00-\x1f\\\x7f-\xff]/g, escapeByte);
}

/** The key that `escapeKey` was given, or null when the text is not something that it writes. */
export function unescapeKey(text: string): string | null {
  if (!/^(?:[\x20-\x5b\x5d-\x7e]|\\x(?:[01][0-9a-f]|5c|7f|[89a-f][0-9a-f]))*$/.test(text)) return null;
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * A key for people to read: as text where it is UTF-8, with what could move a cursor or reorder a line (control
 * characters, U+202A–E, U+2066–9, U+200E/F) escaped; byte by byte where it is not.
 */
export function displayKey(key: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(key, 'latin1'));
  } catch {
    return escapeKey(key);
  }
  return text
    .replace(/[\x00-\x1f\\\x7f-\x9f]/g, escapeByte)
    .replace(/[\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** Whether absolute `path` is `folder` or lies in it; both as text, both resolved alike by the caller. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
