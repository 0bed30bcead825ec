import * as z from 'zod';
import { TERMINAL_STATES } from '../core/records.ts';
import { EXPLANATION_SCHEMA_VERSION, type ExplanationDocument } from './explanation.ts';
import { AUTHENTICITIES } from './verification.ts';

/** What `explain --json` prints. */
export const explanationSchema: z.ZodType<ExplanationDocument> = z
  .strictObject({
    schema_version: z.literal(EXPLANATION_SCHEMA_VERSION),
    run_id: z.string().nullable(),
    terminal_state: z.enum(TERMINAL_STATES).nullable(),
    verdict: z.string(),
    authenticity: z.enum(AUTHENTICITIES).nullable(),
    why: z.array(z.string()),
    log: z
      .strictObject({
        stage: z.string(),
        stream: z.enum(['stderr', 'stdout']),
        lines: z.array(z.string()),
      })
      .nullable(),
    next: z.strictObject({ command: z.string().nullable(), when: z.string() }),
    docs: z.array(z.string()),
  })
  .meta({
    title: 'Explanation',
    description:
      'What `orchestrator explain --json` says: why a run is not done, and the next command to type.',
  });
