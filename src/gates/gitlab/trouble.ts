/** Why the forge's word could not be had. */
export interface Trouble {
  /** The status of the answer, null where there was none. */
  readonly status: number | null;
  /** What was asked and what came instead, in words. */
  readonly message: string;
  readonly remedy: string;
  /** Set where a rate limit ends by itself: milliseconds until it may be asked again. */
  readonly retryAfterMs: number | null;
}

/** Trouble without a status: nothing that came can be used. */
export function trouble(
  message: string,
  remedy = 'look whether the forge can be reached, then --resume',
): Trouble {
  return { status: null, message, remedy, retryAfterMs: null };
}
