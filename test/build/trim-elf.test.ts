import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { trimElf } from '../../src/build/trim-elf.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'the runtime here is no ELF file' };

t.test('a trimmed Node is smaller and works', onLinux, async (t) => {
  const original = readFileSync(process.execPath);
  const trimmed = trimElf(original);
  t.ok(trimmed.length < original.length * 0.9, `${trimmed.length} of ${original.length} bytes`);
  t.notOk(trimmed.includes('.symtab') && trimmed.length === original.length);
  const file = join(t.testdir(), 'node');
  writeFileSync(file, trimmed, { mode: 0o755 });
  const { stdout } = spawnSync(
    file,
    ['-p', 'require("node:crypto").createHash("md5").update("").digest("hex")'],
    {
      encoding: 'utf8',
    },
  );
  t.equal(stdout.trim(), 'd41d8cd98f00b204e9800998ecf8427e');
});

t.test('there is nothing more to trim off a trimmed file', onLinux, async (t) => {
  const trimmed = trimElf(readFileSync(process.execPath));
  t.ok(trimElf(trimmed).equals(trimmed));
});

t.test('what is no ELF file of 64 bits is refused', async (t) => {
  t.throws(() => trimElf(Buffer.from('MZ\0\0\0\0\0\0')), /not a 64-bit little-endian file/);
});

t.test('a file whose loaded sections come last is refused', async (t) => {
  t.throws(() => trimElf(madeUpElf(['other', 'loaded', 'other'])), /loaded and other sections are mixed/);
  t.doesNotThrow(() => trimElf(madeUpElf(['loaded', 'other', 'other'])));
});

t.test('a file with a segment behind its sections is refused', async (t) => {
  t.throws(() => trimElf(madeUpElf(['loaded', 'other'], 0x10_000)), /a segment reaches behind/);
});

/** A header, one program header, and sections of no bytes; the last one holds the names. */
function madeUpElf(sections: readonly ('loaded' | 'other')[], segmentSize = 0): Buffer {
  const tableOffset = 0x40 + 56;
  const file = Buffer.alloc(tableOffset + (sections.length + 1) * 64);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  file.writeBigUInt64LE(0x40n, 0x20);
  file.writeBigUInt64LE(BigInt(tableOffset), 0x28);
  file.writeUInt16LE(1, 0x38);
  file.writeUInt16LE(sections.length + 1, 0x3c);
  file.writeUInt16LE(sections.length, 0x3e);
  file.writeBigUInt64LE(BigInt(segmentSize), 0x40 + 0x20);
  for (const [index, kind] of sections.entries()) {
    const header = tableOffset + (index + 1) * 64;
    file.writeUInt32LE(1, header + 4);
    file.writeBigUInt64LE(kind === 'loaded' ? 2n : 0n, header + 8);
    file.writeBigUInt64LE(BigInt(tableOffset), header + 0x18);
  }
  return file;
}
