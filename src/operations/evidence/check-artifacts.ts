import { realpathSync } from 'node:fs';
import type { ArtifactRecord } from '../../core/records.ts';
import { sha256 } from '../../formats/sha256.ts';
import { displayPath, isInside, loadPath, type StoredRoots } from '../../formats/stored-path.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';
import { type Check, requiredCheck } from './check.ts';

export interface ArtifactScope {
  readonly roots: StoredRoots;
  /** Whether repo-root is there: without it, what lies in it cannot be looked at. */
  readonly repoPresent: boolean;
}

/** An artifact of which something is wrong, in words; null where the copy, or the file, is as it was judged. */
export interface BrokenArtifact {
  readonly artifact: ArtifactRecord;
  readonly copy: string | null;
  /** Null also where repo-root is not here to look into. */
  readonly file: string | null;
}

/** The artifacts whose copy or file is not, or no longer, what was judged. */
export function brokenArtifacts(
  artifacts: readonly ArtifactRecord[],
  scope: ArtifactScope,
): readonly BrokenArtifact[] {
  return artifacts
    .map((artifact) => ({
      artifact,
      copy: problemOf(`out:${artifact.copy}`, artifact, scope),
      file: isHere(artifact, scope) ? problemOf(artifact.path, artifact, scope) : null,
    }))
    .filter((one) => one.copy !== null || one.file !== null);
}

function isHere(artifact: ArtifactRecord, scope: ArtifactScope): boolean {
  return scope.repoPresent || !artifact.path.startsWith('repo:');
}

/** Every artifact by its SHA-256: the copy that later steps read, and the file where the stage left it. */
export function checkArtifacts(artifacts: readonly ArtifactRecord[], scope: ArtifactScope): readonly Check[] {
  if (artifacts.length === 0) return [requiredCheck('artifacts', 'ok', 'the run has none')];
  const broken = brokenArtifacts(artifacts, scope);
  const copies = broken.flatMap((one) => one.copy ?? []);
  const files = broken.flatMap((one) => one.file ?? []);
  const elsewhere = artifacts.filter((one) => !isHere(one, scope));
  return [
    summary('artifact copies', artifacts.length, copies),
    ...(elsewhere.length > 0 && files.length === 0
      ? [
          requiredCheck(
            'artifact files',
            'not-checked',
            `repo-root is not here, and ${elsewhere.length} lie in it`,
          ),
        ]
      : [summary('artifact files', artifacts.length - elsewhere.length, files)]),
  ];
}

function summary(name: string, count: number, problems: readonly string[]): Check {
  return problems.length === 0
    ? requiredCheck(name, 'ok', `${count} by SHA-256`)
    : requiredCheck(name, 'failed', problems.join('; '));
}

function problemOf(stored: string, record: ArtifactRecord, scope: ArtifactScope): string | null {
  const path = resolveInside(loadPath(stored, scope.roots), scope.roots);
  if (path === null) return `${displayPath(stored)} is missing`;
  const found = readRegularFile(path, record.bytes);
  const shown = displayPath(stored);
  switch (found.kind) {
    case 'missing':
      return `${shown} is missing`;
    case 'unreadable':
      return `${shown} changed: ${found.problem}`;
    case 'empty':
      return record.bytes === 0 ? null : `${shown} changed: it is empty`;
    case 'bytes': {
      const digest = sha256(found.bytes);
      return digest === record.sha256
        ? null
        : `${shown} changed: expected SHA-256 ${record.sha256.slice(0, 12)}, got ${digest.slice(0, 12)}`;
    }
  }
}

/** A link is followed only where it ends inside out_dir or repo-root (spec section 4). */
function resolveInside(path: string, roots: StoredRoots): string | null {
  try {
    const real = realpathSync.native(path);
    const inside = [roots.outDir, roots.repoRoot].some((root) => isInside(realpathSync.native(root), real));
    return inside ? real : path;
  } catch {
    return null;
  }
}
