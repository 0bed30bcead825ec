import { type Dirent, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './io-failure.ts';
import { LAYOUT } from './layout.ts';

/** How far a search goes; what lies beyond is told, never passed over in silence. */
export interface SearchBounds {
  /** Folders below the first one. */
  readonly depth: number;
  /** Folders that are opened. */
  readonly folders: number;
  /** Names that are read, in all of them. */
  readonly names: number;
}

export const SEARCH_BOUNDS = { folders: 100_000, names: 2_000_000 } as const;

/** The out_dirs below a folder. */
export interface FoundOutDirs {
  /** Absolute where the root is; by depth, then by name. */
  readonly outDirs: readonly string[];
  /** Folders that could not be read. */
  readonly unread: number;
  /** Folders that lie deeper than was looked. */
  readonly deeper: number;
  /** Whether the search ended before it had seen all: too many folders or names. */
  readonly cut: boolean;
}

/** Where no run is looked for: other programs' stores, with very many folders. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '.git']);
/** What is in them belongs to the out_dir that they are in. */
const OWN_FOLDERS: ReadonlySet<string> = new Set([
  LAYOUT.logs,
  LAYOUT.artifacts,
  LAYOUT.superseded,
  LAYOUT.attempts,
  LAYOUT.lock,
]);
const EVIDENCE: ReadonlySet<string> = new Set([LAYOUT.checkpoint, LAYOUT.report, LAYOUT.audit]);

/**
 * Looks for folders that hold evidence by its names; whether it is any is for who reads it. Follows no link, and
 * does not look into a run's own folders. Never throws for what is on the disk.
 */
export function findOutDirs(root: string, bounds: SearchBounds): FoundOutDirs {
  const outDirs: string[] = [];
  let level: readonly string[] = [root];
  const left = { folders: bounds.folders, names: bounds.names };
  const missed = { unread: 0, deeper: 0 };
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (left.folders === 0 || left.names === 0) return { outDirs, ...missed, cut: true };
      left.folders -= 1;
      const entries = entriesOf(folder, left.names);
      if (entries === null) missed.unread += 1;
      left.names -= entries?.length ?? 0;
      const holdsRun = entries?.some((one) => EVIDENCE.has(one.name)) ?? false;
      if (holdsRun) outDirs.push(folder);
      const inner = (entries ?? []).filter((one) => isLookedInto(one, holdsRun));
      if (depth === bounds.depth) missed.deeper += inner.length;
      else next.push(...inner.map((one) => join(folder, one.name)).sort());
    }
    level = next;
  }
  return { outDirs, ...missed, cut: left.names === 0 };
}

function isLookedInto(entry: Dirent, besideEvidence: boolean): boolean {
  if (!entry.isDirectory() || PASSED_OVER.has(entry.name)) return false;
  return !(besideEvidence && OWN_FOLDERS.has(entry.name));
}

/** At most `limit` entries; null where the folder cannot be read. */
function entriesOf(folder: string, limit: number): readonly Dirent[] | null {
  try {
    const open = opendirSync(folder);
    const entries: Dirent[] = [];
    try {
      for (let entry = open.readSync(); entry !== null && entries.length < limit; entry = open.readSync()) {
        entries.push(entry);
      }
    } finally {
      open.closeSync();
    }
    return entries;
  } catch (error) {
    errnoOf(error);
    return null;
  }
}
