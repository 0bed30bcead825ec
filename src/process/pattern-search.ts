/** A range of bytes, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finds many byte patterns at once. */
export interface PatternSearch {
  /** Where any pattern occurs, overlaps merged, in order. */
  readonly find: (data: Buffer) => Span[];
  /** Where the tail begins that could be the beginning of a pattern; the length of `data` when none could. */
  readonly openTail: (data: Buffer) => number;
}

/** The shift table has bytes. */
const LONGEST_WINDOW = 255;

/**
 * The Wu-Manber search (TR-94-17): a table over pairs of bytes says how far the window may jump, so that text
 * without secrets is passed over in steps of up to the shortest pattern's length. Patterns have 2 bytes or more.
 */
export function createPatternSearch(patterns: readonly Buffer[]): PatternSearch {
  const window = Math.min(LONGEST_WINDOW, ...patterns.map((pattern) => pattern.length));
  const longest = Math.max(...patterns.map((pattern) => pattern.length));
  const shifts = new Uint8Array(65536).fill(window - 1);
  const endings = new Map<number, Buffer[]>();
  const openings = new Map<number, Buffer[]>();
  for (const pattern of patterns) {
    for (let at = 0; at < window - 1; at += 1) {
      const pair = pattern.readUInt16LE(at);
      shifts[pair] = Math.min(shifts[pair] ?? 0, window - 2 - at);
    }
    append(endings, pattern.readUInt16LE(window - 2), pattern);
    append(openings, pattern[0] ?? 0, pattern);
  }
  return {
    find: (data) => {
      const spans: Span[] = [];
      let at = window - 1;
      while (at < data.length) {
        const pair = (data[at - 1] ?? 0) | ((data[at] ?? 0) << 8);
        const shift = shifts[pair] ?? 1;
        if (shift > 0) {
          at += shift;
          continue;
        }
        const start = at - window + 1;
        addSpan(spans, start, longestMatch(data, start, endings.get(pair) ?? []));
        at += 1;
      }
      return spans;
    },
    openTail: (data) => {
      for (let start = Math.max(0, data.length - longest + 1); start < data.length; start += 1) {
        if (openings.get(data[start] ?? 0)?.some((one) => isOpen(data, start, one))) return start;
      }
      return data.length;
    },
  };
}

function append(map: Map<number, Buffer[]>, key: number, pattern: Buffer): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [pattern]);
  else list.push(pattern);
}

function longestMatch(data: Buffer, start: number, candidates: readonly Buffer[]): number {
  let length = 0;
  for (const one of candidates) {
    const end = start + one.length;
    if (one.length > length && end <= data.length && data.compare(one, 0, one.length, start, end) === 0) {
      length = one.length;
    }
  }
  return length;
}

/** Overlapping finds become one span, so that no rest of one secret shows behind another. */
function addSpan(spans: Span[], start: number, length: number): void {
  if (length === 0) return;
  const end = start + length;
  const last = spans.at(-1);
  if (last === undefined || start >= last.end) spans.push({ start, end });
  else if (end > last.end) spans[spans.length - 1] = { start: last.start, end };
}

/** Whether `data` ends inside `pattern`, when that begins at `start`. */
function isOpen(data: Buffer, start: number, pattern: Buffer): boolean {
  const length = data.length - start;
  return length < pattern.length && data.compare(pattern, 0, length, start, data.length) === 0;
}
