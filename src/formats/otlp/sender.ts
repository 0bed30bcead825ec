import type { Attributes } from '../../core/telemetry/telemetry-data.ts';
import { keyValues } from './attributes.ts';
import type { OtlpMessage } from './message.ts';

/**
 * The version of the semantic conventions that the names are of. The CICD part is in development: names may change with
 * the version that stands here (opentelemetry.io/docs/specs/semconv/cicd).
 */
export const SEMCONV_SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';

/** Who sends: the resource, and the instrumentation, which is this product. */
export interface Sender {
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly version: string;
}

/** What every request says of its sender. */
export function senderFields({ resource, scopeName, version }: Sender): {
  readonly resource: OtlpMessage;
  readonly scope: OtlpMessage;
} {
  return { resource: { attributes: keyValues(resource) }, scope: { name: scopeName, version } };
}
