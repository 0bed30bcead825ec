import { realpathSync } from 'node:fs';
import { isInside } from '../../formats/stored-path.ts';
import { lstatOrNull } from '../file-kind.ts';
import { errnoOf } from '../io-failure.ts';
import { digestOfFile } from './freshness.ts';

/** An artifact as it was recorded: where the stage left it, the copy, and the digest both must have. */
export interface RecordedArtifact {
  readonly path: string;
  readonly copy: string;
  readonly sha256: string;
  /** Its size, where that is known: a file of another size has changed and is not read at all. */
  readonly bytes?: number;
}

export interface ArtifactProblem<Recorded extends RecordedArtifact> {
  readonly artifact: Recorded;
  /** In words: "it is missing", "it changed …". */
  readonly problem: string;
}

/**
 * Which artifacts are not what was recorded, the file or its copy. A link counts only where it leads into one of
 * `roots` (real paths).
 */
export function verifyArtifacts<Recorded extends RecordedArtifact>(
  artifacts: readonly Recorded[],
  roots: readonly string[],
): readonly ArtifactProblem<Recorded>[] {
  return artifacts.flatMap((artifact) => {
    const file = problemOf(artifact.path, artifact, roots);
    const copy = problemOf(artifact.copy, artifact, roots);
    return [
      ...(file === null ? [] : [{ artifact, problem: `it ${file}` }]),
      ...(copy === null ? [] : [{ artifact, problem: `its copy ${copy}` }]),
    ];
  });
}

function problemOf(path: string, recorded: RecordedArtifact, roots: readonly string[]): string | null {
  const { sha256, bytes } = recorded;
  const place = resolveInside(path, roots);
  const size = sizeOf(place);
  if (size !== null && bytes !== undefined && size !== bytes) {
    return `changed: expected ${bytes} bytes, got ${size}`;
  }
  const now = digestOfFile(place);
  if (now === null) return 'is missing or cannot be read';
  return now === sha256 ? null : `changed: expected SHA-256 ${sha256.slice(0, 12)}, got ${now.slice(0, 12)}`;
}

/** Of a regular file; null for anything else. */
function sizeOf(path: string): number | null {
  try {
    const there = lstatOrNull(path);
    return there?.isFile() === true ? there.size : null;
  } catch (error) {
    errnoOf(error);
    return null;
  }
}

function resolveInside(path: string, roots: readonly string[]): string {
  try {
    const real = realpathSync.native(path);
    return roots.some((root) => isInside(root, real)) ? real : path;
  } catch (error) {
    errnoOf(error);
    return path;
  }
}
