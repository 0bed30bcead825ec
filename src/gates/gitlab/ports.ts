import type { Clock } from '../../core/clock.ts';
import type { GitlabMemory } from './memory.ts';

/** What a reader of a forge needs of the outside world. */
export interface GitlabPorts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Sent to the host of `baseUrl` and to no other. */
  readonly token: string;
  /** Of the REST API: `https://gitlab.com/api/v4`. */
  readonly baseUrl: string;
  /** Ends everything that is still going on. */
  readonly signal: AbortSignal;
  /** One for the whole run, of `newGitlabMemory`; left out, everything is asked each time. */
  readonly memory?: GitlabMemory;
  /** Milliseconds for one request; `REQUEST_LIMIT_MS` where left out. */
  readonly requestLimitMs?: number;
}

/** Milliseconds that one request may take. */
export const REQUEST_LIMIT_MS = 30_000;

/** Bytes that one answer may have; one page of a hundred jobs has under one MiB. */
export const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;
