import type { RunDocument } from '../../core/run-document.ts';
import type { OtelSettings } from '../../core/telemetry/otel-settings.ts';
import type { Signal } from '../../core/telemetry/otel-variables.ts';
import type { EndedInvocation } from '../../core/telemetry/run-listener.ts';
import type { Span } from '../../core/telemetry/telemetry-data.ts';
import type { OtlpMessage } from '../../formats/otlp/message.ts';
import { metricsRequest } from '../../formats/otlp/metrics-request.ts';
import type { Sender } from '../../formats/otlp/sender.ts';
import { traceRequest } from '../../formats/otlp/trace-request.ts';
import { oneLine } from '../../render/harmless.ts';
import { instanceId } from '../../render/telemetry/identity.ts';
import { activeMetric, runMetrics } from '../../render/telemetry/run-metrics.ts';
import { runSpans } from '../../render/telemetry/run-spans.ts';

/** Spans in one request: some 600 bytes each, and collectors refuse large ones. */
const SPANS_PER_REQUEST = 1_000;

/** Who tells of a run, and since when. */
export interface ToldBy {
  readonly settings: OtelSettings;
  readonly version: string;
  /** Unix ms. */
  readonly startedMs: number;
  readonly document: RunDocument;
}

/** That the run is at work now. */
export function activeRequest(by: ToldBy, atMs: number): OtlpMessage {
  const name = oneLine(pipelineName(by), 200);
  return metricsRequest([activeMetric(name, true)], collectedAt(by, atMs), senderOf(by));
}

/** Everything there is to say of an invocation that has ended. */
export function endRequests(
  by: ToldBy,
  end: EndedInvocation,
  endedMs: number,
): Readonly<Record<Signal, readonly OtlpMessage[]>> {
  const { startedMs, settings } = by;
  const { traceParent } = settings;
  const run = { ...end, startedMs, endedMs, pipelineName: pipelineName(by), traceParent };
  const sender = senderOf(by);
  return {
    traces: batches(runSpans(run)).map((spans) => traceRequest(spans, sender)),
    metrics: [metricsRequest(runMetrics(run), collectedAt(by, endedMs), sender)],
  };
}

function batches(spans: readonly Span[]): readonly (readonly Span[])[] {
  const count = Math.ceil(spans.length / SPANS_PER_REQUEST);
  return Array.from({ length: count }, (_, index) =>
    spans.slice(index * SPANS_PER_REQUEST, (index + 1) * SPANS_PER_REQUEST),
  );
}

/** The operator's own name for it comes first: every run of this product has the same pipeline. */
function pipelineName({ settings, document }: ToldBy): string {
  return settings.resource['cicd.pipeline.name'] ?? document.pipeline;
}

function collectedAt({ startedMs, settings }: ToldBy, atMs: number) {
  return { sinceMs: startedMs, atMs, temporality: settings.temporality };
}

function senderOf({ settings, version, document }: ToldBy): Sender {
  const { resource, serviceName } = settings;
  return {
    scopeName: 'orchestrator',
    version,
    resource: {
      'service.version': version,
      'service.instance.id': instanceId(document.run_id, document.invocations.length),
      ...resource,
      'service.name': serviceName,
    },
  };
}
