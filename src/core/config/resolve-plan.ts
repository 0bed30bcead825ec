import { type AgentSettings, NO_AGENT } from '../agents/limits.ts';
import { profileOf } from '../agents/profiles.ts';
import {
  DEFAULTS,
  type Given,
  type GivenPlan,
  type GivenRole,
  type Role,
  type RolePlan,
  type RunPlan,
} from '../run-plan.ts';
import { CLOSURE_DEFAULTS } from './closure-settings.ts';
import { resolveClosure } from './resolve-closure.ts';

/** What is not given is taken from `base` (the run so far), and where there is none, from the defaults. */
export function resolvePlan(given: GivenPlan, base: RunPlan | null, cwd: string): RunPlan {
  const from = base ?? defaultPlan(cwd);
  return {
    roles: {
      manager: resolveRole(given, from, 'manager'),
      executor: resolveRole(given, from, 'executor'),
      reviewer: resolveRole(given, from, 'reviewer'),
    },
    validation: pick(given.validation, from.validation),
    validationFromPlanningContext: pick(
      given.validationFromPlanningContext,
      from.validationFromPlanningContext,
    ),
    repoRoot: pick(given.repoRoot, from.repoRoot),
    planningContextArtifact: pick(given.planningContextArtifact, from.planningContextArtifact),
    executionMaxIterations: pick(given.executionMaxIterations, from.executionMaxIterations),
    remediationMaxCycles: pick(given.remediationMaxCycles, from.remediationMaxCycles),
    timeoutMs: pick(given.timeoutMs, from.timeoutMs),
    runTimeoutMs: pick(given.runTimeoutMs, from.runTimeoutMs),
    killGraceMs: pick(given.killGraceMs, from.killGraceMs),
    gateMaxAgeMs: pick(given.gateMaxAgeMs, from.gateMaxAgeMs),
    passEnv: pick(given.passEnv, from.passEnv),
    inheritEnv: pick(given.inheritEnv, from.inheritEnv),
    redactEnv: pick(given.redactEnv, from.redactEnv),
    allowStaleArtifacts: pick(given.allowStaleArtifacts, from.allowStaleArtifacts),
    treeIgnore: pick(given.treeIgnore, from.treeIgnore),
    acceptGitChange: pick(given.acceptGitChange, from.acceptGitChange),
    sandbox: pick(given.sandbox, from.sandbox),
    sandboxNetwork: pick(given.sandboxNetwork, from.sandboxNetwork),
    sandboxRead: pick(given.sandboxRead, from.sandboxRead),
    sandboxWrite: pick(given.sandboxWrite, from.sandboxWrite),
    maxArtifactBytes: pick(given.maxArtifactBytes, from.maxArtifactBytes),
    maxLogBytes: pick(given.maxLogBytes, from.maxLogBytes),
    closure: resolveClosure(given.closure ?? {}, from.closure),
  };
}

/** A value that was given counts, null too: it says "none". */
function pick<Value>(one: Given<Value> | undefined, otherwise: Value): Value {
  return one === undefined ? otherwise : one.value;
}

/** The plan of spec section 1's default column; `cwd` is the repository. */
function defaultPlan(cwd: string): RunPlan {
  return {
    roles: { manager: null, executor: null, reviewer: null },
    validation: [],
    validationFromPlanningContext: false,
    repoRoot: cwd,
    planningContextArtifact: null,
    executionMaxIterations: DEFAULTS.executionMaxIterations,
    remediationMaxCycles: DEFAULTS.remediationMaxCycles,
    timeoutMs: DEFAULTS.timeoutMs,
    runTimeoutMs: null,
    killGraceMs: DEFAULTS.killGraceMs,
    gateMaxAgeMs: DEFAULTS.gateMaxAgeMs,
    passEnv: [],
    inheritEnv: false,
    redactEnv: [],
    allowStaleArtifacts: false,
    treeIgnore: [],
    acceptGitChange: [],
    sandbox: 'off',
    sandboxNetwork: 'off',
    sandboxRead: [],
    sandboxWrite: [],
    maxArtifactBytes: DEFAULTS.maxArtifactBytes,
    maxLogBytes: DEFAULTS.maxLogBytes,
    closure: CLOSURE_DEFAULTS,
  };
}

/**
 * Lists replace what was there; variables are added by name, so that one secret can be given again without
 * repeating the others.
 */
function resolveRole(given: GivenPlan, base: RunPlan, role: Role): RolePlan | null {
  const now: GivenRole = given.roles[role];
  const before = base.roles[role];
  const agent = pick(now.agent, before?.agent ?? null);
  // Another agent is another program, unless the operator names one.
  const same = now.agent === undefined || now.agent.value === before?.agent;
  const standard = agent === null ? undefined : profileOf(agent).bin;
  const bin = now.bin?.value ?? (same ? before?.bin : undefined) ?? standard;
  if (bin === undefined) return null;
  return {
    bin,
    args: now.args?.value ?? (same ? before?.args : undefined) ?? [],
    env: { ...before?.env, ...now.env?.value },
    expectedArtifacts: now.expectedArtifacts?.value ?? before?.expectedArtifacts ?? [],
    timeoutMs: pick(now.timeoutMs, before?.timeoutMs ?? null),
    sandbox: pick(now.sandbox, before?.sandbox ?? null),
    sandboxNetwork: pick(now.sandboxNetwork, before?.sandboxNetwork ?? null),
    ...resolveAgent(now, before, same),
  };
}

/** A model is one of its agent; a limit holds for whoever does the work. */
function resolveAgent(now: GivenRole, before: RolePlan | null, same: boolean): AgentSettings {
  const from = before ?? NO_AGENT;
  return {
    agent: pick(now.agent, from.agent),
    prompt: pick(now.prompt, from.prompt),
    model: pick(now.model, same ? from.model : null),
    maxCostUsd: pick(now.maxCostUsd, from.maxCostUsd),
    maxTokens: pick(now.maxTokens, from.maxTokens),
    maxTurns: pick(now.maxTurns, from.maxTurns),
  };
}
