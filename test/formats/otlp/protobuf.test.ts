import t from 'tap';
import type { MessageFields } from '../../../src/formats/otlp/message.ts';
import { encodeProtobuf } from '../../../src/formats/otlp/protobuf.ts';

const inner: MessageFields = { text: [1, 'string'] };
const FIELDS: MessageFields = {
  text: [1, 'string'],
  count: [2, 'varint'],
  signed: [3, 'int64'],
  time: [4, 'fixed64'],
  id: [5, 'hex'],
  flag: [6, 'bool'],
  ratio: [7, 'double'],
  flags: [16, 'fixed32'],
  nested: [8, () => inner],
  bounds: [9, 'packed-double'],
};
const hex = (message: Parameters<typeof encodeProtobuf>[0]) =>
  encodeProtobuf(message, FIELDS).toString('hex');

t.test('each type is written as the encoding has it', (t) => {
  t.equal(hex({ text: 'é' }), '0a02c3a9');
  t.equal(hex({ count: 150 }), '109601', 'the example of the specification');
  t.equal(hex({ signed: '-1' }), '18ffffffffffffffffff01');
  t.equal(hex({ time: '258' }), '210201000000000000', 'little-endian');
  t.equal(hex({ id: '00ff' }), '2a0200ff');
  t.equal(hex({ flag: false }), '3000', 'a default is written too');
  t.equal(hex({ ratio: 0.5 }), '39000000000000e03f');
  t.equal(hex({ flags: 0x101 }), '850101010000', 'a number above 15 takes two bytes');
  t.equal(hex({ nested: [{ text: 'a' }, {}] }), '42030a01614200', 'once for each');
  t.equal(hex({ bounds: [1, 2] }), '4a10000000000000f03f0000000000000040', 'packed');
  t.equal(hex({ text: 'x'.repeat(200) }).slice(0, 6), '0ac801');
  t.end();
});

t.test('a field that is not there, or of another type, is a mistake', (t) => {
  for (const message of [
    { other: 1 },
    { text: 1 },
    { ratio: '1' },
    { nested: 'x' },
    { bounds: 1 },
    { count: true },
  ]) {
    t.throws(() => encodeProtobuf(message, FIELDS), JSON.stringify(message));
  }
  t.end();
});
