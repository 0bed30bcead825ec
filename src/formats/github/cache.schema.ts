import * as z from 'zod';

const timeSchema = z.int().nonnegative();

/** One answer of a forge, as it may be asked for again with `If-None-Match`. */
export const cachedAnswerSchema = z.strictObject({
  etag: z.string().min(1).max(1000),
  link: z.string().max(10_000).nullable(),
  body: z.string(),
  /** When the forge last said that this is what it says, Unix ms. */
  checked_at_ms: timeSchema,
});

/** What all runs of one token on one machine share. */
export const sharedStateSchema = z.strictObject({
  last_poll_at_ms: timeSchema,
  /** No request before this time: the forge asked for a pause. */
  limited_until_ms: timeSchema,
  /** Pauses without a success between them. */
  limited_times: z.int().nonnegative(),
  /** Addresses that runs wait for: when one of them last said so, and when it was last polled. */
  watched: z.record(z.string(), z.strictObject({ seen_at_ms: timeSchema, polled_at_ms: timeSchema })),
  answers: z.record(z.string(), cachedAnswerSchema),
});

/** The cache file: the state as a text, and its HMAC-SHA256 under the token. */
export const cacheFileSchema = z.strictObject({
  format: z.literal('orchestrator forge cache 1'),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
  state: z.string(),
});

export type CachedAnswer = z.infer<typeof cachedAnswerSchema>;
export type SharedState = z.infer<typeof sharedStateSchema>;
