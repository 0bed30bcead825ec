/** What a collector has been told, in a form that tests can look at. */

type Json = Readonly<Record<string, unknown>>;
export type Values = Readonly<Record<string, unknown>>;

export interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly status: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Values;
  readonly events: readonly { readonly name: string; readonly attributes: Values }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface SeenPoint {
  readonly metric: string;
  readonly unit: string;
  readonly kind: 'sum' | 'histogram';
  readonly temporality: number;
  readonly isMonotonic: boolean;
  /** Of a histogram the sum. */
  readonly value: number;
  readonly buckets: readonly string[];
  readonly attributes: Values;
}

export interface SeenSender {
  readonly schemaUrl: string;
  readonly scope: string;
  readonly resource: Values;
}

/** Reads an `ExportTraceServiceRequest`. */
export function seenSpans(message: unknown): readonly SeenSpan[] {
  return listIn(message, 'resourceSpans')
    .flatMap((one) => listIn(one, 'scopeSpans'))
    .flatMap((one) => listIn(one, 'spans'))
    .map(seenSpan);
}

/** Reads an `ExportMetricsServiceRequest`. */
export function seenPoints(message: unknown): readonly SeenPoint[] {
  return listIn(message, 'resourceMetrics')
    .flatMap((one) => listIn(one, 'scopeMetrics'))
    .flatMap((one) => listIn(one, 'metrics'))
    .flatMap(seenPointsOf);
}

/** Who has sent it. */
export function seenSender(message: unknown): SeenSender {
  const [first = {}] = [...listIn(message, 'resourceSpans'), ...listIn(message, 'resourceMetrics')];
  const [scoped = {}] = [...listIn(first, 'scopeSpans'), ...listIn(first, 'scopeMetrics')];
  return {
    schemaUrl: textIn(scoped, 'schemaUrl'),
    scope: textIn(fieldOf(scoped, 'scope'), 'name'),
    resource: attributesIn(fieldOf(first, 'resource')),
  };
}

function seenSpan(span: Json): SeenSpan {
  return {
    name: textIn(span, 'name'),
    kind: Number(span.kind),
    traceId: idIn(span, 'traceId'),
    spanId: idIn(span, 'spanId'),
    parentSpanId: idIn(span, 'parentSpanId'),
    traceState: textIn(span, 'traceState'),
    status: Number(fieldOf(span, 'status').code ?? 0),
    startMs: millisecondsIn(span, 'startTimeUnixNano'),
    endMs: millisecondsIn(span, 'endTimeUnixNano'),
    attributes: attributesIn(span),
    events: listIn(span, 'events').map((one) => ({
      name: textIn(one, 'name'),
      attributes: attributesIn(one),
    })),
    links: listIn(span, 'links').map((one) => ({
      traceId: idIn(one, 'traceId'),
      spanId: idIn(one, 'spanId'),
    })),
  };
}

function seenPointsOf(metric: Json): readonly SeenPoint[] {
  const kind = metric.histogram === undefined ? 'sum' : 'histogram';
  const data = fieldOf(metric, kind);
  return listIn(data, 'dataPoints').map((point) => ({
    metric: textIn(metric, 'name'),
    unit: textIn(metric, 'unit'),
    kind,
    temporality: Number(data.aggregationTemporality),
    isMonotonic: data.isMonotonic === true,
    value: Number(kind === 'sum' ? point.asInt : point.sum),
    buckets: Array.isArray(point.bucketCounts) ? point.bucketCounts.map(String) : [],
    attributes: attributesIn(point),
  }));
}

function attributesIn(holder: Json): Values {
  const pairs = listIn(holder, 'attributes').map(
    (one) => [textIn(one, 'key'), plainValue(fieldOf(one, 'value'))] as const,
  );
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error('a key is there twice');
  return Object.fromEntries(pairs);
}

function plainValue(value: Json): unknown {
  if (value.arrayValue !== undefined) return listIn(value.arrayValue, 'values').map(plainValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

function millisecondsIn(holder: Json, key: string): number {
  return Number(BigInt(String(holder[key])) / 1_000_000n);
}

function idIn(holder: Json, key: string): string {
  const bytes = holder[key];
  return Array.isArray(bytes) ? Buffer.from(bytes).toString('hex') : '';
}

function textIn(holder: Json, key: string): string {
  const value = holder[key];
  return typeof value === 'string' ? value : '';
}

function fieldOf(holder: unknown, key: string): Json {
  const value: unknown = isObject(holder) ? holder[key] : undefined;
  return isObject(value) ? value : {};
}

function listIn(holder: unknown, key: string): readonly Json[] {
  const value = isObject(holder) ? holder[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
