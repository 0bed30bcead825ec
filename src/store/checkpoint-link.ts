import { readlinkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { RandomHex } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { errnoOf } from './io-failure.ts';
import { besideCheckpoint, type EvidencePaths } from './layout.ts';
import { readRegularFile } from './read-regular-file.ts';

/**
 * `checkpoint.json`: a relative link to the checkpoint, for those who look for that name (spec section 5). A copy
 * of the checkpoint that an archive tool has made of it becomes the link again; anything else in its place would
 * tell another story than the checkpoint, and is kept as `checkpoint.foreign-<8 hex>.json`. `current` is the
 * checkpoint that is on disk. A file system without symbolic links goes without: nothing of ours reads the link.
 */
export function ensureCheckpointLink(paths: EvidencePaths, current: Buffer | null, random: RandomHex): void {
  if (paths.link === null) return;
  const target = relative(dirname(paths.link), paths.checkpoint);
  try {
    if (isLinkTo(paths.link, target)) return;
    clearPlace(paths.link, current, random);
    symlinkSync(target, paths.link);
  } catch (error) {
    errnoOf(error);
  }
}

function isLinkTo(link: string, target: string): boolean {
  return lstatOrNull(link)?.isSymbolicLink() === true && readlinkSync(link) === target;
}

function clearPlace(link: string, current: Buffer | null, random: RandomHex): void {
  const there = lstatOrNull(link);
  if (there === null) return;
  const isCopy = current !== null && isContent(link, current);
  if (there.isSymbolicLink() || isCopy) unlinkSync(link);
  else renameSync(link, besideCheckpoint(link, `foreign-${random().slice(0, 8)}`));
}

function isContent(file: string, content: Buffer): boolean {
  const found = readRegularFile(file, content.length);
  return found.kind === 'bytes' && found.bytes.equals(content);
}
