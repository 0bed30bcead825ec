import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../io-failure.ts';

/**
 * The lock's folder holds numbered generations: `<n>.held` is a holder's record, `<n>.free` says that it was
 * given back, `<n>.kernel` carries its kernel lock. Only the highest counts, and the highest is never
 * deleted: a number is taken once, so two processes cannot both follow the same dead holder.
 */
export interface Generations {
  /** 0 where nobody has ever held it. */
  readonly highest: number;
  readonly isFree: boolean;
}

const NAME = /^([1-9][0-9]{0,14})\.(held|free|kernel)$/;

/** The highest number that a name may carry; nobody gets there by counting. */
export const MAX_GENERATION = 10 ** 15 - 1;

/** The file of one generation. */
export function generationFile(folder: string, generation: number, part: 'held' | 'free' | 'kernel'): string {
  return join(folder, `${generation}.${part}`);
}

/** Reads the folder; other names in it are ignored. Throws. */
export function listGenerations(folder: string): Generations {
  let highest = 0;
  let isFree = true;
  for (const name of readdirSync(folder)) {
    const found = parseName(name);
    if (found === null || found.part === 'kernel' || found.generation < highest) continue;
    isFree = found.part === 'free' || (found.generation === highest && isFree);
    highest = found.generation;
  }
  return { highest, isFree };
}

/** The sign of life that others see: proper-lockfile's own lock, a folder whose time is renewed. */
export const HEARTBEAT = 'heartbeat';

/**
 * Removes every generation below `generation`, and what a holder that was killed has left: its heartbeat too, or it
 * would stay for good where the next run is over before its own begins. What cannot be removed stays: it is history
 * and decides nothing.
 */
export function removeGenerationsBelow(folder: string, generation: number): void {
  for (const name of readdirSync(folder)) {
    const found = parseName(name);
    const isHistory = found === null ? name === HEARTBEAT : found.generation < generation;
    if (!isHistory) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch (error) {
      errnoOf(error);
    }
  }
}

function parseName(name: string): { readonly generation: number; readonly part: string } | null {
  const match = NAME.exec(name);
  const part = match?.[2];
  return part === undefined ? null : { generation: Number(match?.[1]), part };
}
