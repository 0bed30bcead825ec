import { accessSync, constants, existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import { describeErrno, errnoOf } from '../../store/io-failure.ts';
import { evidencePaths } from '../../store/layout.ts';
import { realOrSame } from '../../store/real-path.ts';
import { whatIsThere } from '../html-report-file.ts';

type Where = { readonly workTree: WorkTree | null; readonly outDir: { readonly path: string } };
type Asked = Pick<RunRequest, 'outDir' | 'checkpointPath' | 'htmlReport'>;

/**
 * Exit 2 for an HTML report that would harm the run, or that could not be written when it has ended: by then nobody may
 * read a notice. Of out_dir the folders need not be there yet.
 */
export function refuseHtmlReport(request: Asked, where: Where, plan: RunPlan): Result<void, Failure> {
  const path = request.htmlReport;
  if (path === null) return ok(undefined);
  const place = refuseHtmlPlace(request, where, plan);
  if (!place.ok) return place;
  const folder = dirname(path);
  const isMade = [request.outDir, where.outDir.path].some((one) => isInside(one, folder));
  const why = isMade ? null : whyNotInto(folder);
  if (why !== null) return refuse(path, 'a file in a folder that can be written', `one in ${folder}: ${why}`);
  if (whatIsThere(path) !== 'foreign') return ok(undefined);
  return refuse(path, 'a new file or an HTML report to replace', 'something else');
}

/**
 * Exit 2 for an HTML report among the evidence, where it would replace a document that counts, and for one in the work
 * tree, where it would change the content that validation has judged.
 */
export function refuseHtmlPlace(
  request: Asked,
  { workTree, outDir }: Where,
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

/** Why nothing can be written into a folder, null where it can. */
function whyNotInto(folder: string): string | null {
  try {
    // With the dot a file in the place of the folder is told, too.
    accessSync(`${folder}/.`, constants.W_OK);
    return null;
  } catch (error) {
    return describeErrno(errnoOf(error));
  }
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
