/**
 * Gives a 64-bit Mach-O file an ad hoc signature: the list of its page hashes that the kernel of an Apple
 * Silicon Mac demands before it starts anything. No certificate is involved, so it says nothing about who
 * made the file; it is what `codesign --sign -` adds.
 *
 * Layout: xnu `osfmk/kern/cs_blobs.h` (the numbers of a signature are big-endian, those of Mach-O little-endian).
 */
import { createHash } from 'node:crypto';
import { addSignatureCommand, type MachO, readMachO, resizeLinkEdit } from './mach-o.ts';

const PAGE_SIZE = 4096;
const HASH_SIZE = 32;
const CODE_DIRECTORY_SIZE = 88;
/** The header of the outer blob and its one index entry. */
const SUPER_BLOB_SIZE = 12 + 8;

/**
 * Returns `file` with a signature at its end; `identifier` is the name inside it. Throws when the file already
 * has one (pkg's injection takes the old one off) or has no room for the command that points to it.
 */
export function signMachO(file: Buffer, identifier: string): Buffer {
  const machO = readMachO(file);
  const name = Buffer.from(`${identifier}\0`, 'latin1');
  const codeLimit = alignTo16(file.length);
  const pages = Math.ceil(codeLimit / PAGE_SIZE);
  const directorySize = CODE_DIRECTORY_SIZE + name.length + pages * HASH_SIZE;
  const signatureSize = alignTo16(SUPER_BLOB_SIZE + directorySize);

  const signed = Buffer.alloc(codeLimit + signatureSize);
  file.copy(signed);
  addSignatureCommand(signed, machO, { offset: codeLimit, size: signatureSize });
  resizeLinkEdit(signed, machO);

  // The commands are among what is hashed: from here on nothing before codeLimit changes.
  const directory = Buffer.alloc(directorySize);
  writeDirectoryHeader(directory, { nameLength: name.length, pages, codeLimit, machO });
  name.copy(directory, CODE_DIRECTORY_SIZE);
  hashPages(signed.subarray(0, codeLimit), directory.subarray(CODE_DIRECTORY_SIZE + name.length));
  writeSuperBlob(signed.subarray(codeLimit), directory);
  return signed;
}

function writeSuperBlob(blob: Buffer, directory: Buffer): void {
  blob.writeUInt32BE(0xfade0cc0, 0);
  blob.writeUInt32BE(SUPER_BLOB_SIZE + directory.length, 4);
  blob.writeUInt32BE(1, 8); // one blob inside: of type 0, the code directory
  blob.writeUInt32BE(SUPER_BLOB_SIZE, 16);
  directory.copy(blob, SUPER_BLOB_SIZE);
}

interface DirectoryFacts {
  readonly nameLength: number;
  readonly pages: number;
  readonly codeLimit: number;
  readonly machO: MachO;
}

function writeDirectoryHeader(
  directory: Buffer,
  { nameLength, pages, codeLimit, machO }: DirectoryFacts,
): void {
  directory.writeUInt32BE(0xfade0c02, 0);
  directory.writeUInt32BE(directory.length, 4);
  directory.writeUInt32BE(0x20400, 8); // the version that knows the executable segment
  directory.writeUInt32BE(0x2, 12); // ad hoc
  directory.writeUInt32BE(CODE_DIRECTORY_SIZE + nameLength, 16); // where the hashes are
  directory.writeUInt32BE(CODE_DIRECTORY_SIZE, 20); // where the identifier is
  directory.writeUInt32BE(pages, 28);
  directory.writeUInt32BE(codeLimit, 32);
  directory.writeUInt8(HASH_SIZE, 36);
  directory.writeUInt8(2, 37); // SHA-256
  directory.writeUInt8(Math.log2(PAGE_SIZE), 39);
  directory.writeBigUInt64BE(machO.textSize, 72); // the executable segment, from 0
  directory.writeBigUInt64BE(1n, 80); // which is that of a main program
}

function hashPages(code: Buffer, hashes: Buffer): void {
  for (let page = 0; page * PAGE_SIZE < code.length; page += 1) {
    const bytes = code.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
    hashes.set(createHash('sha256').update(bytes).digest(), page * HASH_SIZE);
  }
}

function alignTo16(size: number): number {
  return Math.ceil(size / 16) * 16;
}
