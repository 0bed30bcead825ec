import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;

/** A line longer than this is not read further, in bytes; its beginning alone is no JSON. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** The lines of a kept log, one at a time, without their ends. Throws where the file cannot be read. */
export function* logLines(path: string): Generator<string> {
  const fd = openSync(path, 'r');
  try {
    let line: Buffer[] = [];
    let length = 0;
    const keep = (part: Buffer) => {
      if (length < MAX_LINE_BYTES) line.push(Buffer.from(part.subarray(0, MAX_LINE_BYTES - length)));
      length += part.length;
    };
    const taken = (): string => {
      const text = Buffer.concat(line).toString();
      line = [];
      length = 0;
      return text;
    };
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1 && end < read; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end));
        yield taken();
        from = end + 1;
      }
      keep(chunk.subarray(from, read));
    }
    if (length > 0) yield taken();
  } finally {
    closeSync(fd);
  }
}
