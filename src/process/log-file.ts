import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { fail, ok, type Result } from '../core/result.ts';

/** A bounded log of one stream. */
export interface LogFile {
  /** Writes what fits. False from the call on that did not fit whole, or failed. */
  readonly write: (data: Buffer) => boolean;
  /** Marks a truncated log and closes it. */
  readonly close: () => void;
  readonly bytes: () => number;
  readonly truncated: () => boolean;
  /** The first write that failed, in words; null while all went well. */
  readonly failure: () => string | null;
}

/** Creates the log; one that exists already is somebody else's evidence and is refused. Failure in words. */
export function createLogFile(path: string, maxBytes: number): Result<LogFile, string> {
  try {
    return ok(logFile(openSync(path, 'wx', 0o600), path, maxBytes));
  } catch (error) {
    return fail(`cannot create ${path}: ${messageOf(error)}`);
  }
}

/** The last line of a log that could not hold everything. */
export function truncationMark(maxBytes: number): string {
  return `\n[orchestrator: truncated, this log is limited to ${maxBytes} bytes; what followed was read and dropped]\n`;
}

function logFile(fd: number, path: string, maxBytes: number): LogFile {
  let bytes = 0;
  let truncated = false;
  let failure: string | null = null;
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      failure ??= `cannot write ${path}: ${messageOf(error)}`;
    }
  };
  const append = (data: Buffer) => {
    for (let at = 0; at < data.length; ) {
      const written = writeSync(fd, data, at, data.length - at, bytes);
      at += written;
      bytes += written;
    }
  };
  return {
    write: (data) => {
      if (truncated || failure !== null) return false;
      const room = maxBytes - bytes;
      truncated = data.length > room;
      attempt(() => append(truncated ? data.subarray(0, room) : data));
      return !truncated && failure === null;
    },
    close: () => {
      // The mark is inside the bound: it takes the place of the last bytes kept.
      const mark = Buffer.from(truncationMark(maxBytes)).subarray(0, maxBytes);
      if (truncated && failure === null) {
        bytes = Math.min(bytes, maxBytes - mark.length);
        attempt(() => ftruncateSync(fd, bytes));
        attempt(() => append(mark));
      }
      attempt(() => closeSync(fd));
    },
    bytes: () => bytes,
    truncated: () => truncated,
    failure: () => failure,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
