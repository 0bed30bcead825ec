import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { OPEN_SAFELY } from '../../../store/read-regular-file.ts';

const CHUNK_BYTES = 64 * 1024;

/** A line longer than this is not read further, in bytes: what it says is not known. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** A kept log, read line by line. */
export interface LogLines {
  /** One at a time, without their ends. Throws where the file cannot be read; ends after `maxBytes`. */
  readonly lines: () => Generator<string>;
  /** Of all that was read, in hexadecimal; asked once, when the lines have ended. */
  readonly sha256: () => string;
  /** Whether a line was too long to be read whole. */
  readonly cut: () => boolean;
}

/**
 * Reads at most `maxBytes` of a log. Who wrote to it may have put anything in its place by now: no link is followed,
 * and nothing but a file is read. Throws where it is none.
 */
export function readLogLines(path: string, maxBytes: number): LogLines {
  const hash = createHash('sha256');
  const line = createLine();
  return {
    lines: function* () {
      for (const chunk of chunksOf(path, maxBytes)) {
        hash.update(chunk);
        let from = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
          line.add(chunk.subarray(from, end));
          yield line.take();
          from = end + 1;
        }
        line.add(chunk.subarray(from));
      }
      if (line.begun()) yield line.take();
    },
    sha256: () => hash.digest('hex'),
    cut: line.cut,
  };
}

/** The same memory each time. */
function* chunksOf(path: string, maxBytes: number): Generator<Buffer> {
  const fd = openSync(path, OPEN_SAFELY);
  try {
    if (!fstatSync(fd).isFile()) throw new Error('it is no file');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let left = maxBytes; left > 0; ) {
      const read = readSync(fd, chunk, 0, Math.min(left, CHUNK_BYTES), null);
      if (read === 0) return;
      left -= read;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(fd);
  }
}

function createLine() {
  let parts: Buffer[] = [];
  let length = 0;
  let cut = false;
  return {
    add: (part: Buffer): void => {
      if (length < MAX_LINE_BYTES) parts.push(Buffer.from(part.subarray(0, MAX_LINE_BYTES - length)));
      length += part.length;
      cut ||= length > MAX_LINE_BYTES;
    },
    take: (): string => {
      const text = Buffer.concat(parts).toString();
      parts = [];
      length = 0;
      return text;
    },
    begun: () => length > 0,
    cut: () => cut,
  };
}
