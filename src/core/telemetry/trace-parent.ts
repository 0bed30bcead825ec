import type { SpanReference } from './telemetry-data.ts';

/** The span that this process was started in, as a CI system hands it on. */
export interface TraceParent extends SpanReference {
  readonly isSampled: boolean;
  /** null where there is none, or none that could be passed on. */
  readonly traceState: string | null;
}

/** Longer ones may be cut by anybody on the way (W3C Trace Context, 3.3.1.5). */
const MAX_STATE_LENGTH = 512;

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/**
 * Reads TRACEPARENT and TRACESTATE (OpenTelemetry, "Environment Variables as Context Propagation Carriers"; W3C Trace
 * Context, 3.2). null where TRACEPARENT is not set; `malformed` where it is no trace parent: a trace of its own begins.
 */
export function readTraceParent(
  env: Readonly<Record<string, string | undefined>>,
): TraceParent | 'malformed' | null {
  const text = env.TRACEPARENT ?? '';
  if (text === '') return null;
  const parts = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text);
  const [, version = '', traceId = '', spanId = '', flags = '', rest = ''] = parts ?? [];
  if (parts === null || version === 'ff' || (version === '00' && rest !== '')) return 'malformed';
  if (traceId === NO_TRACE || spanId === NO_SPAN) return 'malformed';
  const state = env.TRACESTATE ?? '';
  const isCarried = state !== '' && state.length <= MAX_STATE_LENGTH && /^[\x20-\x7e]+$/.test(state);
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, isSampled, traceState: isCarried ? state : null };
}
