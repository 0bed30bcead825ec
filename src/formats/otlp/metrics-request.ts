import type { Measurement, Metric } from '../../core/telemetry/telemetry-data.ts';
import { keyValues, nanoseconds } from './attributes.ts';
import type { OtlpMessage } from './message.ts';
import { SEMCONV_SCHEMA_URL, type Sender, senderFields } from './sender.ts';

const TEMPORALITY = { delta: 1, cumulative: 2 } as const;

/** The upper bounds of the histogram, in seconds: a run takes from moments to half a day. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200],
];

/** When the values were collected, and how they are meant. */
export interface Collected {
  /** Unix ms. */
  readonly sinceMs: number;
  readonly atMs: number;
  readonly temporality: keyof typeof TEMPORALITY;
}

/** `ExportMetricsServiceRequest` for these metrics. */
export function metricsRequest(
  metrics: readonly Metric[],
  collected: Collected,
  sender: Sender,
): OtlpMessage {
  const { resource, scope } = senderFields(sender);
  const schemaUrl = SEMCONV_SCHEMA_URL;
  const messages = metrics.map((metric) => metricMessage(metric, collected));
  return {
    resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: messages, schemaUrl }], schemaUrl }],
  };
}

function metricMessage(metric: Metric, collected: Collected): OtlpMessage {
  const { name, description, unit, instrument, measurements } = metric;
  const head = { name, description, unit };
  if (instrument === 'histogram') {
    const dataPoints = measurements.map((one) => histogramPoint(one, collected));
    return {
      ...head,
      histogram: { dataPoints, aggregationTemporality: TEMPORALITY[collected.temporality] },
    };
  }
  const isMonotonic = instrument === 'counter';
  // With either preference, what goes up and down is told as it stands (OTLP metrics exporter, "delta").
  const temporality = isMonotonic ? collected.temporality : 'cumulative';
  const dataPoints = measurements.map((one) => ({ ...pointHead(one, collected), asInt: String(one.value) }));
  return { ...head, sum: { dataPoints, aggregationTemporality: TEMPORALITY[temporality], isMonotonic } };
}

function pointHead({ attributes }: Measurement, { sinceMs, atMs }: Collected): OtlpMessage {
  return {
    attributes: keyValues(attributes),
    startTimeUnixNano: nanoseconds(sinceMs),
    timeUnixNano: nanoseconds(atMs),
  };
}

/** One value: a process sees one run. */
function histogramPoint(measurement: Measurement, collected: Collected): OtlpMessage {
  const { value } = measurement;
  const found = DURATION_BOUNDS.findIndex((bound) => value <= bound);
  const bucket = found === -1 ? DURATION_BOUNDS.length : found;
  const bucketCounts = Array.from({ length: DURATION_BOUNDS.length + 1 }, (_, index) =>
    index === bucket ? '1' : '0',
  );
  return {
    ...pointHead(measurement, collected),
    ...{ count: '1', sum: value, min: value, max: value },
    ...{ bucketCounts, explicitBounds: DURATION_BOUNDS },
  };
}
