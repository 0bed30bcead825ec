/**
 * Takes the symbol table and the debug sections off a 64-bit little-endian ELF file, which makes a Node binary
 * a seventh smaller. What `strip` does, without depending on which version of it, for which machines, is
 * installed: the same input gives the same bytes everywhere.
 *
 * Only sections that are never loaded go, and the loaded parts stay where they are. Throws on a file that is
 * not laid out as linkers do it (loaded sections first), so that nothing is cut by mistake.
 */
export function trimElf(file: Buffer): Buffer {
  const table = readSectionTable(file);
  const firstUnloaded = table.sections.findIndex((section, index) => index > 0 && !section.loaded);
  const names = table.sections[table.namesIndex];
  const kept = table.sections.slice(0, firstUnloaded);
  if (firstUnloaded < 1 || names === undefined || table.sections.slice(firstUnloaded).some((s) => s.loaded)) {
    throw new Error('ELF: loaded and other sections are mixed');
  }
  const end = Math.max(...kept.map((section) => section.end));
  if (programEnd(file) > end) throw new Error('ELF: a segment reaches behind the loaded sections');

  const namesOffset = alignTo8(end);
  const tableOffset = alignTo8(namesOffset + names.size);
  const trimmed = Buffer.alloc(tableOffset + (kept.length + 1) * SECTION_HEADER_SIZE);
  file.copy(trimmed, 0, 0, end);
  file.copy(trimmed, namesOffset, names.offset, names.offset + names.size);
  file.copy(trimmed, tableOffset, table.offset, table.offset + kept.length * SECTION_HEADER_SIZE);
  const namesHeader = tableOffset + kept.length * SECTION_HEADER_SIZE;
  file.copy(trimmed, namesHeader, names.header, names.header + SECTION_HEADER_SIZE);
  trimmed.writeBigUInt64LE(BigInt(namesOffset), namesHeader + 0x18);
  trimmed.writeBigUInt64LE(BigInt(tableOffset), 0x28);
  trimmed.writeUInt16LE(kept.length + 1, 0x3c);
  trimmed.writeUInt16LE(kept.length, 0x3e);
  return trimmed;
}

const SECTION_HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
/** Section type without bytes in the file (.bss). */
const NOBITS = 8;
/** Section flag: in memory at run time. */
const ALLOC = 2n;

interface Section {
  /** Where its header lies in the file. */
  readonly header: number;
  readonly offset: number;
  readonly size: number;
  /** Where its bytes in the file end. */
  readonly end: number;
  readonly loaded: boolean;
}

interface SectionTable {
  readonly offset: number;
  readonly sections: readonly Section[];
  readonly namesIndex: number;
}

function readSectionTable(file: Buffer): SectionTable {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('ELF: not a 64-bit little-endian file');
  }
  const offset = Number(file.readBigUInt64LE(0x28));
  const sections = Array.from({ length: file.readUInt16LE(0x3c) }, (_, index) =>
    readSection(file, offset + index * SECTION_HEADER_SIZE),
  );
  return { offset, sections, namesIndex: file.readUInt16LE(0x3e) };
}

function readSection(file: Buffer, header: number): Section {
  const offset = Number(file.readBigUInt64LE(header + 0x18));
  const size = Number(file.readBigUInt64LE(header + 0x20));
  return {
    header,
    offset,
    size,
    end: file.readUInt32LE(header + 4) === NOBITS ? offset : offset + size,
    loaded: (file.readBigUInt64LE(header + 8) & ALLOC) !== 0n,
  };
}

/** Where the last byte lies that the program headers name. */
function programEnd(file: Buffer): number {
  const offset = Number(file.readBigUInt64LE(0x20));
  const ends = Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => {
    const header = offset + index * PROGRAM_HEADER_SIZE;
    return Number(file.readBigUInt64LE(header + 8) + file.readBigUInt64LE(header + 0x20));
  });
  return Math.max(...ends);
}

function alignTo8(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
