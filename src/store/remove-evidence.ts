import { lstatSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fsyncFolder, type RandomHex } from './durable-write.ts';
import { LAYOUT } from './layout.ts';

const ASIDE = /^\..+\.[0-9a-f]{16}\.removed$/;

/** Whether a folder is one that a removal has moved aside and not come to the end of. */
export function isMovedAside(outDir: string): boolean {
  return ASIDE.test(basename(outDir));
}

/**
 * Gives an out_dir a name beside its own that nobody can foresee, in one step: who comes later finds either the run
 * with its lock held, or nothing. Returns the new path. Throws what the disk says.
 */
export function moveAside(outDir: string, random: RandomHex): string {
  const name = isMovedAside(outDir) ? 'run' : basename(outDir).slice(0, MAX_NAME);
  const aside = join(dirname(outDir), `.${name}.${random()}.removed`);
  const before = lstatSync(outDir, { bigint: true });
  renameSync(outDir, aside);
  const after = lstatSync(aside, { bigint: true });
  if (before.ino !== after.ino || before.dev !== after.dev) {
    moveBack(aside, outDir);
    throw new OtherFolder(outDir);
  }
  fsyncFolder(dirname(aside));
  return aside;
}

/** With the rest of the new name it stays within the 255 bytes that a file system takes. */
const MAX_NAME = 50;

/** Raised where another folder than the one that was looked at had the name. */
export class OtherFolder extends Error {}

/** Undoes `moveAside`. Throws what the disk says, with everything left where it is. */
export function moveBack(aside: string, outDir: string): void {
  renameSync(aside, outDir);
  fsyncFolder(dirname(outDir));
}

/**
 * Removes these names and then the folder itself, which has to be empty by then. The checkpoint stays until all but
 * the lock is gone: as long as it is there, a removal that was cut off can be told from other people's files and
 * finished; and nobody takes it up while the lock is held. The ignore file is the very last: what is left in a work
 * tree is no change of it. Throws what the disk says.
 */
export function removeNames(folder: string, names: readonly string[]): void {
  const last: readonly string[] = [LAYOUT.checkpoint, LAYOUT.lock, LAYOUT.ignore];
  const inOrder = [
    ...names.filter((name) => !last.includes(name)),
    ...last.filter((one) => names.includes(one)),
  ];
  // Removes links themselves, and what is in folders without following any.
  for (const name of inOrder) rmSync(join(folder, name), { recursive: true, force: true });
  rmdirSync(folder);
  fsyncFolder(dirname(folder));
}
