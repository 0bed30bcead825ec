import type { FieldType, MessageFields, OtlpMessage, OtlpValue } from './message.ts';

const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/**
 * Writes a message in the binary form of Protocol Buffers (protobuf.dev, "Encoding"). Every field that is there is
 * written, its default too: both are one message. Throws for a field that is not in `fields`, or is of another type.
 */
export function encodeProtobuf(message: OtlpMessage, fields: MessageFields): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(message)) {
    const field = fields[name];
    if (field === undefined) throw new Error(`${name} is no field of this message`);
    const [number, type] = field;
    const isRepeated = Array.isArray(value) && !(typeof type === 'string' && type.startsWith('packed-'));
    for (const one of isRepeated ? listOf(value) : [value]) parts.push(...encodeField(number, type, one));
  }
  return Buffer.concat(parts);
}

function encodeField(number: number, type: FieldType, value: OtlpValue): readonly Buffer[] {
  if (typeof type === 'function') return delimited(number, encodeProtobuf(messageOf(value), type()));
  switch (type) {
    case 'string':
      return delimited(number, Buffer.from(textOf(value)));
    case 'hex':
      return delimited(number, Buffer.from(textOf(value), 'hex'));
    case 'bool':
      return [tag(number, WIRE.varint), varint(value === true ? 1 : 0)];
    case 'varint':
    case 'int64':
      return [tag(number, WIRE.varint), varint(BigInt.asUintN(64, integerOf(value)))];
    case 'fixed32':
      return [tag(number, WIRE.fixed32), fixed32(numberOf(value))];
    case 'fixed64':
      return [tag(number, WIRE.fixed64), fixed64(value)];
    case 'double':
      return [tag(number, WIRE.fixed64), double(value)];
    case 'packed-fixed64':
      return delimited(number, Buffer.concat(listOf(value).map(fixed64)));
    case 'packed-double':
      return delimited(number, Buffer.concat(listOf(value).map(double)));
    default:
      return type satisfies never;
  }
}

function tag(number: number, wire: number): Buffer {
  return varint((number << 3) | wire);
}

function delimited(number: number, content: Buffer): readonly Buffer[] {
  return [tag(number, WIRE.delimited), varint(content.length), content];
}

/** Tags and lengths are small: arithmetic on big integers is kept for values. */
function varint(value: number | bigint): Buffer {
  if (typeof value === 'number' && value < 0x80) return Buffer.of(value);
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function fixed32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function fixed64(value: OtlpValue): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, integerOf(value)));
  return bytes;
}

function double(value: OtlpValue): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(numberOf(value));
  return bytes;
}

function integerOf(value: OtlpValue): bigint {
  if (typeof value === 'string' || typeof value === 'number') return BigInt(value);
  throw new Error('expected an integer');
}

function numberOf(value: OtlpValue): number {
  if (typeof value === 'number') return value;
  throw new Error('expected a number');
}

function textOf(value: OtlpValue): string {
  if (typeof value === 'string') return value;
  throw new Error('expected a text');
}

function listOf(value: OtlpValue): readonly OtlpValue[] {
  if (Array.isArray(value)) return value;
  throw new Error('expected a list');
}

function messageOf(value: OtlpValue): OtlpMessage {
  if (typeof value === 'object' && !isList(value)) return value;
  throw new Error('expected a message');
}

function isList(value: OtlpValue): value is readonly OtlpValue[] {
  return Array.isArray(value);
}
