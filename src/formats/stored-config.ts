import type {
  StoredArtifactPlan,
  StoredCommand,
  StoredConfig,
  StoredRole,
} from '../core/config/stored-config.ts';
import {
  type ArtifactPlan,
  type CommandPlan,
  ROLES,
  type Role,
  type RolePlan,
  type RunPlan,
} from '../core/run-plan.ts';
import { loadClosure, storeClosure } from './stored-closure.ts';
import {
  loadBinary,
  loadPath,
  loadRepoRoot,
  type StoredRoots,
  storeBinary,
  storePath,
  storeRepoRoot,
} from './stored-path.ts';

/** What storing must not let through. */
export interface Withholding {
  /** Masks every known secret in a text. */
  readonly text: (value: string) => string;
  /** Whether a variable's value is a secret by its name. */
  readonly isSecret: (name: string) => boolean;
  readonly passedSecrets: readonly string[];
  /** Positions withheld by an earlier invocation whose arguments still stand, per owner (`executor`, `command-1`). */
  readonly argsWithheld: Readonly<Record<string, readonly number[]>>;
  /** Names withheld by an earlier invocation that nobody gave again, per owner. */
  readonly envWithheld: Readonly<Record<string, readonly string[]>>;
  /** Roles whose prompt was withheld by an earlier invocation and that nobody gave again. */
  readonly promptsWithheld: readonly string[];
}

/** A plan as evidence stores it; secrets are masked or withheld. */
export function storeConfig(plan: RunPlan, roots: StoredRoots, withholding: Withholding): StoredConfig {
  const role = (name: Role): StoredRole | null => storeRole(name, plan.roles[name], roots, withholding);
  return {
    manager: role('manager'),
    executor: role('executor'),
    reviewer: role('reviewer'),
    validation: plan.validation.map((one, index) =>
      storeCommand(`command-${index + 1}`, one, roots, withholding),
    ),
    validation_from_planning_context: plan.validationFromPlanningContext,
    repo_root: storeRepoRoot(roots),
    planning_context_artifact:
      plan.planningContextArtifact === null ? null : storePath(plan.planningContextArtifact, roots),
    execution_max_iterations: plan.executionMaxIterations,
    reviewer_remediation_max_cycles: plan.remediationMaxCycles,
    timeout_ms: plan.timeoutMs,
    run_timeout_ms: plan.runTimeoutMs,
    kill_grace_ms: plan.killGraceMs,
    gate_max_age_ms: plan.gateMaxAgeMs,
    pass_env: plan.passEnv,
    inherit_env: plan.inheritEnv,
    redact_env: plan.redactEnv,
    passed_secrets: withholding.passedSecrets,
    allow_stale_artifacts: plan.allowStaleArtifacts,
    tree_ignore: plan.treeIgnore,
    accept_git_change: plan.acceptGitChange,
    sandbox: plan.sandbox,
    sandbox_network: plan.sandboxNetwork,
    sandbox_read: plan.sandboxRead.map((path) => storePath(path, roots)),
    sandbox_write: plan.sandboxWrite.map((path) => storePath(path, roots)),
    max_artifact_bytes: plan.maxArtifactBytes,
    max_log_bytes: plan.maxLogBytes,
    closure: storeClosure(plan.closure, roots, withholding.text),
  };
}

function storeRole(
  name: Role,
  plan: RolePlan | null,
  roots: StoredRoots,
  hold: Withholding,
): StoredRole | null {
  if (plan === null) return null;
  return {
    ...storeCommand(name, plan, roots, hold),
    expected_artifacts: plan.expectedArtifacts.map((one) => storeArtifact(one, roots)),
    timeout_ms: plan.timeoutMs,
    sandbox: plan.sandbox,
    sandbox_network: plan.sandboxNetwork,
    ...storeAgent(name, plan, hold),
  };
}

function storeAgent(name: Role, plan: RolePlan, hold: Withholding) {
  const prompt = plan.prompt === null ? null : hold.text(plan.prompt);
  return {
    agent: plan.agent,
    prompt,
    prompt_withheld: prompt !== plan.prompt || hold.promptsWithheld.includes(name),
    model: plan.model === null ? null : hold.text(plan.model),
    max_cost_usd: plan.maxCostUsd,
    max_tokens: plan.maxTokens,
    max_turns: plan.maxTurns,
  };
}

function storeArtifact(plan: ArtifactPlan, roots: StoredRoots): StoredArtifactPlan {
  return {
    path: storePath(plan.path, roots),
    schema: plan.schema === null ? null : storePath(plan.schema, roots),
  };
}

function storeCommand(
  owner: string,
  plan: CommandPlan,
  roots: StoredRoots,
  hold: Withholding,
): StoredCommand {
  const args = plan.args.map(hold.text);
  const earlier = hold.argsWithheld[owner] ?? [];
  const withheld = plan.args.flatMap((arg, index) =>
    arg !== args[index] || earlier.includes(index) ? [index] : [],
  );
  const names = new Set([...Object.keys(plan.env), ...(hold.envWithheld[owner] ?? [])]);
  return {
    bin: storeBinary(plan.bin, roots),
    args,
    args_withheld: withheld,
    env: [...names].sort().map((name) => {
      const value = Object.hasOwn(plan.env, name) ? plan.env[name] : undefined;
      const secret = value === undefined || hold.isSecret(name) || hold.text(value) !== value;
      return { name, value: secret ? null : value };
    }),
  };
}

/** A stored plan read back; `withheld` names what a stage that is still to run needs again. */
export interface LoadedPlan {
  readonly plan: RunPlan;
  readonly argsWithheld: Readonly<Record<string, readonly number[]>>;
  readonly envWithheld: Readonly<Record<string, readonly string[]>>;
  readonly promptsWithheld: readonly string[];
}

/** Reads a stored configuration back for this out_dir (and this repo-root, where one is given anew). */
export function loadConfig(stored: StoredConfig, outDir: string, repoRoot: string | null): LoadedPlan {
  const roots: StoredRoots = { outDir, repoRoot: repoRoot ?? loadRepoRoot(stored.repo_root, outDir) };
  const owners: [string, StoredCommand][] = [
    ...ROLES.flatMap((name): [string, StoredCommand][] => {
      const role = stored[name];
      return role === null ? [] : [[name, role]];
    }),
    ...stored.validation.map((one, index): [string, StoredCommand] => [`command-${index + 1}`, one]),
  ];
  return {
    plan: loadPlan(stored, roots),
    argsWithheld: Object.fromEntries(owners.map(([owner, one]) => [owner, one.args_withheld])),
    envWithheld: Object.fromEntries(
      owners.map(([owner, one]) => [owner, one.env.filter((v) => v.value === null).map((v) => v.name)]),
    ),
    promptsWithheld: ROLES.filter((role) => stored[role]?.prompt_withheld === true),
  };
}

function loadPlan(stored: StoredConfig, roots: StoredRoots): RunPlan {
  const context = stored.planning_context_artifact;
  return {
    roles: {
      manager: loadRole(stored.manager, roots),
      executor: loadRole(stored.executor, roots),
      reviewer: loadRole(stored.reviewer, roots),
    },
    validation: stored.validation.map((one) => loadCommand(one, roots)),
    validationFromPlanningContext: stored.validation_from_planning_context,
    repoRoot: roots.repoRoot,
    planningContextArtifact: context === null ? null : loadPath(context, roots),
    executionMaxIterations: stored.execution_max_iterations,
    remediationMaxCycles: stored.reviewer_remediation_max_cycles,
    timeoutMs: stored.timeout_ms,
    runTimeoutMs: stored.run_timeout_ms,
    killGraceMs: stored.kill_grace_ms,
    gateMaxAgeMs: stored.gate_max_age_ms,
    passEnv: stored.pass_env,
    inheritEnv: stored.inherit_env,
    redactEnv: stored.redact_env,
    allowStaleArtifacts: stored.allow_stale_artifacts,
    treeIgnore: stored.tree_ignore,
    acceptGitChange: stored.accept_git_change,
    sandbox: stored.sandbox,
    sandboxNetwork: stored.sandbox_network,
    sandboxRead: stored.sandbox_read.map((path) => loadPath(path, roots)),
    sandboxWrite: stored.sandbox_write.map((path) => loadPath(path, roots)),
    maxArtifactBytes: stored.max_artifact_bytes,
    maxLogBytes: stored.max_log_bytes,
    closure: loadClosure(stored.closure, roots),
  };
}

function loadRole(stored: StoredRole | null, roots: StoredRoots): RolePlan | null {
  if (stored === null) return null;
  return {
    ...loadCommand(stored, roots),
    expectedArtifacts: stored.expected_artifacts.map((one) => ({
      path: loadPath(one.path, roots),
      schema: one.schema === null ? null : loadPath(one.schema, roots),
    })),
    timeoutMs: stored.timeout_ms,
    sandbox: stored.sandbox,
    sandboxNetwork: stored.sandbox_network,
    agent: stored.agent,
    prompt: stored.prompt,
    model: stored.model,
    maxCostUsd: stored.max_cost_usd,
    maxTokens: stored.max_tokens,
    maxTurns: stored.max_turns,
  };
}

function loadCommand(stored: StoredCommand, roots: StoredRoots): CommandPlan {
  return {
    bin: loadBinary(stored.bin, roots),
    args: stored.args,
    env: Object.fromEntries(
      stored.env.flatMap((one): [string, string][] => (one.value === null ? [] : [[one.name, one.value]])),
    ),
  };
}
