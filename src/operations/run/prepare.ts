import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import { displayPath, isInside } from '../../formats/stored-path.ts';
import { findWorkTree, type WorkTree } from '../../git/work-tree.ts';
import { type InspectedOutDir, inspectOutDir } from '../../store/inspect-out-dir.ts';

/** The ground a run stands on: repository and out_dir, looked at and not touched. */
export interface Ground {
  readonly workTree: WorkTree | null;
  readonly outDir: InspectedOutDir;
}

/** Exit 2 with what is wrong before anything is written (spec sections 2 and 5). */
export async function inspectGround(
  outDir: string,
  plan: RunPlan,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<Ground, Failure>> {
  const root = inspectRepoRoot(plan.repoRoot);
  if (!root.ok) return root;
  const workTree = findWorkTree(plan.repoRoot);
  if (!workTree.ok) return workTree;
  const tree = workTree.value;
  const gitDirs = tree === null ? [] : [tree.gitDir, tree.commonDir];
  const place = inspectOutDir(outDir, { repoRoot: plan.repoRoot, gitDirs });
  if (!place.ok) return place;
  const tracked = await refuseTrackedFiles(place.value, tree, env);
  if (!tracked.ok) return tracked;
  const bound = inspectSchemas(plan);
  return bound.ok ? ok({ workTree: tree, outDir: place.value }) : bound;
}

function inspectRepoRoot(repoRoot: string): Result<void, Failure> {
  const there = statSync(repoRoot, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) return ok(undefined);
  return fail(
    failure(
      'precondition',
      `repo-root ${repoRoot}: expected a folder, got ${there === undefined ? 'nothing' : 'a file'}`,
      {
        remedy: 'give the repository with --repo-root',
      },
    ),
  );
}

/** Evidence among tracked files would change the very tree that it speaks of. */
async function refuseTrackedFiles(
  outDir: InspectedOutDir,
  tree: WorkTree | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<void, Failure>> {
  if (tree === null || !isInside(tree.topLevel, outDir.path)) return ok(undefined);
  const { holdsTrackedFiles } = await import('../../git/tracked-paths.ts');
  const environment = { path: env.PATH ?? '', home: env.HOME ?? null };
  const holds = await holdsTrackedFiles(outDir.path, { environment, scratch: tmpdir() });
  if (!holds.ok) return holds;
  return holds.value
    ? fail(
        failure('precondition', `${outDir.path}: expected a folder without tracked files, got some`, {
          remedy: 'choose another out_dir, or remove those files from the repository',
        }),
      )
    : ok(undefined);
}

function inspectSchemas(plan: RunPlan): Result<void, Failure> {
  const schemas = Object.values(plan.roles).flatMap((role) =>
    (role?.expectedArtifacts ?? []).flatMap((one) => (one.schema === null ? [] : [one.schema])),
  );
  const absent = schemas.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() !== true);
  if (absent === undefined) return ok(undefined);
  return fail(
    failure('precondition', `artifact schema ${displayPath(absent)}: expected a JSON Schema file, got none`, {
      remedy: 'correct the schema path in the config file',
    }),
  );
}
