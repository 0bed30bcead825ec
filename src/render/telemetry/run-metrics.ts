import { outcomeOfExecution, outcomeOfRun } from '../../core/telemetry/run-result.ts';
import type { Metric } from '../../core/telemetry/telemetry-data.ts';
import { sayable, type ToldRun } from './told-run.ts';

/** The state that the convention has for a run at work. */
const STATE = { 'cicd.pipeline.run.state': 'executing' } as const;

/** `cicd.pipeline.run.active`: 1 while an invocation works, 0 when it has ended. */
export function activeMetric(pipelineName: string, isActive: boolean): Metric {
  return {
    name: 'cicd.pipeline.run.active',
    description: 'The number of pipeline runs currently active in the system by state.',
    unit: '{run}',
    instrument: 'up-down-counter',
    measurements: [{ value: isActive ? 1 : 0, attributes: { 'cicd.pipeline.name': pipelineName, ...STATE } }],
  };
}

/**
 * The metrics of an invocation that has ended (semantic conventions, "Semantic conventions for CICD metrics"). No run id
 * is in them: it would make a series of every run.
 */
export function runMetrics(run: ToldRun): readonly Metric[] {
  const name = sayable(run, run.pipelineName);
  const { result, errorType } = outcomeOfRun(run);
  const duration: Metric = {
    name: 'cicd.pipeline.run.duration',
    description: 'Duration of a pipeline run grouped by pipeline, state and result.',
    unit: 's',
    instrument: 'histogram',
    measurements: [
      {
        value: Math.max(0, run.endedMs - run.startedMs) / 1000,
        attributes: {
          'cicd.pipeline.name': name,
          ...STATE,
          'cicd.pipeline.result': result,
          'error.type': errorType,
        },
      },
    ],
  };
  return [duration, activeMetric(name, false), ...errorsMetric(run, name)];
}

/** One error for each stage execution that has a class of error, and for what the run ended with; none is no metric. */
function errorsMetric(run: ToldRun, name: string): readonly Metric[] {
  const counts = new Map<string, number>();
  for (const type of errorsOf(run)) counts.set(type, (counts.get(type) ?? 0) + 1);
  if (counts.size === 0) return [];
  return [
    {
      name: 'cicd.pipeline.run.errors',
      description: 'The number of errors encountered in pipeline runs (eg. compile, test failures).',
      unit: '{error}',
      instrument: 'counter',
      measurements: [...counts].map(([type, value]) => ({
        value,
        attributes: { 'cicd.pipeline.name': name, 'error.type': type },
      })),
    },
  ];
}

function errorsOf(run: ToldRun): readonly string[] {
  const { document, firstExecution } = run;
  const ofTasks = document.stage_executions.slice(firstExecution).flatMap(({ status }) => {
    const { errorType } = outcomeOfExecution(status);
    return errorType === null ? [] : [errorType];
  });
  const { errorType } = outcomeOfRun(run);
  const isBlocked = run.failure === null && document.blocked_reason_codes.length > 0;
  const ofRun = isBlocked ? document.blocked_reason_codes : errorType === null ? [] : [errorType];
  return [...ofTasks, ...ofRun];
}
