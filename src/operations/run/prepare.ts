import { tmpdir } from 'node:os';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import { isInside } from '../../formats/stored-path.ts';
import { findWorkTree, type WorkTree } from '../../git/work-tree.ts';
import { kindAt } from '../../store/file-kind.ts';
import { type InspectedOutDir, inspectOutDir } from '../../store/inspect-out-dir.ts';
import { readSchemas } from './artifact-schemas.ts';
import type { Watch } from './watch.ts';

/** The ground a run stands on: repository and out_dir, looked at and not touched. */
export interface Ground {
  readonly workTree: WorkTree | null;
  readonly outDir: InspectedOutDir;
}

/**
 * Exit 2 with what is wrong before anything is written (spec sections 2 and 5). `watch` is null for a look that a
 * run does not follow.
 */
export async function inspectGround(
  outDir: string,
  plan: RunPlan,
  env: Readonly<Record<string, string | undefined>>,
  watch: Watch | null,
): Promise<Result<Ground, Failure>> {
  const root = inspectRepoRoot(plan.repoRoot);
  if (!root.ok) return root;
  const workTree = findWorkTree(plan.repoRoot);
  if (!workTree.ok) return workTree;
  const tree = workTree.value;
  const gitDirs = tree === null ? [] : [tree.gitDir, tree.commonDir];
  const place = inspectOutDir(outDir, { repoRoot: plan.repoRoot, gitDirs });
  if (!place.ok) return place;
  const tracked = await refuseTrackedFiles(place.value, tree, { env, watch });
  if (!tracked.ok) return tracked;
  const bound = readSchemas(plan);
  return bound.ok ? ok({ workTree: tree, outDir: place.value }) : bound;
}

function inspectRepoRoot(repoRoot: string): Result<void, Failure> {
  const found = kindAt(repoRoot);
  if (found === 'a folder') return ok(undefined);
  return fail(
    failure('precondition', `repo-root ${repoRoot}: expected a folder, got ${found}`, {
      remedy: 'give the repository with --repo-root',
    }),
  );
}

/** Evidence among tracked files would change the very tree that it speaks of. */
async function refuseTrackedFiles(
  outDir: InspectedOutDir,
  tree: WorkTree | null,
  how: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly watch: Watch | null;
  },
): Promise<Result<void, Failure>> {
  if (tree === null || !isInside(tree.topLevel, outDir.path)) return ok(undefined);
  const { holdsTrackedFiles } = await import('../../git/tracked-paths.ts');
  const { env, watch } = how;
  const reaper = await watch?.reaper();
  if (reaper?.ok === false) return reaper;
  const environment = { path: env.PATH ?? '', home: env.HOME ?? null, marks: watch?.marks ?? {} };
  const signal = watch === null ? {} : { signal: watch.abort };
  const holds = await holdsTrackedFiles(outDir.path, { environment, scratch: tmpdir(), ...signal });
  if (!holds.ok) return holds;
  return holds.value
    ? fail(
        failure('precondition', `${outDir.path}: expected a folder without tracked files, got some`, {
          remedy: 'choose another out_dir, or remove those files from the repository',
        }),
      )
    : ok(undefined);
}

/**
 * The planning context is a file of ours and no part of the content tree: a tracked file in its place would be
 * overwritten, and from then on be changed unseen. Asked of a fresh run only: later a stage may have committed it.
 */
export async function refuseTrackedContext(
  ground: Ground,
  plan: RunPlan,
  how: { readonly env: Readonly<Record<string, string | undefined>>; readonly watch: Watch },
): Promise<Result<void, Failure>> {
  const path = plan.planningContextArtifact;
  if (path === null || ground.workTree === null) return ok(undefined);
  const { trackedPaths } = await import('../../git/tracked-paths.ts');
  const { env, watch } = how;
  const tracked = await trackedPaths({
    paths: [path],
    environment: { path: env.PATH ?? '', home: env.HOME ?? null, marks: watch.marks },
    scratch: tmpdir(),
    signal: watch.abort,
  });
  if (!tracked.ok) return tracked;
  if (!tracked.value.has(path)) return ok(undefined);
  const expected = `--planning-context-artifact ${path}: expected a place of its own, got a tracked file`;
  return fail(
    failure('precondition', expected, { remedy: 'name a file in out_dir, or one that git does not track' }),
  );
}
