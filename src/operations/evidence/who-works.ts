import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { generationFile, listGenerations } from '../../store/lock/generations.ts';
import { judgeHolder } from '../../store/lock/judge-holder.ts';
import { readLockRecord } from '../../store/lock/lock-record.ts';
import { lockedFailure, tokenOf } from '../../store/lock/locked-failure.ts';
import { probeProcess, readProcessIdentity } from '../../store/lock/process-identity.ts';

/** Whether an orchestrator works in an out_dir right now. */
export type Holder =
  | { readonly kind: 'nobody' }
  /** `dead`: its process ended without giving the lock back: it was killed, or the host was restarted. */
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'alive'; readonly message: string; readonly remedy: string }
  /** It cannot be examined from here; `token` is what `--break-lock` takes, null where that is not known. */
  | { readonly kind: 'unknown'; readonly message: string; readonly token: string | null };

/** Looks at the lock without touching it. A lock folder that cannot be read holds an unknown holder. */
export async function whoWorks(
  outDir: string,
  lockFolder: string,
  self: { readonly pid: number; readonly hostname: string; readonly now: number },
): Promise<Holder> {
  try {
    const { highest, isFree } = listGenerations(lockFolder);
    if (isFree) return { kind: 'nobody' };
    const found = readLockRecord(generationFile(lockFolder, highest, 'held'));
    if (found.kind === 'missing') return { kind: 'nobody' };
    // Of a run that has ended nothing is left to probe, and what starts processes is slow to load.
    const { probeKernelLock } = await import('../../store/lock/kernel-lock.ts');
    const verdict = judgeHolder(found, {
      self: readProcessIdentity(self),
      probeProcess,
      probeKernelLock: () => probeKernelLock(lockFolder, highest),
    });
    if (verdict.verdict === 'dead') return { kind: 'dead', why: verdict.why };
    const locked = lockedFailure({ outDir, found, verdict, breakToken: null, now: self.now });
    return verdict.verdict === 'alive'
      ? { kind: 'alive', message: locked.message, remedy: locked.remedy ?? '' }
      : { kind: 'unknown', message: locked.message, token: tokenOf(found) };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return { kind: 'nobody' };
    const message = `the lock ${lockFolder} cannot be read: ${describeErrno(errno)}`;
    return { kind: 'unknown', message, token: null };
  }
}
