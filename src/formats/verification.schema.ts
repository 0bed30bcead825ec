import * as z from 'zod';
import { TERMINAL_STATES } from '../core/records.ts';
import {
  AUTHENTICITIES,
  CHECK_VERDICTS,
  VERIFICATION_SCHEMA_VERSION,
  type VerificationDocument,
} from './verification.ts';

/** What `verify --json` prints. */
export const verificationSchema: z.ZodType<VerificationDocument> = z
  .strictObject({
    schema_version: z.literal(VERIFICATION_SCHEMA_VERSION),
    exit_code: z.int(),
    closure_ready: z.boolean(),
    run_id: z.string().nullable(),
    terminal_state: z.enum(TERMINAL_STATES).nullable(),
    authenticity: z.enum(AUTHENTICITIES).nullable(),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        verdict: z.enum(CHECK_VERDICTS),
        detail: z.string(),
        required: z.boolean(),
      }),
    ),
    reasons: z.array(z.string()),
  })
  .meta({
    title: 'Verification',
    description: 'What `orchestrator verify --json` checked, what it did not, and what follows.',
  });
