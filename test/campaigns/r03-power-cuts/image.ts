import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mount, unmount } from '../faults/mounts.ts';

/** File systems that power is cut on, with the smallest size in MiB that their mkfs takes, and its options. */
const KINDS = {
  ext4: { mib: 24, mkfs: ['-q', '-F'] },
  xfs: { mib: 304, mkfs: ['-q', '-f'] },
  btrfs: { mib: 128, mkfs: ['-q', '-f'] },
} as const;

export type FileSystem = keyof typeof KINDS;

/** All of them. */
export const FILE_SYSTEMS: readonly FileSystem[] = ['ext4', 'xfs', 'btrfs'];

/** A file system in a file, mounted at one folder. */
export interface Image {
  /** What is on it now is where `renew` returns to; leaves it mounted. */
  readonly keep: () => Promise<void>;
  /** Mounts it as it was kept. */
  readonly renew: () => Promise<void>;
  /** Copies what has been handed to the disk until now, as a power cut would leave it. */
  readonly copy: () => void;
  /** Mounts the copy in the place of the image; everybody must have left the folder. */
  readonly swap: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** Why this file system cannot be made and mounted here; null where it can. Tries it. */
export async function whyNoImage(kind: FileSystem, base: string, folder: string): Promise<string | null> {
  try {
    const image = createImage(kind, base, folder);
    await image.dispose();
    return null;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n').slice(-1);
    return `needs loop devices and ${kind}: ${line}`;
  }
}

/** Makes one below `base` and mounts it at `folder`. */
export function createImage(kind: FileSystem, base: string, folder: string): Image {
  const file = join(base, `image.${kind}`);
  const kept = `${file}.kept`;
  const cut = `${file}.cut`;
  writeFileSync(file, '');
  truncateSync(file, KINDS[kind].mib * 2 ** 20);
  execFileSync(`mkfs.${kind}`, [...KINDS[kind].mkfs, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const attach = (): void => mount('-o', 'loop', '-t', kind, file, folder);
  attach();
  let mounted = true;
  const detach = async (): Promise<void> => {
    if (mounted) await unmount(folder);
    mounted = false;
  };
  const replaceBy = async (act: () => void): Promise<void> => {
    await detach();
    act();
    attach();
    mounted = true;
  };
  return {
    keep: () => replaceBy(() => copySparse(file, kept)),
    renew: () => replaceBy(() => copySparse(kept, file)),
    copy: () => copySparse(file, cut),
    swap: () => replaceBy(() => renameSync(cut, file)),
    dispose: async () => {
      await detach();
      for (const one of [file, kept, cut]) rmSync(one, { force: true });
    },
  };
}

function copySparse(from: string, to: string): void {
  execFileSync('cp', ['--sparse=always', from, to]);
}
