import { resolvePlan } from '../../core/config/resolve-plan.ts';
import type { StoredConfig } from '../../core/config/stored-config.ts';
import { closeIntent } from '../../core/document/append.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { mergeAssertions } from '../../core/gates/collect-signals.ts';
import type { Pipeline } from '../../core/machine/pipeline.ts';
import type { BegunState } from '../../core/machine/state.ts';
import type { InvocationRecord } from '../../core/records.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { compareConfigs } from '../../core/resume/compare-config.ts';
import { countingExecutions, stagesOutOfReach, stagesThatStand } from '../../core/resume/stages.ts';
import { missingSecrets, stillWithheld, type Withheld } from '../../core/resume/withheld.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunPlan, RunRequest } from '../../core/run-plan.ts';
import { loadConfig } from '../../formats/stored-config.ts';
import { displayPath } from '../../formats/stored-path.ts';

/** What a resume goes on with. */
export interface ResumedPlan {
  readonly plan: RunPlan;
  readonly withheld: Withheld;
  /** Completed stages that this invocation will not run again. */
  readonly standing: readonly string[];
}

/** The plan of a resume: the run so far, changed by what was given now (spec section 6). */
export function planOfResume(
  pipeline: Pipeline,
  document: RunDocument,
  state: BegunState,
  request: RunRequest,
  cwd: string,
): Result<ResumedPlan, Failure> {
  const standing = stagesThatStand(pipeline, state, request.rerunFrom);
  if (!standing.ok) return standing;
  const repoRoot = request.given.repoRoot?.value ?? null;
  const loaded = loadConfig(document.config, request.outDir, repoRoot);
  const held = { args: loaded.argsWithheld, env: loaded.envWithheld, prompts: loaded.promptsWithheld };
  const withheld = stillWithheld(held, request.given);
  const plan = resolvePlan(request.given, loaded.plan, cwd);
  const settled = stagesOutOfReach(pipeline, standing.value, plan.remediationMaxCycles);
  const missing = missingSecrets(withheld, pipeline, settled);
  const [first] = missing;
  if (first !== undefined) {
    return fail(
      failure('precondition', `--resume needs secrets that a checkpoint never holds: ${missing.join(', ')}`, {
        remedy:
          'give them again with --resume: by the same flags (--…-env NAME=value, --…-arg, --…-prompt), or the config file',
      }),
    );
  }
  return ok({ plan, withheld, standing: standing.value });
}

/** What flags and config change; a change to a completed stage is refused by name. */
export function changesOfResume(
  pipeline: Pipeline,
  before: StoredConfig,
  after: StoredConfig,
  standing: readonly string[],
): Result<readonly string[], Failure> {
  const { changes, refused } = compareConfigs(before, after, standing, pipeline);
  const [first] = refused;
  if (first === undefined) return ok(changes);
  const named = refused.map((one) => `${one.what} (${one.stage} has completed)`).join(', ');
  return fail(
    failure('precondition', `--resume cannot change what has been done: ${named}`, {
      stage: first.stage,
      remedy: `run that stage again: --resume --rerun-from ${first.stage}`,
    }),
  );
}

/** The document that an invocation takes over: interrupted attempts closed, what is thrown away dropped. */
export function takeOver(
  document: RunDocument,
  how: {
    readonly config: StoredConfig;
    readonly standing: readonly string[];
    readonly invocation: InvocationRecord;
    readonly assertions: Parameters<typeof mergeAssertions>[1];
    readonly nowMs: number;
    /** Whether repo-root is to be a git work tree: as the run began, or as a repo-root given now is. */
    readonly isGit: boolean;
    /** As the run began, or as a base or repo-root given now has it. */
    readonly base: string | null;
    readonly delivery: RunDocument['delivery'];
  },
): RunDocument {
  const closed = closeIntent(document, { unixMs: how.nowMs });
  return {
    ...closed,
    config: how.config,
    repo: { ...closed.repo, root: how.config.repo_root, is_git: how.isGit, base: how.base },
    delivery: how.delivery,
    host: how.invocation.host,
    assertions: mergeAssertions(closed.assertions, how.assertions, Math.floor(how.nowMs / 1000)),
    artifacts: closed.artifacts.filter((one) => how.standing.includes(one.stage)),
    planning_context: how.standing.includes('planning') ? closed.planning_context : null,
    worktree_changes: [],
    git_changes: [],
    invocations: [...closed.invocations, how.invocation],
  };
}

/** An executable of a completed stage that is not what it was when the stage ran. */
export interface ChangedBinary {
  readonly stage: string;
  readonly path: string;
  readonly now: string;
}

/** Looks at every executable that completed stages were run with; `identify` gives a file's digest now. */
export function changedBinaries(
  document: RunDocument,
  standing: readonly string[],
  digestNow: (storedPath: string) => string | null,
): readonly ChangedBinary[] {
  return countingExecutions(document.stage_executions, standing).flatMap((execution) =>
    [execution.binary, execution.script].flatMap((file) => {
      if (file === null) return [];
      const now = digestNow(file.path);
      return now === file.sha256 ? [] : [{ stage: execution.stage, path: file.path, now: now ?? 'gone' }];
    }),
  );
}

/** `binary_changed`, exit 1, unless each changed stage was accepted by name; the accepted ones are recorded. */
export function judgeBinaries(
  changed: readonly ChangedBinary[],
  accepted: readonly string[],
): Result<readonly string[], Failure> {
  const refused = changed.find((one) => !accepted.includes(one.stage));
  if (refused !== undefined) {
    return fail(
      failure(
        'binary_changed',
        `the binary of the completed stage ${refused.stage} changed: ${displayPath(refused.path)} is ${
          refused.now === 'gone' ? 'gone' : 'not the file that ran'
        }`,
        {
          stage: refused.stage,
          remedy: `--resume --rerun-from ${refused.stage}, or --resume --accept-changed-binary ${refused.stage}`,
        },
      ),
    );
  }
  return ok(changed.map((one) => `${one.stage}: changed binary ${displayPath(one.path)} accepted`));
}
