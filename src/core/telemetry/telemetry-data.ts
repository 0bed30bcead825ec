/** What a span, an event or a measurement says about itself; null is left out. */
export type AttributeValue = string | number | boolean | readonly string[] | null;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Another span that this one belongs with, by the ids of W3C Trace Context, in lower-case hex. */
export interface SpanReference {
  readonly traceId: string;
  readonly spanId: string;
}

export interface SpanEvent {
  readonly name: string;
  /** Unix ms. */
  readonly atMs: number;
  readonly attributes: Attributes;
}

/** One span, independent of how it is encoded. */
export interface Span extends SpanReference {
  /** null for the first one of a trace. */
  readonly parentSpanId: string | null;
  /** Whether the parent is a span of another process. */
  readonly isParentRemote: boolean;
  /** W3C `tracestate` as the parent gave it; null where there was none. */
  readonly traceState: string | null;
  readonly name: string;
  readonly kind: 'server' | 'internal';
  /** Unix ms; `endMs` is not before `startMs`. */
  readonly startMs: number;
  readonly endMs: number;
  readonly isError: boolean;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanReference[];
}

/** One measured value with what it is grouped by. */
export interface Measurement {
  readonly value: number;
  readonly attributes: Attributes;
}

/** One metric of this process; `measurements` is not empty. */
export interface Metric {
  readonly name: string;
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
  readonly instrument: 'counter' | 'up-down-counter' | 'histogram';
  readonly measurements: readonly Measurement[];
}
