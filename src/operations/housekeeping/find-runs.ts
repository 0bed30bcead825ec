import { statSync } from 'node:fs';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { byNewest, type RunSummary } from '../../core/run-summary.ts';
import { findOutDirs, SEARCH_BOUNDS } from '../../store/find-out-dirs.ts';
import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { realOrSame } from '../../store/real-path.ts';
import type { OperationIo } from '../evidence/operation-io.ts';
import { summariseRun } from './summarise-run.ts';

/** Where runs are looked for. */
export interface FindRunsRequest {
  /** Absolute. */
  readonly dir: string;
  readonly depth: number;
}

/** Every run below a folder, newest first. */
export interface FoundRuns {
  readonly dir: string;
  readonly runs: readonly RunSummary[];
  /** What was not looked at, in words; empty where all was. */
  readonly missed: readonly string[];
}

/** More runs than this are not read: the list of them would help nobody. */
const MAX_RUNS = 10_000;

/** Finds and reads the runs below a folder. `precondition` where it is none, or cannot be looked at. */
export async function findRuns(
  request: FindRunsRequest,
  io: OperationIo,
): Promise<Result<FoundRuns, Failure>> {
  const refused = refuseNoFolder(request.dir);
  if (refused !== null) return fail(refused);
  const dir = realOrSame(request.dir);
  const found = findOutDirs(dir, { depth: request.depth, ...SEARCH_BOUNDS });
  const runs: RunSummary[] = [];
  // One after the other, and no document is kept: those of thousands of runs would fill the memory.
  for (const outDir of found.outDirs.slice(0, MAX_RUNS)) runs.push(await summariseRun(outDir, io));
  runs.sort(byNewest);
  const more = found.outDirs.length - runs.length;
  const missed = [
    ...(more > 0 ? [`${more} more runs were not read: at most ${MAX_RUNS} are`] : []),
    ...(found.cut ? ['the search ended early: too many folders, or names in them; name a folder below'] : []),
    ...(found.deeper > 0
      ? [`${counted(found.deeper, 'folder')} deeper than --depth ${request.depth} not looked into`]
      : []),
    ...(found.unread > 0 ? [`${counted(found.unread, 'folder')} could not be read`] : []),
  ];
  return ok({ dir, runs, missed });
}

/** `1 run`, `2 runs`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function refuseNoFolder(dir: string): Failure | null {
  try {
    if (statSync(dir).isDirectory()) return null;
    return failure('precondition', `${dir}: expected a folder, got something else`);
  } catch (error) {
    return failure('precondition', `${dir}: expected a folder, got: ${describeErrno(errnoOf(error))}`);
  }
}
