import type { Attributes, AttributeValue } from '../../core/telemetry/telemetry-data.ts';
import type { OtlpMessage } from './message.ts';

/** `KeyValue`s; what is null is left out. An integer and a fraction are values of different types. */
export function keyValues(attributes: Attributes): readonly OtlpMessage[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: NonNullable<AttributeValue>): OtlpMessage {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
  }
}

/** Unix ms as the protocol has times: nanoseconds in decimal. A time before 1970 is 0. */
export function nanoseconds(unixMs: number): string {
  return String(BigInt(Math.max(0, Math.round(unixMs * 1000))) * 1000n);
}
