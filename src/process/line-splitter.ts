/** The longest line that is handed on, in bytes; the rest of a longer one is left out. */
export const LONGEST_LINE = 4096;

/** Which lines are handed on: all of them, or of each piece that comes in the last one that is whole. */
export type LinesWanted = 'every' | 'last';

/** Cuts bytes into lines of bounded length, for progress and echo. */
export interface LineSplitter {
  readonly push: (chunk: Buffer) => void;
  /** Hands on a last line that has no newline. */
  readonly end: () => void;
}

/** Lines end with LF or CR LF; bytes that are not UTF-8 become U+FFFD. A lone CR stays in the line. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let rest: Buffer | null = null;
  // Set once a line has been handed on as too long: everything up to its newline is dropped.
  let skipping = false;
  const emit = (line: Buffer) => {
    const end = line.at(-1) === 0x0d ? line.length - 1 : line.length;
    onLine(line.toString('utf8', 0, Math.min(end, LONGEST_LINE)));
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
        const part = chunk.subarray(from, at);
        if (!skipping) emit(rest === null ? part : Buffer.concat([rest, part]));
        skipping = false;
        rest = null;
        from = at + 1;
      }
      if (skipping || from === chunk.length) return;
      const tail = chunk.subarray(from, from + LONGEST_LINE);
      rest = rest === null ? Buffer.from(tail) : Buffer.concat([rest, tail]);
      if (rest.length < LONGEST_LINE) return;
      emit(rest);
      rest = null;
      skipping = true;
    },
    end: () => {
      if (rest !== null) emit(rest);
      rest = null;
    },
  };
}

/** For a display that shows one line at a time: what it would show over at once costs nothing. */
export function createLastLineSplitter(onLine: (line: string) => void): LineSplitter {
  let lines = createLineSplitter(onLine);
  return {
    push: (chunk) => {
      const end = chunk.lastIndexOf(0x0a);
      const before = end <= 0 ? -1 : chunk.lastIndexOf(0x0a, end - 1);
      if (before === -1) return lines.push(chunk);
      // What had been begun is passed over as well.
      lines = createLineSplitter(onLine);
      lines.push(chunk.subarray(before + 1));
    },
    end: () => lines.end(),
  };
}
