/** Reads requests with the protocol's own definitions, as the official package has them generated. */
import { createRequire } from 'node:module';

/** A message class that protobufjs has generated. */
interface Definition {
  decode(bytes: Uint8Array): object;
  fromObject(message: object): object;
  verify(message: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  toObject(
    message: object,
    how: { longs: typeof String; bytes: typeof Array; enums: typeof Number },
  ): unknown;
}

const load = createRequire(import.meta.url);
// Boundary: the package's own types do not say what it generates.
const generated: {
  opentelemetry: {
    proto: {
      collector: {
        trace: { v1: { ExportTraceServiceRequest: Definition } };
        metrics: { v1: { ExportMetricsServiceRequest: Definition } };
      };
    };
  };
} = load('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { trace, metrics } = generated.opentelemetry.proto.collector;

export type Signal = 'traces' | 'metrics';

const DEFINITIONS: Readonly<Record<Signal, Definition>> = {
  traces: trace.v1.ExportTraceServiceRequest,
  metrics: metrics.v1.ExportMetricsServiceRequest,
};

/** The message in a binary body. Throws where it is none, or has a field that the definitions do not know. */
export function readBinary(signal: Signal, body: Uint8Array): unknown {
  const definition = DEFINITIONS[signal];
  const message = definition.decode(body);
  // What is not known is dropped by decoding, and would be missed here.
  const length = definition.encode(message).finish().length;
  if (length !== body.length) throw new Error(`${body.length} bytes, of which ${length} are known`);
  return definition.toObject(message, { longs: String, bytes: Array, enums: Number });
}

/** The message in an OTLP/JSON body, where ids are hex and not base64. */
export function readJson(signal: Signal, body: string): unknown {
  const withBytes = JSON.parse(body, (key: string, value: unknown) =>
    /^(trace|span|parentSpan)Id$/.test(key) && typeof value === 'string'
      ? Buffer.from(value, 'hex').toString('base64')
      : value,
  );
  const definition = DEFINITIONS[signal];
  const message = definition.fromObject(withBytes);
  const problem = definition.verify(message);
  if (problem !== null) throw new Error(problem);
  return definition.toObject(message, { longs: String, bytes: Array, enums: Number });
}
