import { argumentsOf, usedSoFar } from '../../core/agents/agent-command.ts';
import type { Machine } from '../../core/machine/advance.ts';
import type { Run } from '../../core/machine/tasks.ts';
import type { Observe } from '../../core/observation.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { ArtifactPlan, CommandPlan, RunPlan, RunRequest } from '../../core/run-plan.ts';
import type { RunReport } from '../../formats/report.ts';
import type { StoredRoots } from '../../formats/stored-path.ts';
import type { GithubMemory } from '../../gates/github/memory.ts';
import type { GitlabMemory } from '../../gates/gitlab/memory.ts';
import type { WorkTree } from '../../git/work-tree.ts';
import type { DigestCache } from '../../process/identify-executable.ts';
import type { Mask } from '../../process/mask.ts';
import type { Reaper } from '../../process/reaper.ts';
import type { SweepMemory } from '../../process/sweep-memory.ts';
import type { Evidence } from '../../store/evidence.ts';
import type { EvidencePaths } from '../../store/layout.ts';
import type { ArtifactSchemas } from './artifact-schemas.ts';
import type { Commit } from './commit.ts';
import type { RunPorts } from './ports.ts';
import type { SandboxHere } from './sandbox/prepare-sandbox.ts';
import type { Secrecy } from './secrets.ts';
import type { TreeWatch } from './tree-watch.ts';

/** Everything that stays the same for one invocation. */
export interface RunContext {
  readonly ports: RunPorts;
  readonly request: RunRequest;
  readonly plan: RunPlan;
  readonly machine: Machine;
  readonly paths: EvidencePaths;
  readonly roots: StoredRoots;
  readonly workTree: WorkTree | null;
  readonly evidence: Evidence;
  readonly commit: Commit;
  /** What this invocation last committed; null before its first commit. */
  readonly lastCommitted: () => RunDocument | null;
  /** Told once the commit that holds it is on disk: what was acknowledged stays done after a crash. */
  readonly observeCommitted: Observe;
  readonly mask: Mask;
  readonly secrecy: Secrecy;
  readonly digests: DigestCache;
  /** This invocation's mark on its processes. */
  readonly cookie: string;
  readonly reaper: Reaper;
  readonly sandbox: SandboxHere;
  readonly sweepMemory: SweepMemory;
  readonly treeWatch: TreeWatch;
  /** What this run was told by GitHub; made when it is first asked. */
  readonly githubMemory: () => Promise<GithubMemory>;
  /** The same of GitLab. */
  readonly gitlabMemory: () => Promise<GitlabMemory>;
  /** The variable that marks this invocation's processes, git among them. */
  readonly marks: Readonly<Record<string, string>>;
  /** As they were when this invocation began: what a stage makes of the files holds nobody. */
  readonly schemas: ArtifactSchemas;
  /** Aborted with the cancellation: stops git. */
  readonly abort: AbortSignal;
  /** Milliseconds on the monotonic clock. */
  readonly startedMonotonic: number;
  /** How many records of attempts there were when this invocation began. */
  readonly earlierAttempts: number;
  readonly watchesOutput: RunPorts['watchesOutput'];
  readonly reportOf: (document: RunDocument) => RunReport;
}

/** What one run of a binary is started with, and what it has to leave. */
export interface RunSpec extends CommandPlan {
  readonly expectedArtifacts: readonly ArtifactPlan[];
  readonly timeoutMs: number;
}

/** The binary of a run: a role's, or a native validation command; those of the planning context come last. */
export function specOf(
  { plan, earlierAttempts }: Pick<RunContext, 'plan' | 'earlierAttempts'>,
  document: RunDocument,
  run: Run,
): RunSpec {
  if (run.role !== null) {
    const role = plan.roles[run.role];
    if (role === null) throw new Error(`the ${run.role} is not configured`);
    const args = argumentsOf(role, usedSoFar(document, run.role, earlierAttempts));
    return { ...role, args, timeoutMs: role.timeoutMs ?? plan.timeoutMs };
  }
  const index = run.command ?? 0;
  const own = plan.validation[index];
  if (own !== undefined) return { ...own, expectedArtifacts: [], timeoutMs: plan.timeoutMs };
  const [bin, ...args] = document.planning_context?.commands[index - plan.validation.length] ?? [];
  if (bin === undefined) throw new Error(`there is no validation command ${index + 1}`);
  return { bin, args, env: {}, expectedArtifacts: [], timeoutMs: plan.timeoutMs };
}
