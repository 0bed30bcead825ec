import type { FileMode } from '../../core/scope/change.ts';

/** Bytes of one file that lines are counted in. */
export const COUNTED_BYTES = 2 * 1024 * 1024;
/** Of all files of one side of a change together. */
export const COUNTED_TOTAL_BYTES = 64 * 1024 * 1024;

/** What is at a path on one side of a comparison. */
export interface Node {
  readonly mode: FileMode;
  /** Git's id of the bytes; empty where there are none that git could name. */
  readonly id: string;
  /** Bytes; null where it is not known without reading. */
  readonly size: number | null;
  /** Null where they were not kept. */
  readonly bytes: Buffer | null;
}

/** Path from the top level of the work tree (a key) → what is there. */
export type Side = ReadonlyMap<string, Node>;

/** Whether nothing changed between two things at one path. */
export function sameNode(one: Node, other: Node): boolean {
  return one.mode === other.mode && one.id === other.id && one.id !== '';
}

/** Whether a mode is one whose bytes are content. */
export function hasBytes(mode: FileMode): boolean {
  return mode === 'file' || mode === 'executable' || mode === 'symlink';
}
