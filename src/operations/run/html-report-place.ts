import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import { evidencePaths } from '../../store/layout.ts';
import { realOrSame } from '../../store/real-path.ts';

/**
 * Exit 2 for an HTML report among the evidence, where it would replace a document that counts, and for one in the work
 * tree, where it would change the content that validation has judged.
 */
export function refuseHtmlPlace(
  request: Pick<RunRequest, 'outDir' | 'checkpointPath' | 'htmlReport'>,
  { workTree, outDir }: { readonly workTree: WorkTree | null; readonly outDir: { readonly path: string } },
  plan: RunPlan,
): Result<void, Failure> {
  const path = request.htmlReport;
  if (path === null) return ok(undefined);
  if (!/\.html?$/i.test(path)) return refuse(path, 'a name that ends in .html', basename(path));
  const evidence = [request.outDir, outDir.path].map((one) => evidencePaths(one, request.checkpointPath));
  const folders = evidence.flatMap((one) => [
    ...[one.logs, one.artifacts, one.superseded, one.attempts, one.lock],
    one.checkpoint,
  ]);
  const trees = workTree === null ? [] : [workTree.topLevel, workTree.gitDir, workTree.commonDir];
  // As it is named, and where that leads to: a link in out_dir may lead into the work tree.
  for (const place of [path, realPlace(path)]) {
    const isIn = (folder: string) => isInside(folder, place) || isInside(realOrSame(folder), place);
    if (folders.some(isIn))
      return refuse(path, 'a place of its own', "one among the orchestrator's own files");
    if (isIn(request.outDir) || isIn(outDir.path)) continue;
    if ([plan.repoRoot, ...trees].some(isIn)) {
      return refuse(path, 'a file in out_dir or outside of the repository', 'one in it');
    }
  }
  return ok(undefined);
}

/** Where a file would be: the real path of what is there of its folders, and the rest of the names. */
function realPlace(path: string): string {
  let folder = dirname(path);
  while (dirname(folder) !== folder && !existsSync(folder)) folder = dirname(folder);
  return join(realOrSame(folder), relative(folder, path));
}

function refuse(path: string, expected: string, got: string): Result<never, Failure> {
  return fail(
    failure('precondition', `--html-report ${path}: expected ${expected}, got ${got}`, {
      remedy: 'name a file such as report.html in out_dir',
    }),
  );
}
