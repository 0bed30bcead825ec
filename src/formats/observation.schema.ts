import * as z from 'zod';
import { DELIVERY_STEPS } from '../core/delivery/delivery-step.ts';
import { GATE_ORDER } from '../core/gates/gate.ts';
import type { ObservationLine } from './observation.ts';
import {
  failureSchema,
  gateDecisionSchema,
  stageExecutionSchema,
  terminalStateSchema,
} from './records.schema.ts';

const time = z.iso.datetime();
const count = z.int().nonnegative();

/** One line of `--json`. */
export const observationLineSchema: z.ZodType<ObservationLine> = z
  .discriminatedUnion('type', [
    z.strictObject({
      time,
      type: z.literal('run-started'),
      run_id: z.string(),
      out_dir: z.string(),
      resumed: z.boolean(),
    }),
    z.strictObject({ time, type: z.literal('notice'), text: z.string() }),
    z.strictObject({ time, type: z.literal('stage-entered'), stage: z.string() }),
    z.strictObject({
      time,
      type: z.literal('stage-skipped'),
      stage: z.string(),
      counts: z.string().nullable(),
    }),
    z.strictObject({ time, type: z.literal('stage-not-configured'), stage: z.string() }),
    z.strictObject({
      time,
      type: z.literal('attempt-started'),
      stage: z.string(),
      step: z.string(),
      attempt: count,
      command: z.string(),
    }),
    z.strictObject({
      time,
      type: z.literal('attempt-output'),
      stage: z.string(),
      step: z.string(),
      stream: z.enum(['stdout', 'stderr']),
      line: z.string(),
    }),
    z.strictObject({ time, type: z.literal('attempt-ended'), execution: stageExecutionSchema }),
    z.strictObject({ time, type: z.literal('remediation-asked'), cycle: count, steps: count }),
    z.strictObject({
      time,
      type: z.literal('gate-waiting'),
      gate: z.enum(GATE_ORDER),
      for: z.array(z.string()),
      left_ms: count,
    }),
    z.strictObject({ time, type: z.literal('admission-decided'), decision: gateDecisionSchema }),
    z.strictObject({
      time,
      type: z.literal('delivered'),
      step: z.enum(DELIVERY_STEPS),
      text: z.string(),
    }),
    z.strictObject({ time, type: z.literal('gate-decided'), decision: gateDecisionSchema }),
    z.strictObject({
      time,
      type: z.literal('run-ended'),
      run_id: z.string(),
      terminal_state: terminalStateSchema.nullable(),
      failure: failureSchema.nullable(),
      blocked_reason_codes: z.array(z.string()),
      gate_decisions: z.array(gateDecisionSchema),
      report: z.string(),
      checkpoint: z.string(),
      duration_ms: count,
      exit_code: z.int(),
      next: z.strictObject({ command: z.string().nullable(), when: z.string() }),
    }),
  ])
  .meta({
    title: 'Observation',
    description: 'One line of `orchestrator --json`: what a run says as it works.',
  });
