/**
 * The fields of OTLP 1.x that are sent (opentelemetry-proto: collector/trace/v1, collector/metrics/v1, trace/v1,
 * metrics/v1, common/v1, resource/v1). Numbers and types never change there; a test decodes with the definitions.
 */
import type { MessageFields } from './message.ts';

const anyValue: MessageFields = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => arrayValue],
};
const arrayValue: MessageFields = { values: [1, () => anyValue] };
const keyValue: MessageFields = { key: [1, 'string'], value: [2, () => anyValue] };
const resource: MessageFields = { attributes: [1, () => keyValue] };
const scope: MessageFields = { name: [1, 'string'], version: [2, 'string'] };

const event: MessageFields = {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, () => keyValue],
};
const link: MessageFields = { traceId: [1, 'hex'], spanId: [2, 'hex'], flags: [6, 'fixed32'] };
const status: MessageFields = { code: [3, 'varint'] };
const span: MessageFields = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => keyValue],
  events: [11, () => event],
  links: [13, () => link],
  status: [15, () => status],
  flags: [16, 'fixed32'],
};
const scopeSpans: MessageFields = {
  scope: [1, () => scope],
  spans: [2, () => span],
  schemaUrl: [3, 'string'],
};
const resourceSpans: MessageFields = {
  resource: [1, () => resource],
  scopeSpans: [2, () => scopeSpans],
  schemaUrl: [3, 'string'],
};

/** `ExportTraceServiceRequest`. */
export const TRACE_REQUEST: MessageFields = { resourceSpans: [1, () => resourceSpans] };

const numberDataPoint: MessageFields = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asInt: [6, 'fixed64'],
  attributes: [7, () => keyValue],
};
const sum: MessageFields = {
  dataPoints: [1, () => numberDataPoint],
  aggregationTemporality: [2, 'varint'],
  isMonotonic: [3, 'bool'],
};
const histogramDataPoint: MessageFields = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'packed-fixed64'],
  explicitBounds: [7, 'packed-double'],
  attributes: [9, () => keyValue],
  min: [11, 'double'],
  max: [12, 'double'],
};
const histogram: MessageFields = {
  dataPoints: [1, () => histogramDataPoint],
  aggregationTemporality: [2, 'varint'],
};
const metric: MessageFields = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  sum: [7, () => sum],
  histogram: [9, () => histogram],
};
const scopeMetrics: MessageFields = {
  scope: [1, () => scope],
  metrics: [2, () => metric],
  schemaUrl: [3, 'string'],
};
const resourceMetrics: MessageFields = {
  resource: [1, () => resource],
  scopeMetrics: [2, () => scopeMetrics],
  schemaUrl: [3, 'string'],
};

/** `ExportMetricsServiceRequest`. */
export const METRICS_REQUEST: MessageFields = { resourceMetrics: [1, () => resourceMetrics] };
