import { basename, dirname, join } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import { evidencePaths } from '../../store/layout.ts';
import { realOrSame } from '../../store/real-path.ts';
import type { Ground } from './prepare.ts';

/**
 * Exit 2 for an HTML report among the evidence, where it would replace a document that counts, and for one in the work
 * tree, where it would change the content that validation has judged.
 */
export function refuseHtmlPlace(
  request: Pick<RunRequest, 'outDir' | 'checkpointPath' | 'htmlReport'>,
  { workTree, outDir }: Ground,
  plan: RunPlan,
): Result<void, Failure> {
  const path = request.htmlReport;
  if (path === null) return ok(undefined);
  if (!/\.html?$/i.test(path)) return refuse(path, 'a name that ends in .html', basename(path));
  const places = [path, join(realOrSame(dirname(path)), basename(path))];
  const isIn = (folder: string) =>
    places.some((place) => isInside(folder, place) || isInside(realOrSame(folder), place));
  const evidence = [request.outDir, outDir.path].map((one) => evidencePaths(one, request.checkpointPath));
  const folders = evidence.flatMap((one) => [
    ...[one.logs, one.artifacts, one.superseded, one.attempts, one.lock],
    one.checkpoint,
  ]);
  if (folders.some(isIn)) return refuse(path, 'a place of its own', "one among the orchestrator's own files");
  if (isIn(request.outDir) || isIn(outDir.path)) return ok(undefined);
  const trees = workTree === null ? [] : [workTree.topLevel, workTree.gitDir, workTree.commonDir];
  const inTree = [plan.repoRoot, ...trees].some(isIn);
  return inTree ? refuse(path, 'a file in out_dir or outside of the repository', 'one in it') : ok(undefined);
}

function refuse(path: string, expected: string, got: string): Result<never, Failure> {
  return fail(
    failure('precondition', `--html-report ${path}: expected ${expected}, got ${got}`, {
      remedy: 'name a file such as report.html in out_dir',
    }),
  );
}
