import { isUndecided } from '../../core/gates/undecided.ts';
import type { GateDecision } from '../../core/records.ts';
import { outcomeOfRun } from '../../core/telemetry/run-result.ts';
import type { Span, SpanEvent } from '../../core/telemetry/telemetry-data.ts';
import { executionSpan } from './execution-span.ts';
import { invocationSpan } from './identity.ts';
import { sayable, type ToldRun } from './told-run.ts';

/** More would be refused by collectors; the latest count. */
const MAX_EXECUTIONS = 10_000;

/**
 * The spans of one invocation: one of kind SERVER for the pipeline run, below it one for each stage execution (semantic
 * conventions, "Semantic conventions for CICD spans"). Gates are events of the first. The trace is the run's own, or
 * the one that TRACEPARENT names; a resumed invocation links to the span of the one before.
 */
export function runSpans(run: ToldRun): readonly Span[] {
  const { document, firstExecution, traceParent } = run;
  const root = rootSpan(run);
  const own = document.stage_executions.slice(firstExecution);
  const told = own.slice(-MAX_EXECUTIONS);
  const skippedOver = document.stage_executions.length - told.length;
  const traceState = traceParent?.traceState ?? null;
  const children = told.map((execution, index) =>
    executionSpan(run, { execution, index: skippedOver + index, parent: root, traceState }),
  );
  return [root, ...children];
}

function rootSpan(run: ToldRun): Span {
  const { document, traceParent, startedMs, endedMs } = run;
  const invocation = document.invocations.length;
  const own = invocationSpan(document.run_id, invocation);
  const { result, errorType } = outcomeOfRun(run);
  return {
    traceId: traceParent?.traceId ?? own.traceId,
    spanId: own.spanId,
    parentSpanId: traceParent?.spanId ?? null,
    isParentRemote: traceParent !== null,
    traceState: traceParent?.traceState ?? null,
    name: `RUN ${sayable(run, run.pipelineName)}`,
    kind: 'server',
    startMs: startedMs,
    endMs: Math.max(startedMs, endedMs),
    isError: errorType !== null,
    attributes: {
      'cicd.pipeline.name': sayable(run, run.pipelineName),
      'cicd.pipeline.run.id': document.run_id,
      'cicd.pipeline.action.name': 'RUN',
      'cicd.pipeline.result': result,
      'error.type': errorType,
      'process.exit.code': run.exitCode,
      'vcs.ref.head.revision': document.repo.head,
      'orchestrator.invocation': invocation,
      'orchestrator.resumed': invocation > 1,
      'orchestrator.stage': stageOf(run),
      'orchestrator.blocked_reason_codes':
        document.blocked_reason_codes.length === 0 ? null : document.blocked_reason_codes,
    },
    events: gateEvents(run),
    links: invocation > 1 ? [invocationSpan(document.run_id, invocation - 1)] : [],
  };
}

/** The stage that the run stands in, or stood in when it ended. */
function stageOf({ document: { state } }: ToldRun): string | null {
  return state.status === 'pending' ? null : state.progress.stage;
}

/** What was decided is dated by the end of the invocation: no record says when exactly it was. */
function gateEvents(run: ToldRun): readonly SpanEvent[] {
  const { policy_admission: admission, gate_decisions: decisions } = run.document;
  const decided = decisions.filter((one) => !isUndecided(one));
  return [
    ...(admission === null ? [] : [gateEvent(run, 'orchestrator.admission', admission)]),
    ...decided.map((decision) => gateEvent(run, 'orchestrator.gate', decision)),
  ];
}

function gateEvent(run: ToldRun, name: string, decision: GateDecision): SpanEvent {
  return {
    name,
    atMs: Math.max(run.startedMs, run.endedMs),
    attributes: {
      'orchestrator.gate.name': decision.gate,
      'orchestrator.gate.status': sayable(run, decision.status),
      'orchestrator.gate.passed': decision.passed,
      'orchestrator.gate.source': sayable(run, decision.source),
      'orchestrator.gate.carried_over': decision.carried_over,
      'error.type': decision.reason_code,
    },
  };
}
