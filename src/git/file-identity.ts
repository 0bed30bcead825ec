/**
 * What is at a path, by its raw bytes: neither git's index nor its filters are believed. SHA-256 is computed here,
 * and remembered only for files whose times are too old for a later change to leave them as they are.
 */
import { createHash, hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { codeOf } from './bounded-read.ts';
import type { Limit } from './limit.ts';
import { fsPathOf } from './path-bytes.ts';

/** Digests of one process's life, by device, inode, size and both times of a file. */
export type HashCache = Map<string, string>;

/** A change within this of the last one may leave a file's times as they were (coarse clocks: 1 s, FAT 2 s). */
const RACY_MS = 2_000;
const FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** `text` is the identity as it stands in the listing; a folder and nothing at all are the caller's to judge. */
export type Found =
  | { readonly kind: 'identity'; readonly text: string }
  | { readonly kind: 'folder' | 'nothing' | 'stopped' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What one pass over a tree shares between its files. */
export interface HashingPass {
  readonly cache: HashCache;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly limit: Limit;
  /** What files are read through, one at a time; a file that does not fit is read in turns with other work. */
  readonly buffer: Buffer;
}

interface OpenFile {
  readonly descriptor: number;
  readonly before: BigIntStats;
  readonly openedAt: number;
}

/** Looks at one path (absolute, a key) without following it. Only regular files are opened. */
export async function identify(key: string, pass: HashingPass): Promise<Found> {
  const found = identifyNow(key, pass);
  return 'descriptor' in found ? identifyLarge(found, pass) : found;
}

/** The same without a promise, for the many small files; a large one is handed back open, for `identifyLarge`. */
export function identifyNow(key: string, pass: HashingPass): Found | OpenFile {
  const path = fsPathOf(key);
  try {
    const stat = lstatSync(path, { bigint: true });
    if (stat.isDirectory()) return { kind: 'folder' };
    if (stat.isSymbolicLink()) {
      return identity('link', hash('sha256', readlinkSync(path, { encoding: 'buffer' }), 'hex'));
    }
    if (!stat.isFile()) return identity('special', '-');
    const known = pass.cache.get(cacheKey(stat));
    return known === undefined ? readNow(path, pass) : identity(typeOf(stat), known);
  } catch (error) {
    return notFound(error);
  }
}

/** Hashes a file that `identifyNow` has opened, and closes it. */
export async function identifyLarge(file: OpenFile, pass: HashingPass): Promise<Found> {
  try {
    const running = createHash('sha256');
    for (;;) {
      const count = readSync(file.descriptor, pass.buffer, 0, pass.buffer.length, null);
      if (count === 0) return settled(file, running.digest('hex'), pass);
      running.update(pass.buffer.subarray(0, count));
      await setImmediate();
      if (pass.limit.signal.aborted) return { kind: 'stopped' };
    }
  } catch (error) {
    return notFound(error);
  } finally {
    closeSync(file.descriptor);
  }
}

function readNow(path: string | Buffer, pass: HashingPass): Found | OpenFile {
  const openedAt = pass.now();
  const descriptor = openSync(path, FLAGS);
  let handedOn = false;
  try {
    const before = fstatSync(descriptor, { bigint: true });
    const file = { descriptor, before, openedAt };
    if (!before.isFile()) return identity('special', '-');
    handedOn = before.size >= BigInt(pass.buffer.length);
    return handedOn ? file : settled(file, hashSmall(file, pass.buffer), pass);
  } finally {
    if (!handedOn) closeSync(descriptor);
  }
}

function hashSmall(file: OpenFile, buffer: Buffer): string {
  const size = Number(file.before.size);
  let total = 0;
  while (total < buffer.length) {
    const count = readSync(file.descriptor, buffer, total, buffer.length - total, null);
    total += count;
    // A file that grows meanwhile shows in its times; one that says 0 (a virtual file) is read until its end.
    if (count === 0 || (size > 0 && total === size)) break;
  }
  return hash('sha256', buffer.subarray(0, total), 'hex');
}

/** The identity of a file that was read, remembered if nothing can have changed it unseen. */
function settled(file: OpenFile, digest: string, pass: HashingPass): Found {
  const after = fstatSync(file.descriptor, { bigint: true });
  const oldest = BigInt(Math.floor(file.openedAt - RACY_MS)) * 1_000_000n;
  const key = cacheKey(after);
  if (key === cacheKey(file.before) && after.mtimeNs < oldest && after.ctimeNs < oldest)
    pass.cache.set(key, digest);
  return identity(typeOf(after), digest);
}

function identity(type: string, digest: string): Found {
  return { kind: 'identity', text: `${type} ${digest}` };
}

/** Git knows two modes of a file, by the owner's execute bit. */
function typeOf(stat: BigIntStats): 'exec' | 'file' {
  return (stat.mode & 0o100n) === 0n ? 'file' : 'exec';
}

function cacheKey(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

function notFound(error: unknown): Found {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'nothing' } : { kind: 'unreadable', why: code };
}
