import type { StoredRole } from '../../core/config/stored-config.ts';
import type { StageExecution } from '../../core/records.ts';
import { outcomeOfExecution } from '../../core/telemetry/run-result.ts';
import type { Attributes, Span, SpanReference } from '../../core/telemetry/telemetry-data.ts';
import { executionSpanId } from './identity.ts';
import { sayable, type ToldRun } from './told-run.ts';

/** One record of the run, and where it belongs. */
export interface PlacedExecution {
  readonly execution: StageExecution;
  /** Among all of the run. */
  readonly index: number;
  readonly parent: SpanReference;
  readonly traceState: string | null;
}

/** The span of one stage execution: a task of the pipeline, INTERNAL. What was printed, or went wrong in words, stays. */
export function executionSpan(run: ToldRun, placed: PlacedExecution): Span {
  const { execution, parent } = placed;
  const { result, errorType } = outcomeOfExecution(execution.status);
  const name = sayable(run, taskName(execution));
  const startMs = execution.started_at_unix_ms;
  return {
    traceId: parent.traceId,
    spanId: executionSpanId(run.document.run_id, placed.index),
    parentSpanId: parent.spanId,
    isParentRemote: false,
    traceState: placed.traceState,
    name,
    kind: 'internal',
    startMs,
    endMs: startMs + Math.max(0, execution.duration_ms),
    isError: errorType !== null,
    attributes: {
      'cicd.pipeline.task.name': name,
      'cicd.pipeline.task.run.id': sayable(run, execution.idempotency_key),
      'cicd.pipeline.task.run.result': result,
      'cicd.pipeline.task.type': taskType(execution.stage),
      'error.type': errorType,
      'process.exit.code': execution.exit_code,
      'orchestrator.stage': sayable(run, execution.stage),
      'orchestrator.step': sayable(run, execution.step),
      'orchestrator.attempt': execution.attempt,
      'orchestrator.cycle': execution.cycle,
      'orchestrator.signal': execution.signal,
      ...agentAttributes(run, execution),
    },
    events: [],
    links: [],
  };
}

/** `execution`, and where a stage has several steps, which: `validation/command-1`. */
function taskName({ stage, step }: StageExecution): string {
  return step.startsWith('command-') ? `${stage}/${step}` : stage;
}

/** `test` is well known; the convention lets others be named as they are. */
function taskType(stage: string): string {
  switch (stage) {
    case 'planning':
      return 'plan';
    case 'execution':
      return 'execute';
    case 'validation':
      return 'test';
    default:
      return 'gate';
  }
}

/** What an agent says it used, by the names of the GenAI conventions; cost and turns have none there. */
function agentAttributes(run: ToldRun, { step, usage }: StageExecution): Attributes {
  const role = roleOf(run, step);
  return {
    'gen_ai.agent.name': role?.agent ?? null,
    'gen_ai.request.model': role?.model ? sayable(run, role.model) : null,
    'gen_ai.usage.input_tokens': usage?.input_tokens ?? null,
    'gen_ai.usage.output_tokens': usage?.output_tokens ?? null,
    'orchestrator.usage.cost_usd': usage?.cost_usd ?? null,
    'orchestrator.usage.turns': usage?.turns ?? null,
  };
}

function roleOf({ document: { config } }: ToldRun, step: string): StoredRole | null {
  return step === 'manager' || step === 'executor' || step === 'reviewer' ? config[step] : null;
}
