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
import { realOrSame } from './real-path.ts';

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
  const usual = join(paths.outDir, LAYOUT.checkpoint);
  // One file has one name here, however the operator came to it.
  const checkpoint = join(realOrSame(dirname(paths.checkpoint)), basename(paths.checkpoint));
  const foreign = keptForeign(paths.outDir, checkpoint);
  const own = [checkpoint, usual, paths.report, paths.audit, paths.statements, ...foreign];
  if (own.every((path) => lstatOrNull(path) === null)) return [];
  const inOrder: readonly Move[] = [
    { path: checkpoint, name: LAYOUT.checkpoint },
    // What a run without --checkpoint-path has left: it must not go on saying `done` beside a run with one.
    ...(usual === checkpoint ? [] : [named(usual)]),
    ...linkIn(paths),
    named(paths.report),
    named(paths.statements),
    ...foreign.map(named),
    named(paths.logs),
    named(paths.artifacts),
    named(paths.attempts),
    named(paths.audit),
  ];
  return withOwnNames(inOrder.filter(({ path }) => lstatOrNull(path) !== null));
}

/** `checkpoint.json`; where ours would be elsewhere, only a link is an earlier run's, a file is somebody's. */
function linkIn(paths: EvidencePaths): readonly Move[] {
  const link = join(paths.outDir, LAYOUT.checkpointLink);
  return paths.link !== null || lstatOrNull(link)?.isSymbolicLink() === true ? [named(link)] : [];
}

/** Two of one name (from out_dir, from beside a checkpoint elsewhere) must not meet in the folder they go to. */
function withOwnNames(moves: readonly Move[]): readonly Move[] {
  const taken = new Set<string>();
  return moves.map(({ path, name }) => {
    let own = name;
    for (let count = 2; taken.has(own); count += 1) own = `${name}.${count}`;
    taken.add(own);
    return { path, name: own };
  });
}

function named(path: string): Move {
  return { path, name: basename(path) };
}

const FOREIGN = /^audit\.jsonl\.foreign-[0-9a-f]{8}$/;
const KEPT = /^(.+)\.(?:foreign-[0-9a-f]{8}|last-good(?:-[0-9a-f]{8})?)\.json$/;

/** Whether tampering with a run has left a file of this name in out_dir. */
export function isKeptForeign(name: string): boolean {
  return KEPT.test(name) || FOREIGN.test(name);
}

/**
 * What tampering has left: `orchestrator_checkpoint.foreign-….json`, `….last-good.json`, `audit.jsonl.foreign-…`.
 * Beside a checkpoint that is elsewhere, only what carries its name: that folder is not ours.
 */
function keptForeign(outDir: string, checkpoint: string): readonly string[] {
  const here = readdirSync(outDir).filter(isKeptForeign);
  const folder = dirname(checkpoint);
  const stem = basename(checkpoint).replace(/\.json$/, '');
  const there =
    folder === outDir || lstatOrNull(folder) === null
      ? []
      : readdirSync(folder).filter((name) => KEPT.exec(name)?.[1] === stem);
  return [...here.map((name) => join(outDir, name)), ...there.map((name) => join(folder, name))];
}

/** The run's own folder, where set-aside artifacts may be already; another one if it holds evidence of that name. */
function freeFolder(folder: string, names: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? folder : `${folder}.${count}`;
    if (names.every((name) => lstatOrNull(join(candidate, name)) === null)) return candidate;
  }
}
