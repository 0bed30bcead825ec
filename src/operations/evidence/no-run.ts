import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { shellWord } from '../../render/shell-word.ts';
import { describeKind, lstatOrNull } from '../../store/file-kind.ts';
import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { besideCheckpoint, type EvidencePaths } from '../../store/layout.ts';

const REMEDY =
  'name the out_dir of a run, and its --checkpoint-path where it has one; orchestrator list finds runs below a folder';

/** Why there is no run in an out_dir: a `precondition`, exit 2. `leftovers` are documents that are there all the same. */
export function noRun(examined: {
  readonly paths: EvidencePaths;
  readonly leftovers: readonly string[];
}): Failure {
  const { outDir, checkpoint } = examined.paths;
  const instead = whatIsThere(outDir);
  if (instead !== null) {
    return failure('precondition', `${outDir}: expected the out_dir of a run, found ${instead}`, {
      remedy: REMEDY,
    });
  }
  return failure('precondition', `${checkpoint}: expected a checkpoint, found none${besideIt(examined)}`, {
    remedy: REMEDY,
  });
}

/** Evidence that did not hold, or that a fresh run has replaced. */
function movedFrom({ superseded }: EvidencePaths): string {
  try {
    const [latest] = readdirSync(superseded).sort().reverse();
    return latest === undefined ? '' : `; what was here was moved to ${join(superseded, latest)}`;
  } catch (error) {
    errnoOf(error);
    return '';
  }
}

/** What is there instead of a checkpoint, and what helps; empty where nothing is. */
export function besideIt(examined: {
  readonly paths: EvidencePaths;
  readonly leftovers: readonly string[];
}): string {
  return `${aloneIn(examined)}${keptOf(examined.paths)}${movedFrom(examined.paths)}`;
}

/** The checkpoint of a run that something else has disturbed. */
function keptOf({ checkpoint }: EvidencePaths): string {
  const kept = besideCheckpoint(checkpoint, 'last-good');
  return existsSync(kept)
    ? `; the last one that the orchestrator wrote is kept: cp -p -- ${shellWord(kept)} ${shellWord(checkpoint)}, then --resume`
    : '';
}

/** What to say of documents without their checkpoint; empty where there are none. */
function aloneIn({ leftovers }: { readonly leftovers: readonly string[] }): string {
  return leftovers.length === 0 ? '' : `; without it ${leftovers.join(', ')} proves nothing`;
}

function whatIsThere(outDir: string): string | null {
  try {
    const stats = lstatOrNull(outDir);
    if (stats === null) return 'nothing there';
    return stats.isDirectory() ? null : describeKind(stats);
  } catch (error) {
    return describeErrno(errnoOf(error));
  }
}
