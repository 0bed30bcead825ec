import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import { serialisePlanningContext } from '../../formats/planning-context.ts';
import { sha256 } from '../../formats/sha256.ts';
import { isInside, storePath } from '../../formats/stored-path.ts';
import { durableWrite } from '../../store/durable-write.ts';
import type { RunContext } from './context.ts';
import type { Deed } from './gates.ts';
import { gitScratch, ownFiles } from './paths.ts';

/** Milliseconds that git may take for it (spec section 3: every outside call has a limit). */
const GIT_LIMIT_MS = 120_000;

/**
 * Writes the repository context that the manager reads. The validation commands in it are kept in the document:
 * what a stage makes of the file afterwards changes nothing about what validation runs.
 */
export async function writeContext(context: RunContext, document: RunDocument): Promise<Deed> {
  const written = await write(context, document);
  if (!written.ok) {
    const stage = document.state.status === 'pending' ? null : document.state.progress.stage;
    return { document, event: { type: 'broke', failure: { ...written.failure, stage } } };
  }
  const { path, digest, commands } = written.value;
  context.evidence.audit('context-written', { path, digest, commands });
  return {
    document: { ...document, planning_context: { path, sha256: digest, commands } },
    event: { type: 'context-written', commands: commands.length },
  };
}

interface Written {
  readonly path: string;
  readonly digest: string;
  readonly commands: readonly (readonly string[])[];
}

async function write(context: RunContext, document: RunDocument): Promise<Result<Written, Failure>> {
  const file = context.plan.planningContextArtifact;
  if (file === null) throw new Error('no planning context is configured');
  const scratch = gitScratch(context.paths);
  if (!scratch.ok) return scratch;
  const { buildPlanningContext } = await import('../../git/planning-context.ts');
  const { env } = context.ports;
  const built = await buildPlanningContext({
    root: context.plan.repoRoot,
    runId: document.run_id,
    excludes: ownFiles(context.paths, context.plan),
    ignoreGlobs: context.plan.treeIgnore,
    environment: { path: env.PATH ?? '', home: env.HOME ?? null },
    scratch: scratch.value,
    limitMs: GIT_LIMIT_MS,
    signal: context.abort,
  });
  if (!built.ok) return built;
  const text = context.mask.text(serialisePlanningContext(built.value));
  const { realpathOfNearest } = await import('../../git/work-tree.ts');
  if (leadsAway(context, dirname(file), realpathOfNearest(dirname(file)))) {
    return unwritten('its folder leads out of repo-root and out_dir');
  }
  const folder = makeFolder(dirname(file));
  if (!folder.ok) return folder;
  const stored = durableWrite(file, text, { random: () => context.ports.random(8) });
  if (!stored.ok) return stored;
  const commands = built.value.validation_commands.map((one) => one.argv);
  return ok({ path: storePath(file, context.roots), digest: sha256(text), commands });
}

/** Whether a folder in repo-root or out_dir has become a link to elsewhere, as a stage before a rerun can make it. */
function leadsAway({ roots }: RunContext, folder: string, real: string): boolean {
  if (isInside(roots.outDir, folder)) return !isInside(roots.outDir, real);
  if (!isInside(roots.repoRoot, folder)) return false;
  return !isInside(roots.repoRoot, real) || isInside(roots.outDir, real);
}

function makeFolder(folder: string): Result<void, Failure> {
  try {
    mkdirSync(folder, { recursive: true });
    return ok(undefined);
  } catch (error) {
    return unwritten(error instanceof Error ? error.message : String(error));
  }
}

function unwritten(why: string): Result<never, Failure> {
  return fail(
    failure('evidence_unwritable', `the planning context cannot be written: ${why}`, {
      remedy: 'give another --planning-context-artifact, then --resume',
    }),
  );
}
