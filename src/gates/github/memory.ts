import type { SharedState } from '../../formats/github/cache.schema.ts';
import { emptySharedState } from '../../formats/github/cache.ts';
import type { CallFailure } from './call-failure.ts';

/** An answer that is known; addresses are absolute. */
export interface KnownAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly link: string | null;
  readonly bytes: Uint8Array;
  /** When the forge last said so, Unix ms. */
  readonly checkedAtMs: number;
  /** Whether this process was told; otherwise it is from the shared cache. */
  readonly own: boolean;
}

/** What one process knows of one forge. It lives as long as the run and is never written as it is. */
export interface GithubMemory {
  readonly answers: Map<string, KnownAnswer>;
  /** Gates that were not decided when they were read last, and the addresses whose answers could change that. */
  readonly open: Map<string, readonly string[]>;
  /** Addresses whose answer is new since the cache file was written. */
  readonly unsaved: Set<string>;
  limitedUntilMs: number;
  limitedTimes: number;
  /** Stands in for the cache file where there is none. */
  shared: SharedState;
}

/** Remembers a pause that the forge asked for. */
export function notePause(memory: GithubMemory, failure: CallFailure): void {
  if (failure.kind !== 'limited') return;
  memory.limitedTimes += 1;
  memory.limitedUntilMs = Math.max(memory.limitedUntilMs, failure.retryAtMs ?? 0);
}

/** An empty memory. */
export function newGithubMemory(): GithubMemory {
  return {
    answers: new Map(),
    open: new Map(),
    unsaved: new Set(),
    limitedUntilMs: 0,
    limitedTimes: 0,
    shared: emptySharedState(),
  };
}
