import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SharedState } from '../../formats/github/cache.schema.ts';
import {
  cacheFileName,
  emptySharedState,
  parseCacheFile,
  serialiseCacheFile,
} from '../../formats/github/cache.ts';
import type { GithubPorts } from './ports.ts';
import { trimmed } from './same-forge.ts';

/** Bytes of a cache file that are read at most. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** How often a lock that somebody holds is tried for, 25 to 100 ms apart. */
const LOCK_TRIES = 60;

/** Where the cache of one token at one forge lies in `folder`; null without a token: nothing could vouch for it. */
export function githubCacheFile(folder: string, baseUrl: string, token: string | null): string | null {
  return token === null ? null : join(folder, cacheFileName(trimmed(baseUrl), token));
}

/**
 * Changes what all runs of one token share, one run after the other. Where the file or its lock cannot be had, the
 * process goes on with a state of its own: it costs requests, never a verdict.
 */
export async function changeShared<Value>(
  ports: GithubPorts,
  change: (state: SharedState) => Value,
): Promise<Value> {
  const { cacheFile, token, memory } = ports;
  if (cacheFile === null || token === null) return change(memory.shared);
  const release = await takeLock(cacheFile);
  if (release === null) return change(memory.shared);
  try {
    const state = readShared(cacheFile, token) ?? emptySharedState();
    const before = JSON.stringify(state);
    const value = change(state);
    if (JSON.stringify(state) !== before) await writeShared(cacheFile, serialiseCacheFile(state, token));
    return value;
  } finally {
    await release().catch(() => undefined);
  }
}

async function takeLock(file: string): Promise<(() => Promise<void>) | null> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { lock } = await import('proper-lockfile');
    return await lock(file, {
      realpath: false,
      retries: { retries: LOCK_TRIES, minTimeout: 25, maxTimeout: 100 },
      onCompromised: () => undefined,
    });
  } catch {
    return null;
  }
}

/** What is there and vouched for; anything else is as good as nothing. */
function readShared(file: string, token: string): SharedState | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile() || size > MAX_FILE_BYTES) return null;
    return parseCacheFile(readFileSync(descriptor), token);
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

async function writeShared(file: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, text, { mode: 0o600, fsync: false }).catch(() => undefined);
}
