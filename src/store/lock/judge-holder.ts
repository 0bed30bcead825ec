import type { FoundRecord, LockRecord } from './lock-record.ts';
import type { ProcessIdentity, ProcessState } from './process-identity.ts';

/** What became of a holder: only `dead` may be taken over, `unknown` counts as held. */
export type HolderVerdict = {
  readonly verdict: 'dead' | 'alive' | 'unknown';
  readonly why: string;
};

/** How the holder can be looked at; arguments, so that every case can be shown to the judge. */
export interface HolderProbes {
  readonly self: ProcessIdentity;
  readonly probeProcess: (pid: number) => ProcessState;
  /** `none` where the holder has left no kernel lock, or it cannot be asked. */
  readonly probeKernelLock: () => 'held' | 'free' | 'none';
}

/**
 * Whether the holder in `found` still lives (spec section 7). No clock is used.
 *
 *   copied record (other inode)  → dead: nobody's
 *   same boot, same pid namespace → the process table decides, by start time; a kernel lock outweighs a start
 *                                   time that differs, which a reader in another time namespace sees as well
 *   same boot, another namespace  → the kernel lock decides, unknown where there is none
 *   another boot, same host       → dead: nothing survives a boot
 *   another host                  → unknown
 */
export function judgeHolder(
  found: Exclude<FoundRecord, { kind: 'missing' }>,
  probes: HolderProbes,
): HolderVerdict {
  if (found.kind === 'garbage') return { verdict: 'unknown', why: found.problem };
  const { record } = found;
  const { self } = probes;
  if (record.inode !== found.inode) return { verdict: 'dead', why: 'its record is a copy' };
  if (record.boot_id === null || self.bootId === null) return judgeWithoutBootId(record, probes);
  if (record.boot_id !== self.bootId) {
    return isSameHost(record, self)
      ? { verdict: 'dead', why: 'the host has been restarted since' }
      : { verdict: 'unknown', why: 'it is on another host' };
  }
  if (record.pid_namespace === null || record.pid_namespace !== self.pidNamespace) {
    return judgeByKernelLock(probes);
  }
  return judgeByProcess(record, probes);
}

function isSameHost(record: LockRecord, self: ProcessIdentity): boolean {
  return record.hostname === self.hostname && record.machine_id === self.machineId;
}

function judgeByProcess(record: LockRecord, probes: HolderProbes): HolderVerdict {
  const state = probes.probeProcess(record.pid);
  if (state === 'gone') return { verdict: 'dead', why: 'its process has ended' };
  if (state === 'zombie') return { verdict: 'dead', why: 'its process is a zombie' };
  if (record.start_time !== null && state.startTime !== null && record.start_time !== state.startTime) {
    return probes.probeKernelLock() === 'held'
      ? { verdict: 'alive', why: 'its kernel lock is held' }
      : { verdict: 'dead', why: 'its process number belongs to a later process' };
  }
  return { verdict: 'alive', why: 'its process is running' };
}

function judgeByKernelLock(probes: HolderProbes): HolderVerdict {
  const state = probes.probeKernelLock();
  switch (state) {
    case 'held':
      return { verdict: 'alive', why: 'its kernel lock is held' };
    case 'free':
      return { verdict: 'dead', why: 'its kernel lock is free' };
    case 'none':
      return { verdict: 'unknown', why: 'it is in another pid namespace and left no kernel lock' };
  }
}

/** Platforms without boot ids: a process that is gone from this host is dead, more cannot be known. */
function judgeWithoutBootId(record: LockRecord, probes: HolderProbes): HolderVerdict {
  if (record.boot_id !== probes.self.bootId || !isSameHost(record, probes.self)) {
    return { verdict: 'unknown', why: 'it is on another host' };
  }
  return judgeByProcess(record, probes);
}
