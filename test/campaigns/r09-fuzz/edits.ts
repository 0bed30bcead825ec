import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Edit } from './fuzz-case.ts';

/** Makes the change at `file`; one that needs a content finds an empty one where there is no file. */
export function editFile(file: string, edit: Edit): void {
  const isFile = lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const bytes = isFile ? readFileSync(file) : Buffer.alloc(0);
  rmSync(file, { force: true, recursive: true });
  mkdirSync(dirname(file), { recursive: true });
  if (edit.type === 'folder') mkdirSync(file);
  else if (edit.type === 'pipe') execFileSync('mkfifo', [file]);
  else if (edit.type === 'link') symlinkSync(edit.to, file);
  else writeFileSync(file, different(edited(bytes, edit), bytes));
}

/** A change that happened to change nothing gets a byte more: every case is about a file that is another. */
function different(after: Buffer, before: Buffer): Buffer {
  return after.equals(before) ? Buffer.concat([after, Buffer.from(' ')]) : after;
}

function edited(bytes: Buffer, edit: Exclude<Edit, { type: 'folder' | 'pipe' | 'link' }>): Buffer {
  if (edit.type === 'content') return Buffer.from(edit.base64, 'base64');
  if (edit.type === 'set-key') return mended(setKeys(parse(bytes), edit.key, edit.value), edit.mends);
  const at = Math.floor(edit.at * bytes.length);
  switch (edit.type) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << edit.bit);
      return flipped;
    }
    case 'nudge':
      return nudged(bytes, at);
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(edit.base64, 'base64'), bytes.subarray(at)]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + edit.bytes)]);
    case 'set':
      return mended(setPlace(parse(bytes), edit.at, edit.value), edit.mends);
    case 'drop':
      return mended(setPlace(parse(bytes), edit.at, undefined), edit.mends);
    case 'drop-line':
    case 'double-line':
      return changeLine(bytes, edit.at, edit.type);
  }
}

/** Of the same kind, so that a digest stays one and a number keeps its first digit from being a zero. */
function nudged(bytes: Buffer, at: number): Buffer {
  const text = bytes.toString('latin1');
  const end = text.slice(at).replace(/[a-z0-9]/i, (one) => {
    if (/[0-8]/.test(one)) return String(Number(one) + 1);
    return one === '9' ? '8' : one === 'a' ? 'b' : 'a';
  });
  return Buffer.from(text.slice(0, at) + end, 'latin1');
}

function changeLine(bytes: Buffer, at: number, type: 'drop-line' | 'double-line'): Buffer {
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  const index = Math.floor(at * lines.length);
  const line = lines[index] ?? '';
  lines.splice(index, 1, ...(type === 'drop-line' ? [] : [line, line]));
  return Buffer.from(lines.join(''), 'latin1');
}

function parse(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

/** Visits every value below `root`, parents first. */
function walk(root: unknown, visit: (holder: object, key: string) => void): void {
  if (typeof root !== 'object' || root === null) return;
  for (const [key, value] of Object.entries(root)) {
    visit(root, key);
    walk(value, visit);
  }
}

/** `Reflect` also sets `__proto__` of a parsed document as the key that it is. */
function setKeys(root: unknown, wanted: string, value: unknown): unknown {
  walk(root, (holder, key) => {
    if (key === wanted) Reflect.set(holder, key, value);
  });
  return root;
}

function setPlace(root: unknown, at: number, value: unknown): unknown {
  const places: (readonly [object, string])[] = [];
  walk(root, (holder, key) => places.push([holder, key]));
  const [holder, key] = places[Math.floor(at * places.length)] ?? [];
  if (holder !== undefined && key !== undefined) Reflect.set(holder, key, value);
  return root;
}

/**
 * The document as the product would write it; with `mends` its own digest is right, SHA-256 over the serialisation
 * of everything before it, as docs/formats.md says.
 */
function mended(document: unknown, mends: boolean): Buffer {
  const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  if (!mends || typeof document !== 'object' || document === null) return Buffer.from(text(document));
  const body = { ...document, digest: undefined };
  const digest = createHash('sha256').update(text(body)).digest('hex');
  return Buffer.from(text({ ...body, digest }));
}
