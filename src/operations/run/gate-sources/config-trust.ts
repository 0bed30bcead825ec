import { type Failure, failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { RunDocument } from '../../../core/run-document.ts';
import type { GivenConfigFile } from '../../../core/run-plan.ts';
import { sha256 } from '../../../formats/sha256.ts';
import { isInside, storePath } from '../../../formats/stored-path.ts';
import { realOrSame } from '../../../store/real-path.ts';
import type { RunContext } from '../context.ts';
import { gitScratch } from '../paths.ts';

/** The config file of a run that a stage can write to, as it was read; null for any other. */
export type ReachableConfig = RunDocument['config_file'];

/**
 * A file in repo-root or out_dir is within reach of every stage, of earlier runs too. Where it says how gates are
 * decided or what may change, it must be as the base commit has it: an agent's own rules are none (spec/gates.md,
 * section 4). `precondition` where it is not.
 */
export async function trustConfig(
  context: RunContext,
  base: string | null,
): Promise<Result<ReachableConfig, Failure>> {
  const file = context.request.configFile ?? null;
  if (file === null || !isReachable(context, file)) return ok(null);
  const record = recordOf(context, file);
  if (!file.rules || base === null || context.workTree === null) return ok(record);
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { commitHolds } = await import('../../../git/commit-file.ts');
  const { env } = context.ports;
  const held = await commitHolds({
    root: context.plan.repoRoot,
    commit: base,
    path: realOrSame(file.path),
    bytes: file.bytes,
    environment: { path: env.PATH ?? '', home: env.HOME ?? null },
    scratch: scratch.value,
    signal: context.abort,
  });
  if (!held.ok) return held;
  if (held.value) return ok(record);
  return fail(
    failure(
      'precondition',
      `--config ${file.path}: it lies where stages write, and says gates or scope otherwise than the base commit ${base.slice(0, 12)} does`,
      { remedy: 'commit it to the base first, keep it outside of the repository, or give flags' },
    ),
  );
}

/** On a resume such a file must still be the one that the run began with. */
export function refuseChangedConfig(
  context: RunContext,
  before: ReachableConfig,
): Result<ReachableConfig, Failure> {
  const file = context.request.configFile ?? null;
  if (file === null || !isReachable(context, file)) return ok(before);
  const now = recordOf(context, file);
  if (before !== null && before.path === now.path && before.sha256 === now.sha256) return ok(before);
  return fail(
    failure(
      'precondition',
      `--config ${file.path}: it lies where stages write, and is not the file that this run began with`,
      {
        remedy:
          'leave --config out, the checkpoint has what it said; or give what is to change as flags, or in a file outside of the repository',
      },
    ),
  );
}

function isReachable({ roots }: RunContext, file: GivenConfigFile): boolean {
  const path = realOrSame(file.path);
  return [roots.repoRoot, roots.outDir].some((root) => isInside(realOrSame(root), path));
}

function recordOf({ roots }: RunContext, file: GivenConfigFile): NonNullable<ReachableConfig> {
  return { path: storePath(realOrSame(file.path), roots), sha256: sha256(file.bytes) };
}
