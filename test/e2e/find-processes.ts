import { readdirSync, readFileSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  /** Its id and arguments, for a message. */
  readonly shown: string;
  kill(): void;
}

/** Living processes that carry one of `marks` in their environment or arguments; this one aside. Linux only. */
export function findProcesses(marks: readonly string[]): FoundProcess[] {
  return processIds().flatMap((pid) => {
    const cmdline = readFileOrEmpty(`/proc/${pid}/cmdline`);
    const environ = readFileOrEmpty(`/proc/${pid}/environ`);
    if (!marks.some((mark) => cmdline.includes(mark) || environ.includes(mark))) return [];
    const shown = `${pid} ${cmdline.replaceAll('\0', ' ').trim()}`;
    return [{ pid, shown, kill: () => killQuietly(pid) }];
  });
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** A process that ended in between, or that belongs to someone else, has nothing to read. */
function readFileOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
