import type { Result } from '../result.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** What was found where out_dir is, or will be. */
export interface FolderFacts {
  /** The folder that was tried: out_dir, or the nearest one above it that exists. */
  readonly folder: string;
  /** Whether a file could be made, written, synced and removed; the failure says why not. */
  readonly written: Result<void, string>;
  /** Whether a second name could be made for it; null where there was no file. */
  readonly linked: Result<void, string> | null;
  /** Available to this user; null where it cannot be told. */
  readonly space: DiskSpace | null;
}

export interface DiskSpace {
  readonly freeBytes: number;
  /** null where the file system has no fixed number of inodes. */
  readonly freeInodes: number | null;
}

/** How much one run may write, in bytes. */
export interface RunBounds {
  readonly maxLogBytes: number;
  readonly maxArtifactBytes: number;
}

/** Less than this does not hold the documents of a run. */
const LEAST_BYTES = 4 * 1024 * 1024;
const FEW_INODES = 1_000;
const LEAST_INODES = 50;
/** An attempt keeps two logs; planning, execution and validation are three attempts at least. */
const LOGS = 6;

/** Whether evidence can be written there, and how much of it. */
export function judgeFolder(facts: FolderFacts, bounds: RunBounds): readonly Finding[] {
  return [judgeWritten(facts), ...judgeLinked(facts), ...judgeSpace(facts, bounds)];
}

function judgeWritten({ folder, written }: FolderFacts): Finding {
  const check = 'out-dir';
  if (written.ok)
    return fine({ check, seen: `a file could be written in ${folder}`, means: 'evidence can be kept there' });
  return problem({
    check,
    seen: `no file could be written in ${folder}: ${written.failure}`,
    means: 'a run has nowhere to keep its evidence',
    fix: 'give this user the right to write there, or choose another out_dir',
  });
}

function judgeLinked({ linked, folder }: FolderFacts): readonly Finding[] {
  const check = 'hard-links';
  if (linked === null) return [];
  if (linked.ok) return [fine({ check, seen: 'a hard link could be made', means: 'out_dir can be locked' })];
  return [
    problem({
      check,
      seen: `no hard link could be made in ${folder}: ${linked.failure}`,
      means: 'the lock of out_dir needs hard links: a run cannot take it',
      fix: 'choose an out_dir on a file system that has hard links (not FAT, not some network shares)',
    }),
  ];
}

function judgeSpace({ space, folder }: FolderFacts, bounds: RunBounds): readonly Finding[] {
  if (space === null) return [];
  const { freeBytes, freeInodes } = space;
  return [judgeBytes(freeBytes, folder, bounds), judgeInodes(freeInodes, folder)];
}

function judgeBytes(freeBytes: number, folder: string, bounds: RunBounds): Finding {
  const check = 'disk';
  const wanted = LOGS * bounds.maxLogBytes + bounds.maxArtifactBytes;
  const seen = `${inWords(freeBytes)} free where ${folder} is`;
  const fix = 'make room on that disk, choose another out_dir, or set a lower --max-log-bytes';
  if (freeBytes < LEAST_BYTES)
    return problem({ check, seen, means: 'the documents of a run do not fit: it would fail', fix });
  if (freeBytes < wanted) {
    const means = `a run may keep ${inWords(wanted)} (six logs and an artifact at their limits): it fails when the disk is full`;
    return warning({ check, seen, means, fix });
  }
  return fine({ check, seen, means: `a run that keeps ${inWords(wanted)} fits` });
}

function judgeInodes(freeInodes: number | null, folder: string): Finding {
  const check = 'inodes';
  if (freeInodes === null)
    return fine({ check, seen: 'the file system does not count them', means: 'files can be made' });
  const seen = `${freeInodes} free where ${folder} is`;
  const fix = 'remove files on that file system, or choose another out_dir';
  if (freeInodes < LEAST_INODES)
    return problem({ check, seen, means: 'a run makes more files than that: it would fail', fix });
  if (freeInodes < FEW_INODES)
    return warning({ check, seen, means: 'a run of many attempts may not be able to make its files', fix });
  return fine({ check, seen, means: 'files can be made' });
}

function inWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ''}`;
}
