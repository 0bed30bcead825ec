import { execFileSync } from 'node:child_process';
import { until } from '../../e2e/rig.ts';

/** Why nothing can be mounted here; null where it can. */
export function whyNoMounts(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux to mount';
  return succeeds('unshare', ['--mount', 'true']) ? null : 'mounting is not allowed here';
}

/** Mounts; throws with what mount(8) says. */
export function mount(...args: readonly string[]): void {
  execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Unmounts as soon as nobody works there any more; throws after 10 s. */
export async function unmount(folder: string): Promise<void> {
  await until(`${folder} can be unmounted`, () => succeeds('umount', [folder]), 10_000);
}

function succeeds(file: string, args: readonly string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
