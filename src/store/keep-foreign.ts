import { renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Failure, failure } from '../core/failure.ts';
import { sha256 } from '../formats/sha256.ts';
import type { AuditLog } from './audit-log.ts';
import { durableWrite, fsyncFolder, type RandomHex } from './durable-write.ts';
import { lstatOrNull } from './file-kind.ts';
import { describeErrno, errnoOf } from './io-failure.ts';
import { besideCheckpoint, type EvidencePaths } from './layout.ts';
import { MAX_CHECKPOINT_BYTES, readRegularFile } from './read-regular-file.ts';

const REMEDY = 'find out which process writes there; only the orchestrator may';

/**
 * Somebody else wrote the checkpoint. Our last good one and the foreign file are both kept, under names that
 * cannot be taken for the checkpoint, ours first; the place itself is left empty for the commit of the failure.
 */
export function keepForeignCheckpoint(paths: EvidencePaths, last: Buffer | null, random: RandomHex): Failure {
  const kept: string[] = [];
  if (last !== null) kept.push(keepLastGood(paths.checkpoint, last, random));
  kept.push(moveAside(paths.checkpoint, (name) => besideCheckpoint(paths.checkpoint, name), random));
  return failure(
    'checkpoint_tampered',
    `CHECKPOINT_TAMPERED: expected ${paths.checkpoint} as this run last wrote it, got ${kept.reverse().join('; ')}`,
    { remedy: REMEDY },
  );
}

function keepLastGood(checkpoint: string, last: Buffer, random: RandomHex): string {
  const usual = besideCheckpoint(checkpoint, 'last-good');
  const written = durableWrite(usual, last, { random });
  if (written.ok) return `ours is kept as ${basename(usual)}`;
  // What stands in the way of that name does not stand in the way of one that nobody could foresee.
  const other = besideCheckpoint(checkpoint, `last-good-${random().slice(0, 8)}`);
  return durableWrite(other, last, { random }).ok
    ? `ours is kept as ${basename(other)}`
    : written.failure.message;
}

/** Renames what is at `path` to a name made of its content; says in words what became of it. */
function moveAside(path: string, nameOf: (word: string) => string, random: RandomHex): string {
  try {
    if (lstatOrNull(path) === null) return 'nothing';
    const found = readRegularFile(path, MAX_CHECKPOINT_BYTES);
    const digest = found.kind === 'bytes' ? sha256(found.bytes) : random();
    const usual = nameOf(`foreign-${digest.slice(0, 8)}`);
    const foreign = lstatOrNull(usual) === null ? usual : nameOf(`foreign-${random().slice(0, 8)}`);
    renameSync(path, foreign);
    fsyncFolder(dirname(foreign));
    return `something else, kept as ${basename(foreign)}`;
  } catch (error) {
    return `something else that cannot be moved aside: ${describeErrno(errnoOf(error))}`;
  }
}

/**
 * An audit log that was changed under us is moved aside and put back as we had written it, so that the failure can
 * be recorded in an unbroken chain. Best effort: what fails here fails the next commit as well.
 */
export function restoreAuditLog(paths: EvidencePaths, log: AuditLog, random: RandomHex): void {
  moveAside(paths.audit, (word) => `${paths.audit}.${word}`, random);
  const ours = log.flushedBytes();
  if (ours.length > 0) durableWrite(paths.audit, ours, { random });
}
