/** Milliseconds that a limit lasts where the forge does not say. */
const DEFAULT_DELAY_MS = 60_000;

/** No limit is waited for longer than this: an hour, the longest window that the documentation names. */
const LONGEST_DELAY_MS = 3_600_000;

/**
 * How long a rate limit lasts (ms); null where the answer is none. 429 always is one, 403 where the headers say so.
 * `retry-after` counts before the time of the reset (docs, "Rate limits": headers).
 */
export function limitDelayMs(status: number, headers: Headers, nowMs: number): number | null {
  const after = secondsOf(headers.get('retry-after'));
  const spent = headers.get('ratelimit-remaining') === '0';
  if (status !== 429 && !(status === 403 && (after !== null || spent))) return null;
  const reset = secondsOf(headers.get('ratelimit-reset'));
  const delay = after !== null ? after * 1000 : reset !== null ? reset * 1000 - nowMs : DEFAULT_DELAY_MS;
  return Math.min(LONGEST_DELAY_MS, Math.max(1000, delay));
}

/** What a status means for whoever has to mend it. */
export function describeStatus(status: number): { readonly words: string; readonly remedy: string } {
  if (status >= 300 && status < 400) {
    return {
      words: 'a redirect, which is not followed',
      remedy: 'set the base URL to where the forge really is',
    };
  }
  switch (status) {
    case 401:
      return { words: 'the token is not accepted', remedy: 'make a new token with the scope read_api' };
    case 403:
      return {
        words: 'the token lacks a right',
        remedy:
          'give the token the scope read_api (api for delivery) and its account the role Reporter or more',
      };
    case 404:
      return {
        words: 'it is not there, or the token may not see it',
        remedy: 'look at the project and the number, and whether the account of the token is a member',
      };
    default:
      return status >= 500
        ? { words: 'the forge has an error', remedy: 'try again later with --resume' }
        : { words: 'which is not an answer to this question', remedy: 'look at the forge' };
  }
}

function secondsOf(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
