import { readFileSync, readlinkSync } from 'node:fs';
import { errnoOf } from '../io-failure.ts';

/**
 * Which process this is, in terms that another process can check later. A pid alone is reused; a start time
 * is not, within one boot. Null where the platform does not tell (only Linux does).
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, in clock ticks since boot. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  /** `pid:[4026531836]`. */
  readonly pidNamespace: string | null;
  readonly hostname: string;
  /** Tells hosts of one name apart that share a volume. */
  readonly machineId: string | null;
}

/** The identity of the process that asks. */
export function readProcessIdentity(self: {
  readonly pid: number;
  readonly hostname: string;
}): ProcessIdentity {
  return {
    pid: self.pid,
    startTime: isOwnProc(self.pid) ? (readProcessState(self.pid)?.startTime ?? null) : null,
    bootId: readLine('/proc/sys/kernel/random/boot_id'),
    pidNamespace: isOwnProc(self.pid) ? readLink('/proc/self/ns/pid') : null,
    hostname: self.hostname,
    machineId: readLine('/etc/machine-id'),
  };
}

/** What can be seen of a process of this host and pid namespace. */
export type ProcessState = 'gone' | 'zombie' | { readonly startTime: string | null };

/** Looks at `pid`; start time null where the platform, or a hidden /proc, does not show it. */
export function probeProcess(pid: number): ProcessState {
  const state = readProcessState(pid);
  if (state !== null) return state.letter === 'Z' || state.letter === 'X' ? 'zombie' : state;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return 'gone';
  }
  return { startTime: null };
}

/** False where /proc shows another pid namespace than ours: its numbers would be somebody else's. */
function isOwnProc(pid: number): boolean {
  return readLink('/proc/self') === String(pid);
}

function readProcessState(pid: number): { readonly letter: string; readonly startTime: string } | null {
  const stat = readLine(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets and may hold anything, brackets and spaces too.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const letter = fields?.[0];
  const startTime = fields?.[19];
  return letter === undefined || startTime === undefined ? null : { letter, startTime };
}

function readLine(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? null : text;
  } catch (error) {
    errnoOf(error);
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
