import { scanJson } from '../core/json-scan.ts';
import { fail, ok, type Result } from '../core/result.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Why bytes were not accepted: one line, with line, column and byte offset, no content of the document. */
export interface StrictJsonProblem {
  readonly problem: string;
}

export interface StrictJsonOptions {
  /** `MAX_JSON_DEPTH` where left out. */
  readonly maxDepth?: number;
}

/** Depth that any document may have: deeper ones break what later walks or prints them (notes on deep JSON). */
export const MAX_JSON_DEPTH = 64;

/**
 * JSON as RFC 8259 has it, and nothing that two readers could understand differently: strict UTF-8, no byte
 * order mark, no duplicate keys (compared after unescaping), no `__proto__` key, only finite numbers, bounded
 * depth. A lone surrogate in an escape (`"\ud800"`) is accepted: text that was cut inside a pair is
 * serialised that way, and it survives a round trip unchanged.
 */
export function parseStrictJson(
  bytes: Uint8Array,
  options: StrictJsonOptions = {},
): Result<JsonValue, StrictJsonProblem> {
  const text = readStrictJson(bytes, options);
  if (!text.ok) return text;
  // The scan has accepted the whole grammar: what is left to JSON.parse is building the value.
  const value: JsonValue = JSON.parse(text.value);
  return ok(value);
}

/**
 * Whether `parseStrictJson` accepts the bytes; null when it does. No value is built: one of many small arrays takes
 * thirty times the memory of its text.
 */
export function strictJsonProblem(bytes: Uint8Array, options: StrictJsonOptions = {}): string | null {
  const text = readStrictJson(bytes, options);
  return text.ok ? null : text.failure.problem;
}

function readStrictJson(bytes: Uint8Array, options: StrictJsonOptions): Result<string, StrictJsonProblem> {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return fail({ problem: 'begins with a byte order mark' });
  }
  const text = decodeUtf8(bytes);
  if (text === null) return fail({ problem: `is not UTF-8 at byte ${invalidUtf8Offset(bytes)}` });
  const found = scanJson(text, options.maxDepth ?? MAX_JSON_DEPTH);
  return found === null ? ok(text) : fail({ problem: `${found.problem} at ${place(text, found.at)}` });
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Byte offset of the first sequence that is not UTF-8: the first replacement that the bytes do not spell out. */
function invalidUtf8Offset(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let from = 0;
  let offset = 0;
  for (;;) {
    const at = text.indexOf('\ufffd', from);
    if (at === -1) return bytes.length;
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
}

function place(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return `line ${line} column ${column} (byte ${Buffer.byteLength(before)})`;
}
