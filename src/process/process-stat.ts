import { closeSync, openSync, readSync } from 'node:fs';

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time: clock ticks since boot on Linux, Unix seconds where `ps` tells. */
  readonly start: number;
}

/** What one line of the process table says. */
export interface ProcessStat extends ProcessIdentity {
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  /** A zombie, or about to be gone: it runs nothing and holds nothing. */
  readonly dead: boolean;
}

/** Reads one small file of /proc into one reused buffer: a sweep opens hundreds of them. */
export interface ProcReader {
  /** Latin-1, at most 4096 bytes; null when the file is gone or not readable. Throws when we cannot look at all. */
  readonly text: (path: string) => string | null;
}

export function createProcReader(): ProcReader {
  const buffer = Buffer.allocUnsafe(4096);
  return {
    text: (path) => {
      let fd: number;
      try {
        fd = openSync(path, 'r');
      } catch (error) {
        return missing(error);
      }
      try {
        return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null));
      } catch (error) {
        return missing(error);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/**
 * Null, for a process that is gone or not ours. Out of descriptors or memory nothing can be said, and nothing
 * found would look like nothing left: that is thrown, and the sweep counts as blind.
 */
export function missing(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM' || code === null) throw error;
  return null;
}

/** /proc/PID/stat (proc_pid_stat(5)). Null when the process is gone. */
export function readStat(reader: ProcReader, pid: number): ProcessStat | null {
  const text = reader.text(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(pid, text);
}

/** The name in brackets may hold brackets, spaces and newlines: what counts starts behind the last one. */
export function parseStat(pid: number, text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ', 20);
  const state = fields[0];
  const start = fields[19];
  if (state === undefined || start === undefined) return null;
  return {
    pid,
    start: Number(start),
    ppid: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    dead: state === 'Z' || state === 'X',
  };
}
