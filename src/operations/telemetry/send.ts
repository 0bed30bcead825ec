import { gzipSync } from 'node:zlib';
import type { OtelSettings } from '../../core/telemetry/otel-settings.ts';
import type { Signal } from '../../core/telemetry/otel-variables.ts';
import type { Target } from '../../core/telemetry/target.ts';
import { METRICS_REQUEST, TRACE_REQUEST } from '../../formats/otlp/fields.ts';
import type { OtlpMessage } from '../../formats/otlp/message.ts';
import { encodeProtobuf } from '../../formats/otlp/protobuf.ts';
import type { SenderProcess } from '../../process/sender-process.ts';

/** Sends the requests of a signal; null when they were taken or nobody wants them, else where they were not, and why. */
export type Send = (signal: Signal, messages: readonly OtlpMessage[]) => Promise<string | null>;

/** Encodes for each target as it asks for, and hands over to the process that sends. */
export function createSend(senderNow: () => SenderProcess | null, targets: OtelSettings['targets']): Send {
  return async (signal, messages) => {
    const target = targets[signal];
    const sender = senderNow();
    if (target === null || sender === null) return null;
    const { url, certificate, timeoutMs } = target;
    const problem = await sender.deliver({
      ...{ signal, url, certificate, timeoutMs },
      headers: headersOf(target),
      bodies: messages.map((message) => encode(message, target, signal).toString('base64')),
    });
    return problem === null ? null : `${signal} were not taken by ${target.shownAs} (${problem})`;
  };
}

const FIELDS = { traces: TRACE_REQUEST, metrics: METRICS_REQUEST } as const;

function encode(message: OtlpMessage, { protocol, isCompressed }: Target, signal: Signal): Buffer {
  const isJson = protocol === 'http/json';
  const plain = isJson ? Buffer.from(JSON.stringify(message)) : encodeProtobuf(message, FIELDS[signal]);
  return isCompressed ? gzipSync(plain) : plain;
}

/** Ours come last: they say what the body is. */
function headersOf({ headers, protocol, isCompressed }: Target): Readonly<Record<string, string>> {
  return {
    'user-agent': 'orchestrator',
    ...headers,
    'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
  };
}
