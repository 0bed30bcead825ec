import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../sha256.ts';
import { cacheFileSchema, type SharedState, sharedStateSchema } from './cache.schema.ts';
import { parseAnswer } from './parse.ts';

/** Nothing shared yet. */
export function emptySharedState(): SharedState {
  return { last_poll_at_ms: 0, limited_until_ms: 0, limited_times: 0, watched: {}, answers: {} };
}

/**
 * The state in a cache file, or null where the bytes are damaged or were not written by somebody who has the token: an
 * agent of the same account could otherwise put answers into a forge's mouth, and the forge would confirm their ETag.
 */
export function parseCacheFile(bytes: Uint8Array, token: string): SharedState | null {
  const file = parseAnswer(cacheFileSchema, bytes);
  if (!file.ok) return null;
  const expected = Buffer.from(macOf(file.value.state, token), 'hex');
  if (!timingSafeEqual(expected, Buffer.from(file.value.mac, 'hex'))) return null;
  const state = parseAnswer(sharedStateSchema, Buffer.from(file.value.state, 'utf8'));
  return state.ok ? state.value : null;
}

/** The bytes of a cache file. */
export function serialiseCacheFile(state: SharedState, token: string): string {
  const text = JSON.stringify(state);
  const file = { format: 'orchestrator forge cache 1', mac: macOf(text, token), state: text };
  return `${JSON.stringify(file)}\n`;
}

/** A name for the cache of one token at one forge that tells neither. */
export function cacheFileName(baseUrl: string, token: string): string {
  return `forge-${sha256(JSON.stringify([baseUrl, sha256(token)])).slice(0, 32)}.json`;
}

function macOf(text: string, token: string): string {
  return createHmac('sha256', token).update(text).digest('hex');
}
