import { AGENT_NAMES, type AgentName } from '../core/agents/agent-profile.ts';
import type { GivenPlan, GivenRole, Role } from '../core/run-plan.ts';
import { NETWORK_MODES, type NetworkMode, SANDBOX_MODES, type SandboxMode } from '../core/sandbox.ts';
import { present } from '../operations/given-plan.ts';
import { closureFromFlags } from './closure-flags.ts';
import { type FlagReader, fromFlag } from './read-flags.ts';
import type { ValidationCommands } from './validation-commands.ts';

/** The part of a plan that the flags give; a list flag that was not given gives nothing. */
export function givenFromFlags(flags: FlagReader, validation: ValidationCommands, cwd: string): GivenPlan {
  return {
    roles: {
      manager: roleFromFlags(flags, 'manager'),
      executor: roleFromFlags(flags, 'executor'),
      reviewer: roleFromFlags(flags, 'reviewer'),
    },
    closure: closureFromFlags(flags, cwd),
    ...present({
      validation: fromFlag('validation-bin', listed(validation.commands)),
      validationFromPlanningContext: onSwitch(flags, 'validation-from-planning-context'),
      repoRoot: fromFlag('repo-root', flags.path('repo-root')),
      planningContextArtifact: fromFlag<string | null>(
        'planning-context-artifact',
        flags.path('planning-context-artifact'),
      ),
      executionMaxIterations: number(flags, 'execution-max-iterations'),
      remediationMaxCycles: number(flags, 'reviewer-remediation-max-cycles'),
      timeoutMs: number(flags, 'timeout-ms'),
      runTimeoutMs: fromFlag<number | null>('run-timeout-ms', flags.number('run-timeout-ms')),
      killGraceMs: number(flags, 'kill-grace-ms'),
      gateMaxAgeMs: fromFlag('gate-max-age', flags.duration('gate-max-age')),
      passEnv: texts(flags, 'pass-env'),
      inheritEnv: onSwitch(flags, 'inherit-env'),
      redactEnv: texts(flags, 'redact-env'),
      allowStaleArtifacts: onSwitch(flags, 'allow-stale-artifacts'),
      treeIgnore: texts(flags, 'tree-ignore'),
      acceptGitChange: texts(flags, 'accept-git-change'),
      sandbox: fromFlag('sandbox', sandbox(flags, 'sandbox')),
      sandboxNetwork: fromFlag('sandbox-network', network(flags, 'sandbox-network')),
      sandboxRead: fromFlag('sandbox-read', listed(flags.paths('sandbox-read'))),
      sandboxWrite: fromFlag('sandbox-write', listed(flags.paths('sandbox-write'))),
      maxArtifactBytes: number(flags, 'max-artifact-bytes'),
      maxLogBytes: number(flags, 'max-log-bytes'),
    }),
  };
}

function roleFromFlags(flags: FlagReader, role: Role): GivenRole {
  const variables = flags.variables(`${role}-env`);
  const artifacts = flags.paths(`${role}-expected-artifact`).map((path) => ({ path, schema: null }));
  const given = Object.keys(variables).length === 0 ? undefined : variables;
  return present({
    bin: fromFlag(`${role}-bin`, flags.program(`${role}-bin`)),
    args: fromFlag(`${role}-arg`, listed(flags.rawTexts(`${role}-arg`))),
    env: fromFlag(`${role}-env`, given),
    expectedArtifacts: fromFlag(`${role}-expected-artifact`, listed(artifacts)),
    timeoutMs: fromFlag<number | null>(`${role}-timeout-ms`, flags.number(`${role}-timeout-ms`)),
    sandbox: fromFlag<SandboxMode | null>(`${role}-sandbox`, sandbox(flags, `${role}-sandbox`)),
    sandboxNetwork: fromFlag<NetworkMode | null>(
      `${role}-sandbox-network`,
      network(flags, `${role}-sandbox-network`),
    ),
    agent: fromFlag<AgentName | null>(
      `${role}-agent`,
      AGENT_NAMES.find((name) => name === flags.choice(`${role}-agent`)),
    ),
    prompt: fromFlag<string | null>(`${role}-prompt`, flags.text(`${role}-prompt`)),
    promptFile: fromFlag(`${role}-prompt-file`, flags.path(`${role}-prompt-file`)),
    model: fromFlag<string | null>(`${role}-model`, flags.text(`${role}-model`)),
    maxCostUsd: limit(flags, `${role}-max-cost-usd`, flags.dollars),
    maxTokens: limit(flags, `${role}-max-tokens`, flags.number),
    maxTurns: limit(flags, `${role}-max-turns`, flags.number),
  });
}

/** `none` takes back, on a resume, what the run was limited to. */
function limit(flags: FlagReader, name: string, read: (name: string) => number | undefined) {
  return fromFlag<number | null>(name, flags.rawTexts(name)[0] === 'none' ? null : read(name));
}

function listed<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}

function sandbox(flags: FlagReader, name: string): SandboxMode | undefined {
  return SANDBOX_MODES.find((mode) => mode === flags.choice(name));
}

function network(flags: FlagReader, name: string): NetworkMode | undefined {
  return NETWORK_MODES.find((mode) => mode === flags.choice(name));
}

function onSwitch(flags: FlagReader, name: string) {
  return fromFlag(name, flags.isOn(name) ? true : undefined);
}

function number(flags: FlagReader, name: string) {
  return fromFlag(name, flags.number(name));
}

function texts(flags: FlagReader, name: string) {
  return fromFlag(name, listed(flags.texts(name)));
}
