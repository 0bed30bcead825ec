import { resolve } from 'node:path';
import type { AgentName } from '../core/agents/agent-profile.ts';
import type { ArtifactPlan, CommandPlan, Given, GivenPlan, GivenRole, Role } from '../core/run-plan.ts';
import type { NetworkMode, SandboxMode } from '../core/sandbox.ts';
import type { ConfigArtifact, ConfigCommand, ConfigDocument, ConfigRole } from '../formats/config.ts';
import { parseDuration } from '../formats/duration.ts';
import { closureFromConfig } from './closure-given.ts';
import type { ConfigFile } from './config-file.ts';
import { present, resolveBin } from './given-plan.ts';

/**
 * What a config file gives. Its paths mean what the same text means as a flag: they resolve from the caller's
 * working directory, wherever the file is.
 */
export function givenFromConfig({ shown, document }: ConfigFile, cwd: string): GivenPlan {
  const given = <Value>(key: keyof ConfigDocument, value: Value | undefined): Given<Value> | undefined =>
    value === undefined ? undefined : { value, origin: `${shown}: ${key}` };
  const path = (key: 'repo_root' | 'planning_context_artifact'): Given<string> | undefined => {
    const value = document[key];
    return given(key, value === undefined ? undefined : resolve(cwd, value));
  };
  const paths = (key: 'sandbox_read' | 'sandbox_write') =>
    given(
      key,
      document[key]?.map((one) => resolve(cwd, one)),
    );
  const role = (name: Role): GivenRole => givenRole(document[name], `${shown}: ${name}`, cwd);
  return {
    roles: { manager: role('manager'), executor: role('executor'), reviewer: role('reviewer') },
    closure: closureFromConfig(document, shown, cwd),
    ...present({
      validation: given(
        'validation',
        document.validation?.map((one) => commandPlan(one, cwd)),
      ),
      validationFromPlanningContext: given(
        'validation_from_planning_context',
        document.validation_from_planning_context,
      ),
      repoRoot: path('repo_root'),
      planningContextArtifact: path('planning_context_artifact'),
      executionMaxIterations: given('execution_max_iterations', document.execution_max_iterations),
      remediationMaxCycles: given(
        'reviewer_remediation_max_cycles',
        document.reviewer_remediation_max_cycles,
      ),
      timeoutMs: given('timeout_ms', document.timeout_ms),
      runTimeoutMs: given<number | null>('run_timeout_ms', document.run_timeout_ms),
      killGraceMs: given('kill_grace_ms', document.kill_grace_ms),
      gateMaxAgeMs: given('gate_max_age', milliseconds(document.gate_max_age)),
      passEnv: given('pass_env', document.pass_env),
      inheritEnv: given('inherit_env', document.inherit_env),
      redactEnv: given('redact_env', document.redact_env),
      allowStaleArtifacts: given('allow_stale_artifacts', document.allow_stale_artifacts),
      treeIgnore: given('tree_ignore', document.tree_ignore),
      acceptGitChange: given('accept_git_change', document.accept_git_change),
      sandbox: given('sandbox', document.sandbox),
      sandboxNetwork: given('sandbox_network', document.sandbox_network),
      sandboxRead: paths('sandbox_read'),
      sandboxWrite: paths('sandbox_write'),
      maxArtifactBytes: given('max_artifact_bytes', document.max_artifact_bytes),
      maxLogBytes: given('max_log_bytes', document.max_log_bytes),
    }),
  };
}

function givenRole(role: ConfigRole | undefined, owner: string, cwd: string): GivenRole {
  if (role === undefined) return {};
  const given = <Value>(key: keyof ConfigRole, value: Value | undefined): Given<Value> | undefined =>
    value === undefined ? undefined : { value, origin: `${owner}.${key}` };
  return present({
    bin: given('bin', role.bin === undefined ? undefined : resolveBin(role.bin, cwd)),
    args: given('args', role.args),
    env: given('env', role.env),
    expectedArtifacts: given(
      'expected_artifacts',
      role.expected_artifacts?.map((one) => artifactPlan(one, cwd)),
    ),
    timeoutMs: given<number | null>('timeout_ms', role.timeout_ms),
    sandbox: given<SandboxMode | null>('sandbox', role.sandbox),
    sandboxNetwork: given<NetworkMode | null>('sandbox_network', role.sandbox_network),
    agent: given<AgentName | null>('agent', role.agent),
    prompt: given<string | null>('prompt', role.prompt),
    promptFile: given(
      'prompt_file',
      role.prompt_file === undefined ? undefined : resolve(cwd, role.prompt_file),
    ),
    model: given<string | null>('model', role.model),
    maxCostUsd: given<number | null>('max_cost_usd', role.max_cost_usd),
    maxTokens: given<number | null>('max_tokens', role.max_tokens),
    maxTurns: given<number | null>('max_turns', role.max_turns),
  });
}

function artifactPlan(artifact: ConfigArtifact, cwd: string): ArtifactPlan {
  if (typeof artifact === 'string') return { path: resolve(cwd, artifact), schema: null };
  const schema = artifact.schema === undefined ? null : resolve(cwd, artifact.schema);
  return { path: resolve(cwd, artifact.path), schema };
}

function commandPlan(command: ConfigCommand, cwd: string): CommandPlan {
  return { bin: resolveBin(command.bin, cwd), args: command.args ?? [], env: command.env ?? {} };
}

function milliseconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = parseDuration(duration);
  if (!parsed.ok) throw new Error('a duration that the schema has accepted cannot be read');
  return parsed.value;
}
