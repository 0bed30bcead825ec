import type { Span, SpanReference } from '../../core/telemetry/telemetry-data.ts';
import { keyValues, nanoseconds } from './attributes.ts';
import type { OtlpMessage } from './message.ts';
import { SEMCONV_SCHEMA_URL, type Sender, senderFields } from './sender.ts';

const KIND = { internal: 1, server: 2 } as const;
const STATUS_ERROR = 2;

/** Bits of `flags`: W3C "sampled", and whether it is known, and so, that the other span is remote (OTLP, SpanFlags). */
const SAMPLED = 0x01;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** `ExportTraceServiceRequest` for these spans. */
export function traceRequest(spans: readonly Span[], sender: Sender): OtlpMessage {
  const { resource, scope } = senderFields(sender);
  const schemaUrl = SEMCONV_SCHEMA_URL;
  const scopeSpans = [{ scope, spans: spans.map(spanMessage), schemaUrl }];
  return { resourceSpans: [{ resource, scopeSpans, schemaUrl }] };
}

function spanMessage(span: Span): OtlpMessage {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.traceState === null ? {} : { traceState: span.traceState }),
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND[span.kind],
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: keyValues(span.attributes),
    events: span.events.map(({ name, atMs, attributes }) => ({
      timeUnixNano: nanoseconds(atMs),
      name,
      attributes: keyValues(attributes),
    })),
    links: span.links.map(linkMessage),
    status: span.isError ? { code: STATUS_ERROR } : {},
    flags: SAMPLED | HAS_IS_REMOTE | (span.isParentRemote ? IS_REMOTE : 0),
  };
}

/** What is linked to was made by another process. */
function linkMessage({ traceId, spanId }: SpanReference): OtlpMessage {
  return { traceId, spanId, flags: SAMPLED | HAS_IS_REMOTE | IS_REMOTE };
}
