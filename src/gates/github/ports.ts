import type { Clock } from '../../core/clock.ts';
import type { GithubMemory } from './memory.ts';

/** What a reading of GitHub needs from outside. */
export interface GithubPorts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** null asks as nobody: public repositories only, 60 requests an hour, and no shared cache. */
  readonly token: string | null;
  /** Of the REST API: `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  readonly baseUrl: string;
  /** Absolute; `githubCacheFile` names it. null shares nothing with other runs. */
  readonly cacheFile: string | null;
  readonly signal: AbortSignal;
  /** One for the whole run, of `newGithubMemory`: what this process itself was told. */
  readonly memory: GithubMemory;
  /** Milliseconds for one request with its answer; 30 s where it is left out. */
  readonly timeoutMs?: number;
  /** Milliseconds between two polls of all runs of one token; `POLL_INTERVAL_MS` where it is left out. */
  readonly pollMs?: number;
}

/**
 * `waiting` may answer from what was read less than a poll interval ago, as long as the answer is "not yet";
 * `closing` asks the forge again, and only its answer may open a gate.
 */
export type ReadPurpose = 'waiting' | 'closing';

/** Milliseconds between two polls of all runs of one token, and how long an answer is young. */
export const POLL_INTERVAL_MS = 60_000;

/** Milliseconds between two polls, as this run was told. */
export function pollMsOf(ports: Pick<GithubPorts, 'pollMs'>): number {
  return ports.pollMs ?? POLL_INTERVAL_MS;
}
