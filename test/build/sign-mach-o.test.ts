import { createHash } from 'node:crypto';
import t from 'tap';
import { signMachO } from '../../src/build/sign-mach-o.ts';

const TEXT_SIZE = 16_384;
const LINK_EDIT = { offset: TEXT_SIZE, size: 5000 };

/** A Mach-O file of one page of code, with its first section at `firstSection`. */
function madeUpMachO(firstSection = 1024): Buffer {
  const file = Buffer.alloc(LINK_EDIT.offset + LINK_EDIT.size, 0xcc).fill(0, 0, firstSection);
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(2, 16);
  file.writeUInt32LE(152 + 72, 20);
  writeSegment(file, 32, { name: '__TEXT', offset: 0, size: TEXT_SIZE, sections: 1 });
  file.writeUInt32LE(firstSection, 32 + 72 + 48);
  writeSegment(file, 32 + 152, { name: '__LINKEDIT', ...LINK_EDIT, sections: 0 });
  return file;
}

function writeSegment(
  file: Buffer,
  at: number,
  segment: { name: string; offset: number; size: number; sections: number },
): void {
  file.writeUInt32LE(0x19, at);
  file.writeUInt32LE(72 + 80 * segment.sections, at + 4);
  file.write(segment.name, at + 8, 'latin1');
  file.writeBigUInt64LE(BigInt(segment.offset), at + 40);
  file.writeBigUInt64LE(BigInt(segment.size), at + 48);
  file.writeUInt32LE(segment.sections, at + 64);
}

/** Reads the signature as the kernel does: from the load command to the hashes. */
function readSignature(file: Buffer) {
  const command = 32 + 152 + 72;
  const [offset, size] = [file.readUInt32LE(command + 8), file.readUInt32LE(command + 12)];
  const directory = file.subarray(offset + file.readUInt32BE(offset + 16));
  const [hashes, name] = [directory.readUInt32BE(16), directory.readUInt32BE(20)];
  return {
    kind: file.readUInt32LE(command),
    offset,
    size,
    magic: [file.readUInt32BE(offset), directory.readUInt32BE(0)],
    flags: directory.readUInt32BE(12),
    name: directory.toString('latin1', name, directory.indexOf(0, name)),
    codeLimit: directory.readUInt32BE(32),
    executable: [directory.readBigUInt64BE(64), directory.readBigUInt64BE(72), directory.readBigUInt64BE(80)],
    hashes: Array.from({ length: directory.readUInt32BE(28) }, (_, page) =>
      directory.toString('hex', hashes + page * 32, hashes + page * 32 + 32),
    ),
  };
}

t.test('a signed file says where its signature is and has the hash of each of its pages', async (t) => {
  const signed = signMachO(madeUpMachO(), 'orchestrator');
  const signature = readSignature(signed);
  t.equal(signed.readUInt32LE(16), 3, 'one command more');
  t.equal(signed.readUInt32LE(20), 152 + 72 + 16);
  t.equal(signature.kind, 0x1d);
  t.strictSame(signature.magic, [0xfade0cc0, 0xfade0c02]);
  t.equal(signature.flags, 2, 'ad hoc');
  t.equal(signature.name, 'orchestrator');
  t.equal(signature.codeLimit, signature.offset, 'everything before the signature is hashed');
  t.equal(signature.offset % 16, 0);
  t.equal(signature.offset + signature.size, signed.length, 'and nothing comes after it');
  t.strictSame(signature.executable, [0n, BigInt(TEXT_SIZE), 1n]);
  const pages = Array.from({ length: Math.ceil(signature.codeLimit / 4096) }, (_, page) =>
    createHash('sha256')
      .update(signed.subarray(page * 4096, Math.min((page + 1) * 4096, signature.codeLimit)))
      .digest('hex'),
  );
  t.equal(pages.length, 6);
  t.strictSame(signature.hashes, pages);
});

t.test('the last segment grows over the signature, in memory by whole pages', async (t) => {
  const signed = signMachO(madeUpMachO(), 'orchestrator');
  const command = 32 + 152;
  t.equal(signed.readBigUInt64LE(command + 48), BigInt(signed.length - LINK_EDIT.offset));
  t.equal(signed.readBigUInt64LE(command + 32), 16_384n);
});

t.test('code and data are as they were', async (t) => {
  const file = madeUpMachO();
  const signed = signMachO(file, 'orchestrator');
  t.ok(signed.subarray(1024, file.length).equals(file.subarray(1024)));
});

t.test('a file that cannot be signed is refused with the reason', async (t) => {
  t.throws(() => signMachO(Buffer.alloc(64), 'x'), /not a 64-bit little-endian file/);
  t.throws(() => signMachO(madeUpMachO(32 + 152 + 72 + 8), 'x'), /no room for one more command/);
  t.throws(() => signMachO(signMachO(madeUpMachO(), 'x'), 'x'), /there is a signature already/);
  t.throws(() => signMachO(Buffer.concat([madeUpMachO(), Buffer.alloc(1)]), 'x'), /does not end the file/);
});
