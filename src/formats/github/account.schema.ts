import * as z from 'zod';

/** A full commit id, SHA-1 or SHA-256, as the API writes it. */
export const shaSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** Ids are rising positive integers. */
export const idSchema = z.int().positive();

/** An account ("simple user"); null where it was deleted. */
export const accountSchema = z.looseObject({
  id: idSchema,
  login: z.string().min(1).max(300),
  type: z.string().min(1).max(100),
});
