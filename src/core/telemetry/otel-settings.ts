import { otelVariable, parsePairs, SIGNALS, type Signal } from './otel-variables.ts';
import { readTarget, type Target } from './target.ts';
import { readTraceParent, type TraceParent } from './trace-parent.ts';

/** What telemetry of a run is to be sent, and where to. */
export interface OtelSettings {
  /** null where nothing is sent of that signal. */
  readonly targets: Readonly<Record<Signal, Target | null>>;
  readonly serviceName: string;
  /** OTEL_RESOURCE_ATTRIBUTES. */
  readonly resource: Readonly<Record<string, string>>;
  readonly traceParent: TraceParent | null;
  /** How counters and histograms are told: since the start, or since the last time. */
  readonly temporality: 'cumulative' | 'delta';
  /** How often it is told that the run is still active. */
  readonly intervalMs: number;
}

export interface ReadOtel {
  /** null where nothing is sent at all. */
  readonly settings: OtelSettings | null;
  /** What could not be used, a sentence each; no value of a variable is in it. */
  readonly problems: readonly string[];
}

const DEFAULT_INTERVAL_MS = 60_000;
const SHORTEST_INTERVAL_MS = 1_000;

type Tell = (problem: string) => void;

/**
 * Reads the standard variables (OpenTelemetry, "Environment Variable Specification" and "OTLP Exporter
 * Configuration"). What is malformed is told and passed over: it never refuses a run.
 */
export function readOtelSettings(env: Readonly<Record<string, string | undefined>>): ReadOtel {
  const problems = new Set<string>();
  const tell: Tell = (problem) => void problems.add(problem);
  const isOff = isTrue(otelVariable(env, 'OTEL_SDK_DISABLED'), tell);
  if (isOff) return { settings: null, problems: [] };
  const parent = readTraceParent(env);
  if (parent === 'malformed') tell('TRACEPARENT is no trace parent: the run begins a trace of its own');
  const traceParent = parent === 'malformed' ? null : parent;
  const target = (signal: Signal) => (isExported(env, signal, tell) ? readTarget(env, signal, tell) : null);
  // The default sampler is parentbased_always_on: whoever began the trace has decided.
  const traces = traceParent?.isSampled === false ? null : target('traces');
  const targets = { traces, metrics: target('metrics') };
  if (SIGNALS.every((signal) => targets[signal] === null)) return { settings: null, problems: [...problems] };
  const resource = readResource(env, tell);
  return {
    settings: {
      targets,
      serviceName: otelVariable(env, 'OTEL_SERVICE_NAME') ?? resource['service.name'] ?? 'orchestrator',
      resource,
      traceParent,
      temporality: readTemporality(env, tell),
      intervalMs: readInterval(env, tell),
    },
    problems: [...problems],
  };
}

function isTrue(value: string | null, tell: Tell): boolean {
  const word = value?.toLowerCase() ?? 'false';
  if (word !== 'true' && word !== 'false') tell('OTEL_SDK_DISABLED: expected true or false, taken for false');
  return word === 'true';
}

/** OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER: `none` turns one signal off; every other exporter is unknown here. */
function isExported(env: Readonly<Record<string, string | undefined>>, signal: Signal, tell: Tell): boolean {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const words = (otelVariable(env, name) ?? 'otlp').split(',').map((word) => word.trim());
  if (words.includes('otlp')) return true;
  if (!words.includes('none')) tell(`${name}: expected otlp or none; no ${signal} are sent`);
  return false;
}

function readResource(
  env: Readonly<Record<string, string | undefined>>,
  tell: Tell,
): Readonly<Record<string, string>> {
  const pairs = parsePairs(otelVariable(env, 'OTEL_RESOURCE_ATTRIBUTES') ?? '');
  if (pairs === null) tell('OTEL_RESOURCE_ATTRIBUTES: expected key=value,key=value; left out');
  return Object.fromEntries(pairs ?? []);
}

function readTemporality(
  env: Readonly<Record<string, string | undefined>>,
  tell: Tell,
): OtelSettings['temporality'] {
  const name = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
  const word = otelVariable(env, name)?.toLowerCase() ?? 'cumulative';
  if (word === 'delta' || word === 'lowmemory') return 'delta';
  if (word !== 'cumulative') tell(`${name}: expected cumulative, delta or lowmemory, taken for cumulative`);
  return 'cumulative';
}

function readInterval(env: Readonly<Record<string, string | undefined>>, tell: Tell): number {
  const text = otelVariable(env, 'OTEL_METRIC_EXPORT_INTERVAL');
  if (text === null) return DEFAULT_INTERVAL_MS;
  if (/^[0-9]{1,9}$/.test(text)) return Math.max(SHORTEST_INTERVAL_MS, Number(text));
  tell(`OTEL_METRIC_EXPORT_INTERVAL: expected milliseconds, taken for ${DEFAULT_INTERVAL_MS}`);
  return DEFAULT_INTERVAL_MS;
}
