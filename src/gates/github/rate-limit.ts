/** Milliseconds to wait where the forge does not say how long; doubled with each pause in a row. */
const FIRST_PAUSE_MS = 60_000;

/** Doublings, so that a pause that we choose is at most 16 minutes. */
const MAX_DOUBLINGS = 4;

/** A day: a longer pause than any that the API documents is not believed. */
const MAX_PAUSE_MS = 86_400_000;

/** What of an answer can say that the forge wants a pause. */
export interface LimitSigns {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Whether an answer is a rate limit. 403 is one as well as 429 (docs, "Rate limits for the REST API"). */
export function isRateLimit({ status, headers, text }: LimitSigns): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /rate limit|abuse detection/i.test(text.slice(0, 2000))
  );
}

/**
 * Until when to ask nothing, Unix ms: `retry-after`, then `x-ratelimit-reset` where nothing remains, else a minute that
 * doubles with each pause in a row.
 */
export function pausedUntil(headers: Headers, nowMs: number, pausesBefore: number): number {
  const after = whole(headers.get('retry-after'));
  if (after !== null) return nowMs + Math.min(Math.max(after, 1) * 1000, MAX_PAUSE_MS);
  const reset = headers.get('x-ratelimit-remaining') === '0' ? whole(headers.get('x-ratelimit-reset')) : null;
  if (reset !== null && reset * 1000 > nowMs) return Math.min(reset * 1000, nowMs + MAX_PAUSE_MS);
  return nowMs + FIRST_PAUSE_MS * 2 ** Math.min(pausesBefore, MAX_DOUBLINGS);
}

function whole(text: string | null): number | null {
  return text !== null && /^[0-9]{1,12}$/.test(text) ? Number(text) : null;
}
