/**
 * A message of the protocol in the form that OTLP/JSON gives it (lowerCamelCase, 64-bit integers as decimal strings, ids
 * in hex, enums as numbers): `JSON.stringify` is that encoding, `encodeProtobuf` the other one.
 */
export interface OtlpMessage {
  readonly [field: string]: OtlpValue;
}
export type OtlpValue = string | number | boolean | OtlpMessage | readonly OtlpValue[];

/** How a field is written in protobuf; `hex` is `bytes`, an object the fields of a nested message. */
export type FieldType =
  | 'string'
  | 'hex'
  | 'bool'
  | 'varint'
  | 'int64'
  | 'fixed32'
  | 'fixed64'
  | 'double'
  | 'packed-fixed64'
  | 'packed-double'
  | (() => MessageFields);

/** The fields of a message: name, number, type. A list is written once for each of its elements unless packed. */
export type MessageFields = Readonly<Record<string, readonly [number: number, type: FieldType]>>;
