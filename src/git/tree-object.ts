/** One entry of a tree object; the name is a key (`path-bytes.ts`). */
export interface TreeEntry {
  /** In octal, as git writes it: `100644`, `40000`. */
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** Whether an entry is a folder. */
export function isTreeMode(mode: string): boolean {
  return mode === '40000';
}

/** The entries of a tree object (`<mode> <name>\0<id>` one after the other, ids of 20 or 32 bytes); null when the bytes are none. */
export function parseTreeObject(bytes: Buffer, idBytes: number): readonly TreeEntry[] | null {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    if (end === -1 || end + 1 + idBytes > bytes.length) return null;
    const [, mode, name] = /^([0-7]{5,6}) ([^/]+)$/s.exec(bytes.toString('latin1', at, end)) ?? [];
    if (mode === undefined || name === undefined) return null;
    entries.push({ mode, name, id: bytes.toString('hex', end + 1, end + 1 + idBytes) });
    at = end + 1 + idBytes;
  }
  return entries;
}

/** The id of a commit's tree; null when the bytes are no commit. */
export function treeOfCommit(bytes: Buffer): string | null {
  return /^tree ((?:[0-9a-f]{40}|[0-9a-f]{64}))\n/.exec(bytes.toString('latin1', 0, 80))?.[1] ?? null;
}
