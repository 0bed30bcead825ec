import type { SpanReference } from '../../core/telemetry/telemetry-data.ts';
import { sha256 } from '../../formats/sha256.ts';

/**
 * The ids follow from the run id, so that every invocation of a run has one trace and can name the span of the one
 * before, without anything of it being kept.
 */
export function invocationSpan(runId: string, invocation: number): SpanReference {
  return { traceId: derived(`trace ${runId}`, 32), spanId: derived(`invocation ${runId} ${invocation}`, 16) };
}

/** The span of one stage execution, by its place among those of the run. */
export function executionSpanId(runId: string, index: number): string {
  return derived(`execution ${runId} ${index}`, 16);
}

/** `service.instance.id`: tells the metrics of one invocation from those of another; a UUID (version 8, RFC 9562). */
export function instanceId(runId: string, invocation: number): string {
  const hex = derived(`instance ${runId} ${invocation}`, 32);
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

function derived(text: string, length: number): string {
  return sha256(`orchestrator telemetry: ${text}`).slice(0, length);
}
