import type { AgentSettings } from '../core/agents/limits.ts';
import { CLOSURE_CONFIG_KEYS, CLOSURE_KEYS, type ClosureSettings } from '../core/config/closure-settings.ts';
import { resolvePlan } from '../core/config/resolve-plan.ts';
import {
  type CommandPlan,
  type Given,
  type GivenPlan,
  ROLES,
  type Role,
  type RolePlan,
  type RunPlan,
} from '../core/run-plan.ts';
import { writeDuration } from '../formats/duration.ts';
import { createMask, MASK_TEXT } from '../process/mask.ts';
import { compileNames } from '../process/name-globs.ts';
import { collectSecrets, looksLikeSecret } from '../process/secrets.ts';

/** One value with where it came from: a flag, a file and key, `checkpoint` or `default`. */
export interface Effective {
  readonly value: unknown;
  readonly origin: string;
}

/** The configuration by config key; a role that is not configured is null. */
export interface EffectiveConfig {
  readonly roles: Readonly<Record<Role, Readonly<Record<string, Effective>> | null>>;
  readonly settings: Readonly<Record<string, Effective>>;
  /** Below `base`, `gates`, `scope` and `delivery`, by the path in a file (`gates.policy.from`). */
  readonly closure: Readonly<Record<string, Effective>>;
}

/** Tells what must not be printed. */
interface Secrecy {
  /** Whether a variable's value is a secret by its name. */
  readonly isSecret: (name: string) => boolean;
  /** Masks every known secret in a text. */
  readonly mask: (text: string) => string;
}

export interface EffectiveConfigRequest {
  readonly given: GivenPlan;
  /** The run so far, null on a fresh run. */
  readonly base: RunPlan | null;
  readonly cwd: string;
  /** The caller's environment: where its secrets appear in an argument, they are masked. */
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
}

/** Every value that a run would use, secrets masked. */
export async function effectiveConfig(request: EffectiveConfigRequest): Promise<EffectiveConfig> {
  const { given, base, cwd } = request;
  const plan = resolvePlan(given, base, cwd);
  const before = base === null ? 'default' : 'checkpoint';
  const hide = await secrecyOf(plan, request.callerEnv);
  const role = (name: Role) => effectiveRole({ name, plan, given, base, hide, before });
  return {
    roles: { manager: role('manager'), executor: role('executor'), reviewer: role('reviewer') },
    settings: effectiveSettings(plan, given, before, hide),
    closure: effectiveClosure(plan, given, before, hide),
  };
}

function effectiveSettings(
  plan: RunPlan,
  given: GivenPlan,
  before: string,
  hide: Secrecy,
): Readonly<Record<string, Effective>> {
  const of = (value: unknown, one: Given<unknown> | undefined): Effective => ({
    value,
    origin: one?.origin ?? before,
  });
  return {
    validation: of(
      plan.validation.map((one) => shownCommand(one, hide)),
      given.validation,
    ),
    validation_from_planning_context: of(
      plan.validationFromPlanningContext,
      given.validationFromPlanningContext,
    ),
    repo_root: of(plan.repoRoot, given.repoRoot),
    planning_context_artifact: of(plan.planningContextArtifact, given.planningContextArtifact),
    tree_ignore: of(plan.treeIgnore, given.treeIgnore),
    accept_git_change: of(plan.acceptGitChange, given.acceptGitChange),
    sandbox: of(plan.sandbox, given.sandbox),
    sandbox_network: of(plan.sandboxNetwork, given.sandboxNetwork),
    sandbox_read: of(plan.sandboxRead, given.sandboxRead),
    sandbox_write: of(plan.sandboxWrite, given.sandboxWrite),
    allow_stale_artifacts: of(plan.allowStaleArtifacts, given.allowStaleArtifacts),
    timeout_ms: of(plan.timeoutMs, given.timeoutMs),
    run_timeout_ms: of(plan.runTimeoutMs, given.runTimeoutMs),
    kill_grace_ms: of(plan.killGraceMs, given.killGraceMs),
    execution_max_iterations: of(plan.executionMaxIterations, given.executionMaxIterations),
    reviewer_remediation_max_cycles: of(plan.remediationMaxCycles, given.remediationMaxCycles),
    max_artifact_bytes: of(plan.maxArtifactBytes, given.maxArtifactBytes),
    max_log_bytes: of(plan.maxLogBytes, given.maxLogBytes),
    gate_max_age: of(writeDuration(plan.gateMaxAgeMs), given.gateMaxAgeMs),
    pass_env: of(plan.passEnv, given.passEnv),
    inherit_env: of(plan.inheritEnv, given.inheritEnv),
    redact_env: of(plan.redactEnv, given.redactEnv),
  };
}

/** Those that a file may say; a text that holds a secret is masked. */
function effectiveClosure(
  plan: RunPlan,
  given: GivenPlan,
  before: string,
  hide: Secrecy,
): Readonly<Record<string, Effective>> {
  return Object.fromEntries(
    CLOSURE_KEYS.flatMap((key) => {
      const path = CLOSURE_CONFIG_KEYS[key];
      if (path === null) return [];
      const value = plan.closure[key];
      const shown = typeof value === 'string' ? hide.mask(value) : asWritten(value);
      return [[path, { value: shown, origin: given.closure?.[key]?.origin ?? before }]];
    }),
  );
}

/** A check as a file writes it: without an app where any will do. */
function asWritten(value: ClosureSettings[keyof ClosureSettings]): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one) => {
    if (typeof one === 'string') return one;
    const { name, app, accept } = one;
    const plain = app === null && accept.length === 0;
    return plain ? name : { name, ...(app === null ? {} : { app }), accept };
  });
}

interface RoleRequest {
  readonly name: Role;
  readonly plan: RunPlan;
  readonly given: GivenPlan;
  readonly base: RunPlan | null;
  readonly hide: Secrecy;
  readonly before: string;
}

function effectiveRole({
  name,
  plan,
  given,
  base,
  hide,
  before,
}: RoleRequest): Record<string, Effective> | null {
  const role = plan.roles[name];
  if (role === null) return null;
  const now = given.roles[name];
  const kept = Object.keys(base?.roles[name]?.env ?? {}).length > 0;
  const origin = (one: Given<unknown> | undefined) => one?.origin ?? before;
  const envOrigin = kept && now.env !== undefined ? `${before}, ${now.env.origin}` : origin(now.env);
  const shown = shownCommand(role, hide);
  return {
    bin: { value: shown.bin, origin: origin(now.bin) },
    args: { value: shown.args, origin: origin(now.args) },
    env: { value: shown.env, origin: envOrigin },
    expected_artifacts: { value: shownArtifacts(role), origin: origin(now.expectedArtifacts) },
    timeout_ms: {
      value: role.timeoutMs ?? plan.timeoutMs,
      origin: timeoutOrigin(role, now.timeoutMs, before),
    },
    sandbox: {
      value: role.sandbox ?? plan.sandbox,
      origin: role.sandbox === null ? 'sandbox' : origin(now.sandbox),
    },
    sandbox_network: {
      value: role.sandboxNetwork ?? plan.sandboxNetwork,
      origin: role.sandboxNetwork === null ? 'sandbox_network' : origin(now.sandboxNetwork),
    },
    ...effectiveAgent(role, (key, value) => ({ value, origin: origin(now[key]) }), hide),
  };
}

function effectiveAgent(
  role: RolePlan,
  of: (key: keyof AgentSettings, value: unknown) => Effective,
  hide: Secrecy,
): Record<string, Effective> {
  if (role.agent === null) return {};
  return {
    agent: of('agent', role.agent),
    prompt: of('prompt', role.prompt === null ? null : hide.mask(role.prompt)),
    model: of('model', role.model === null ? null : hide.mask(role.model)),
    max_cost_usd: of('maxCostUsd', role.maxCostUsd),
    max_tokens: of('maxTokens', role.maxTokens),
    max_turns: of('maxTurns', role.maxTurns),
  };
}

function timeoutOrigin(role: RolePlan, given: Given<unknown> | undefined, before: string): string {
  return role.timeoutMs === null ? 'timeout_ms' : (given?.origin ?? before);
}

function shownArtifacts(role: RolePlan): readonly unknown[] {
  return role.expectedArtifacts.map(({ path, schema }) => (schema === null ? path : { path, schema }));
}

function shownCommand(command: CommandPlan, hide: Secrecy): CommandPlan {
  return {
    bin: command.bin,
    args: command.args.map(hide.mask),
    env: Object.fromEntries(
      Object.entries(command.env).map(([name, value]) => [
        name,
        hide.isSecret(name) ? MASK_TEXT : hide.mask(value),
      ]),
    ),
  };
}

async function secrecyOf(plan: RunPlan, callerEnv: EffectiveConfigRequest['callerEnv']): Promise<Secrecy> {
  const redact = await compileNames(plan.redactEnv);
  const commands = [...ROLES.flatMap((role) => plan.roles[role] ?? []), ...plan.validation];
  const { secrets } = collectSecrets({ callerEnv, roleEnvs: commands.map((one) => one.env), redact });
  return { isSecret: (name) => redact(name) || looksLikeSecret(name), mask: createMask(secrets).text };
}
