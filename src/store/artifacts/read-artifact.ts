import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isInside } from '../../formats/stored-path.ts';
import { MAX_JSON_DEPTH, strictJsonProblem } from '../../formats/strict-json.ts';
import { fsyncFile, fsyncFolder } from '../durable-write.ts';
import { describeKind, lstatOrNull } from '../file-kind.ts';
import { describeErrno, errnoOf } from '../io-failure.ts';

export interface ArtifactBounds {
  /** Real paths of out_dir and repo-root: where a symbolic link may lead. */
  readonly roots: readonly string[];
  readonly maxBytes: number;
  /** Whether the stage could see what is at a real path; null where it could see everything. */
  readonly shows: ((path: string) => boolean) | null;
}

/** What is at the place of an expected artifact. */
export type ArtifactReading =
  | { readonly kind: 'present'; readonly bytes: Buffer; readonly sha256: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed'; readonly problem: string };

// No waiting for a FIFO's writer, no terminal taken over; whether a link may be followed is judged on what opened.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads an expected artifact once, through one descriptor; everything later uses these bytes (spec section 4). A
 * regular file with one name, within the size bound, reached by a symbolic link only inside the roots; a `.json`
 * (any case) must be strict JSON. The file and its folder are made durable before its digest is recorded.
 */
export function readArtifact(path: string, bounds: ArtifactBounds): ArtifactReading {
  const there = lstatOrNullSafe(path);
  if (there === null) return { kind: 'missing' };
  // Opening some devices has effects: they are refused by their kind before.
  if (!there.isFile() && !there.isSymbolicLink())
    return malformed(`it is ${describeKind(there)}, expected a file`);
  let descriptor: number;
  try {
    const target = there.isSymbolicLink() ? statSync(path) : there;
    if (!target.isFile()) return malformed(`it leads to ${describeKind(target)}, expected a file`);
    descriptor = openSync(path, OPEN_FLAGS);
  } catch (error) {
    return malformed(`it cannot be opened: ${describeErrno(errnoOf(error))}`);
  }
  try {
    return readOpened(descriptor, path, bounds);
  } catch (error) {
    return malformed(`it cannot be read: ${describeErrno(errnoOf(error))}`);
  } finally {
    closeSync(descriptor);
  }
}

function readOpened(descriptor: number, path: string, bounds: ArtifactBounds): ArtifactReading {
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return malformed(`it is ${describeKind(stats)}, expected a file`);
  if (stats.nlink === 0) return { kind: 'missing' };
  if (stats.nlink > 1) return malformed('it is a hard link: it has a second name');
  const escaped = escapes(descriptor, path, stats, bounds);
  if (escaped !== null) return malformed(escaped);
  if (stats.size > bounds.maxBytes) return tooLarge(bounds.maxBytes);
  const bytes = readBounded(descriptor, bounds.maxBytes);
  if (bytes === null) return tooLarge(bounds.maxBytes);
  if (path.toLowerCase().endsWith('.json')) {
    const problem = strictJsonProblem(bytes, { maxDepth: MAX_JSON_DEPTH });
    if (problem !== null) return malformed(`it is not strict JSON: ${problem}`);
  }
  fsyncFile(descriptor);
  fsyncFolder(dirname(path));
  return { kind: 'present', bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Null when what was opened is where the operator said: the path itself without any link on the way (the caller
 * has resolved those before the attempt), or an object whose real path lies in a root. Judged on the open object,
 * so that swapping folders gains nothing.
 */
function escapes(descriptor: number, path: string, stats: Stats, bounds: ArtifactBounds): string | null {
  const real = realPathOf(descriptor, path, stats);
  if (real === null) return 'it changed while it was opened';
  // A link is followed out here, where it can lead to evidence that the stage itself was kept from.
  if (bounds.shows?.(real) === false) return 'it leads to what its sandbox does not show';
  if (real === path || bounds.roots.some((root) => isInside(root, real))) return null;
  return 'it leads outside out_dir and repo-root';
}

function realPathOf(descriptor: number, path: string, stats: Stats): string | null {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch (error) {
      errnoOf(error);
    }
  }
  const real = realpathSync.native(path);
  const now = statSync(real);
  return now.dev === stats.dev && now.ino === stats.ino ? real : null;
}

/** At most `maxBytes`; null when there is more, also when the file grows while it is read. */
function readBounded(descriptor: number, maxBytes: number): Buffer | null {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(65_536, maxBytes + 1 - total));
    const count = readSync(descriptor, piece, 0, piece.length, total);
    if (count === 0) return Buffer.concat(pieces);
    total += count;
    if (total > maxBytes) return null;
    pieces.push(piece.subarray(0, count));
  }
}

function lstatOrNullSafe(path: string): Stats | null {
  try {
    return lstatOrNull(path);
  } catch (error) {
    errnoOf(error);
    return null;
  }
}

function malformed(problem: string): ArtifactReading {
  return { kind: 'malformed', problem };
}

function tooLarge(maxBytes: number): ArtifactReading {
  return malformed(`it is larger than ${maxBytes} bytes (--max-artifact-bytes)`);
}
