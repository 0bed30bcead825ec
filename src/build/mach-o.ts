/**
 * As much of the Mach-O format as signing needs: where the segments are, and room for one more load command.
 * Layout: `mach-o/loader.h`; 64-bit, little-endian.
 */

const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const SEGMENT_SIZE = 72;
const SECTION_SIZE = 80;
const SIGNATURE_COMMAND_SIZE = 16;
/** Memory page of Apple Silicon. */
const MEMORY_PAGE = 16_384n;

export interface MachO {
  /** Where the load commands end. */
  readonly commandsEnd: number;
  /** Where the first section begins: what lies before it is free. */
  readonly firstSection: number;
  /** Where the command of the segment __LINKEDIT lies. It is the last one in the file. */
  readonly linkEdit: number;
  /** Bytes of the segment __TEXT, which starts the file. */
  readonly textSize: bigint;
}

/** Reads the load commands. Throws when the file is not what is described above, or has a signature. */
export function readMachO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('Mach-O: not a 64-bit little-endian file');
  const segments = new Map<string, number>();
  let command = HEADER_SIZE;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    const kind = file.readUInt32LE(command);
    if (kind === LC_CODE_SIGNATURE) throw new Error('Mach-O: there is a signature already');
    if (kind === LC_SEGMENT_64) segments.set(segmentName(file, command), command);
    command += file.readUInt32LE(command + 4);
  }
  const [text, linkEdit] = [segments.get('__TEXT'), segments.get('__LINKEDIT')];
  if (text === undefined || linkEdit === undefined) throw new Error('Mach-O: no __TEXT or no __LINKEDIT');
  if (file.readBigUInt64LE(text + 40) !== 0n) throw new Error('Mach-O: __TEXT does not start the file');
  if (file.readBigUInt64LE(linkEdit + 40) + file.readBigUInt64LE(linkEdit + 48) !== BigInt(file.length)) {
    throw new Error('Mach-O: __LINKEDIT does not end the file');
  }
  return {
    commandsEnd: command,
    firstSection: firstSection(file, text),
    linkEdit,
    textSize: file.readBigUInt64LE(text + 48),
  };
}

/** Adds the command that says where the signature is. Throws when there is no room before the first section. */
export function addSignatureCommand(
  file: Buffer,
  { commandsEnd, firstSection }: MachO,
  signature: { readonly offset: number; readonly size: number },
): void {
  const room = file.subarray(commandsEnd, commandsEnd + SIGNATURE_COMMAND_SIZE);
  if (commandsEnd + room.length > firstSection || room.some((byte) => byte !== 0)) {
    throw new Error('Mach-O: no room for one more command');
  }
  room.writeUInt32LE(LC_CODE_SIGNATURE, 0);
  room.writeUInt32LE(SIGNATURE_COMMAND_SIZE, 4);
  room.writeUInt32LE(signature.offset, 8);
  room.writeUInt32LE(signature.size, 12);
  file.writeUInt32LE(file.readUInt32LE(16) + 1, 16);
  file.writeUInt32LE(file.readUInt32LE(20) + SIGNATURE_COMMAND_SIZE, 20);
}

/** Lets __LINKEDIT, which holds the signature, end where the file ends. */
export function resizeLinkEdit(file: Buffer, { linkEdit }: MachO): void {
  const size = BigInt(file.length) - file.readBigUInt64LE(linkEdit + 40);
  file.writeBigUInt64LE(((size + MEMORY_PAGE - 1n) / MEMORY_PAGE) * MEMORY_PAGE, linkEdit + 32);
  file.writeBigUInt64LE(size, linkEdit + 48);
}

function segmentName(file: Buffer, command: number): string {
  return file.toString('latin1', command + 8, command + 24).replace(/\0+$/, '');
}

function firstSection(file: Buffer, segment: number): number {
  const offsets = Array.from({ length: file.readUInt32LE(segment + 64) }, (_, index) =>
    file.readUInt32LE(segment + SEGMENT_SIZE + index * SECTION_SIZE + 48),
  );
  return Math.min(...offsets.filter((offset) => offset > 0));
}
