import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { fsyncFolder } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { unwritable } from './io-failure.ts';
import { type EvidencePaths, LAYOUT, safeSegment } from './layout.ts';
import { moveFile } from './move-file.ts';
import { ensureFolder } from './out-dir.ts';

/** What was moved, and where to; null when there was no earlier evidence. */
export interface Superseded {
  readonly folder: string;
  readonly names: readonly string[];
}

/**
 * Moves earlier evidence into `superseded/<run_id>/` (spec section 5). The checkpoint goes first: with it the
 * success of the earlier run is withdrawn, whatever happens next. The audit log goes last: as long as anything is
 * left it is there, so a fresh run after a crash in the middle sees evidence and moves the rest. Folders named like
 * ours without any evidence beside them are somebody else's and stay.
 */
export function supersedeEvidence(paths: EvidencePaths, runId: string): Result<Superseded | null, Failure> {
  try {
    const moves = evidenceIn(paths);
    if (moves.length === 0) return ok(null);
    const names = moves.map(({ name }) => name);
    const folder = freeFolder(join(paths.superseded, safeSegment(runId)), names);
    const made = ensureFolder(folder, paths.outDir);
    if (!made.ok) return made;
    for (const { path, name } of moves) {
      moveFile(path, join(folder, name));
      // Each step is durable before the next: a power cut must not bring the checkpoint back alone.
      fsyncFolder(folder);
      fsyncFolder(dirname(path));
    }
    return ok({ folder, names });
  } catch (error) {
    return fail(unwritable(paths.outDir, error, 'move earlier evidence in'));
  }
}

interface Move {
  readonly path: string;
  /** In the folder it goes to. */
  readonly name: string;
}

function evidenceIn(paths: EvidencePaths): readonly Move[] {
  const own = [paths.checkpoint, paths.report, paths.audit, ...keptForeign(paths)];
  if (own.every((path) => lstatOrNull(path) === null)) return [];
  const inOrder: readonly Move[] = [
    // Under its usual name wherever it was, so that it meets no other.
    { path: paths.checkpoint, name: LAYOUT.checkpoint },
    ...(paths.link === null ? [] : [named(paths.link)]),
    named(paths.report),
    ...keptForeign(paths).map(named),
    named(paths.logs),
    named(paths.artifacts),
    named(paths.audit),
  ];
  return inOrder.filter(({ path }) => lstatOrNull(path) !== null);
}

function named(path: string): Move {
  return { path, name: basename(path) };
}

/** What tampering has left: `orchestrator_checkpoint.foreign-….json`, `….last-good.json`, `audit.jsonl.foreign-…`. */
function keptForeign(paths: EvidencePaths): readonly string[] {
  const pattern = /^(?:.+\.(?:foreign-[0-9a-f]{8}|last-good)\.json|audit\.jsonl\.foreign-[0-9a-f]{8})$/;
  return readdirSync(paths.outDir)
    .filter((name) => pattern.test(name))
    .map((name) => join(paths.outDir, name));
}

/** The run's own folder, where set-aside artifacts may be already; another one if it holds evidence of that name. */
function freeFolder(folder: string, names: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? folder : `${folder}.${count}`;
    if (names.every((name) => lstatOrNull(join(candidate, name)) === null)) return candidate;
  }
}
