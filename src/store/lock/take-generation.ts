import { closeSync, fstatSync, fsyncSync, linkSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fsyncFolder, type RandomHex, removeLeftoverTemps, tempName, writeAll } from '../durable-write.ts';
import { errnoOf } from '../io-failure.ts';
import { generationFile, listGenerations, removeGenerationsBelow } from './generations.ts';
import { inodeOf, type LockRecord } from './lock-record.ts';

/** A generation that is ours. */
export interface TakenGeneration {
  readonly generation: number;
  readonly inode: string;
}

/** The lock cannot work on a file system that numbers one file differently each time. */
export class UnstableInode extends Error {}

/**
 * Tries to take exactly `generation`. `link()` creates the name with its content in one step and fails where
 * the name is taken, so of any number of processes that follow the same holder one wins. A slow contender
 * can still win a number that is history (its holders have come and gone and been cleaned away): the highest
 * number is never deleted, so looking again shows it, and it steps back. Null: somebody was faster. Throws.
 */
export function takeGeneration(options: {
  readonly folder: string;
  readonly generation: number;
  readonly record: Omit<LockRecord, 'inode'>;
  readonly random: RandomHex;
}): TakenGeneration | null {
  const { folder, generation } = options;
  const temp = join(folder, tempName('held', options.random));
  const inode = writeRecord(temp, options.record);
  const file = generationFile(folder, generation, 'held');
  const linked = linkOnce(temp, file);
  removeOwn(temp);
  if (!linked) return null;
  if (listGenerations(folder).highest !== generation) {
    removeOwn(file);
    return null;
  }
  if (inodeOf(file) !== inode) {
    removeOwn(file);
    throw new UnstableInode(`${folder}: expected a file system where a file keeps its inode`);
  }
  removeGenerationsBelow(folder, generation);
  removeLeftoverTemps(folder);
  fsyncFolder(folder);
  return { generation, inode };
}

function writeRecord(file: string, record: Omit<LockRecord, 'inode'>): string {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    const inode = String(fstatSync(descriptor, { bigint: true }).ino);
    const whole: LockRecord = { ...record, inode };
    writeAll(descriptor, Buffer.from(`${JSON.stringify(whole)}\n`));
    fsyncSync(descriptor);
    return inode;
  } catch (error) {
    removeOwn(file);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** False where the name is taken, or a winner has already cleaned away our temporary file. */
function linkOnce(temp: string, file: string): boolean {
  try {
    linkSync(temp, file);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST' || errno === 'ENOENT') return false;
    removeOwn(temp);
    throw error;
  }
}

function removeOwn(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
