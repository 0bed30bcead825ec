import { createPatternSearch, type PatternSearch } from './pattern-search.ts';
import { SHORTEST_SECRET, secretVariants } from './secret-variants.ts';
import type { Secret } from './secrets.ts';

/** What stands where a secret was. */
export const MASK_TEXT = '***';
const MASK_BYTES = Buffer.from(MASK_TEXT);

/** Replaces secrets, in every encoding that is looked for, by `***`. */
export interface Mask {
  /** Masks a whole text. */
  readonly text: (text: string) => string;
  /** Masks bytes that come in pieces, however they are cut. */
  readonly stream: () => MaskStream;
}

export interface MaskStream {
  /**
   * What can be passed on now. The end of a piece is held back as long as it may be the beginning of a secret.
   * The result may share memory with `chunk`: use it before the chunk's memory is used again.
   */
  readonly push: (chunk: Buffer) => Buffer;
  /** What was still held back; where that is the beginning of a secret, as a killed agent leaves it, a mask. */
  readonly end: () => Buffer;
}

const NOTHING = Buffer.alloc(0);
const OPEN_MASK: Mask = {
  text: (text) => text,
  stream: () => ({ push: (chunk) => chunk, end: () => NOTHING }),
};

/** Without secrets nothing is looked at and nothing is copied. Values are expected to be long enough. */
export function createMask(secrets: readonly Secret[]): Mask {
  const variants = new Set(secrets.flatMap((secret) => secretVariants(secret.value)));
  if (variants.size === 0) return OPEN_MASK;
  const search = createPatternSearch([...variants].map((variant) => Buffer.from(variant, 'latin1')));
  return { text: (text) => maskText(search, text), stream: () => maskStream(search) };
}

function maskText(search: PatternSearch, text: string): string {
  const data = Buffer.from(text);
  const spans = search.find(data);
  if (spans.length === 0) return text;
  const parts: Buffer[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(data.subarray(from, span.start), MASK_BYTES);
    from = span.end;
  }
  return Buffer.concat([...parts, data.subarray(from)]).toString();
}

function maskStream(search: PatternSearch): MaskStream {
  let held = NOTHING;
  // How much of `held`, from its start, has been answered for by a mask that was passed on already.
  let covered = 0;
  const pass = (data: Buffer, cut: number): Buffer => {
    const parts: Buffer[] = [];
    let from = Math.min(covered, cut);
    let nextCovered = Math.max(0, covered - cut);
    for (const span of search.find(data)) {
      if (span.start >= cut) break;
      // One that overlaps what is covered is still the same mask.
      if (span.start >= from) parts.push(data.subarray(from, span.start));
      if (span.start >= covered || covered === 0) parts.push(MASK_BYTES);
      from = Math.max(from, Math.min(span.end, cut));
      nextCovered = Math.max(nextCovered, span.end - cut, 0);
    }
    if (from < cut) parts.push(data.subarray(from, cut));
    held = cut === data.length ? NOTHING : Buffer.from(data.subarray(cut));
    covered = nextCovered;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  };
  return {
    push: (chunk) => {
      const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      return pass(data, search.openTail(data));
    },
    end: () => {
      const sure = pass(held, search.openTail(held));
      const masks = held.length >= SHORTEST_SECRET && covered < held.length;
      return masks ? Buffer.concat([sure, MASK_BYTES]) : Buffer.concat([sure, pass(held, held.length)]);
    },
  };
}
