import * as z from 'zod';
import { GATE_ORDER } from '../core/gates/gate.ts';
import type { GateQuestion } from '../core/gates/gate-question.ts';

/** Version of what a `command:` source is asked. */
export const GATE_QUESTION_SCHEMA_VERSION = '1.0';

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a `command:` source finds on its standard input. */
export const gateQuestionSchema = z
  .strictObject({
    schema_version: z.string(),
    gate: z.enum(GATE_ORDER),
    moment: z.enum(['admission', 'closure']),
    subject: z.strictObject({
      run_id: z.string(),
      head_sha: objectId.nullable(),
      base_sha: objectId.nullable(),
      tree_digest: digest.nullable(),
    }),
    plan_digest: digest.nullable(),
    asked_at_unix_secs: z.number().int().nonnegative(),
  })
  .meta({ title: 'Gate question', description: 'What a command: source is asked, on its standard input.' });

/** The question's text, one line of JSON. */
export function serialiseGateQuestion(question: GateQuestion): string {
  const { run_id, head_sha, base_sha, tree_digest } = question.subject;
  const document: z.infer<typeof gateQuestionSchema> = {
    schema_version: GATE_QUESTION_SCHEMA_VERSION,
    gate: question.gate,
    moment: question.moment,
    subject: { run_id, head_sha, base_sha, tree_digest },
    plan_digest: question.planDigest,
    asked_at_unix_secs: question.nowSecs,
  };
  return `${JSON.stringify(document)}\n`;
}
