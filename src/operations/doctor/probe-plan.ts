import { needsVariable } from '../../core/agents/agent-command.ts';
import { profileOf } from '../../core/agents/profiles.ts';
import { untoldLimits } from '../../core/agents/untold-limits.ts';
import { sandboxOf } from '../../core/asked-sandbox.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgeAgentPlan } from '../../core/doctor/judge-agent-plan.ts';
import { judgeEnvironment, judgeExecutable, judgeToken } from '../../core/doctor/judge-plan.ts';
import { GATE_ORDER } from '../../core/gates/gate.ts';
import type { GateSource } from '../../core/gates/gate-plan.ts';
import { gatePlanOf, tokenVariables } from '../../core/gates/plan-of-settings.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type CommandPlan, ROLES, type RolePlan } from '../../core/run-plan.ts';
import { buildChildEnvironment, type ChildEnvironment } from '../../process/child-environment.ts';
import { resolveExecutable } from '../../process/executables.ts';
import { identifyExecutable } from '../../process/identify-executable.ts';
import type { Scene } from './scene.ts';

/** A binary of the configuration, by the name that people know it by. */
interface Configured {
  readonly whose: string;
  readonly command: CommandPlan;
  /** null for a validation command. */
  readonly role: RolePlan | null;
}

/** The stages' binaries and validation commands. */
function configured({ plan }: Scene): readonly Configured[] {
  return [
    ...ROLES.flatMap((role) => {
      const command = plan.roles[role];
      return command === null ? [] : [{ whose: role, command, role: command }];
    }),
    ...plan.validation.map((command, index) => ({ whose: `validation ${index + 1}`, command, role: null })),
  ];
}

/** The environment that a stage gets of this one, the orchestrator's own variables aside; those of its agent with it. */
export function environmentOf(
  { plan, ports, secrecy, watch }: Scene,
  stage: Pick<Configured, 'role'> & { readonly env: Readonly<Record<string, string>> },
  ownEnv: Readonly<Record<string, string>> = {},
): ChildEnvironment {
  return buildChildEnvironment({
    ...{ callerEnv: ports.env, inherit: plan.inheritEnv, withheld: secrecy.withheld },
    pass: (name) => secrecy.pass(name) || needsVariable(stage.role, name),
    ...{ roleEnv: stage.env, ownEnv, cookie: watch.cookie, platform: ports.platform },
  });
}

/** The names that every configured stage will see. */
export function probeEnvironments(scene: Scene): readonly Finding[] {
  const { plan, secrecy } = scene;
  const stages = configured(scene);
  const whole = stages.length === 0 ? [{ whose: 'any stage', env: {}, role: null }] : [];
  const all = [...whole, ...stages.map(({ whose, command, role }) => ({ whose, env: command.env, role }))];
  return all.map(({ whose, env, role }) => {
    const names = environmentOf(scene, { env, role }).keys;
    const isMeant = (name: string) =>
      Object.hasOwn(env, name) || plan.passEnv.includes(name) || needsVariable(role, name);
    return judgeEnvironment({
      whose,
      names,
      missing: plan.passEnv.filter((name) => /^\w+$/.test(name) && !names.includes(name)),
      inheritedSecrets: plan.inheritEnv
        ? names.filter((name) => secrecy.isSecret(name) && !isMeant(name))
        : [],
    });
  });
}

/** Every executable that a run would start, gates included. */
export function probeExecutables(scene: Scene): readonly Finding[] {
  const { plan, ports } = scene;
  const stages = configured(scene).map(({ whose, command, role }) => {
    const path = environmentOf(scene, { env: command.env, role }).env.PATH ?? '';
    return { whose, found: locate(command.bin, path, plan.repoRoot) };
  });
  const gates = gatePlanOf(plan.closure);
  const path = ports.env.PATH ?? '';
  const tools = GATE_ORDER.flatMap((gate) =>
    gates.sources[gate].flatMap((source) => {
      const tool = toolOf(scene, gate, source);
      if (tool === null) return [];
      const found = locate(tool.bin, path, plan.repoRoot);
      return [{ whose: tool.whose, found: found.ok ? held(scene, found.value, tool.sha256) : found }];
    }),
  );
  return [...stages, ...tools].map(judgeExecutable);
}

function locate(bin: string, path: string, cwd: string): Result<string, string> {
  const found = resolveExecutable(bin, { path, cwd });
  return found.ok ? found : fail(found.failure.message);
}

function toolOf({ plan }: Scene, gate: string, source: GateSource) {
  const { opa_bin, opa_sha256, conftest_bin, conftest_sha256 } = plan.closure;
  switch (source.kind) {
    case 'command':
      return { whose: `--${gate}-from command:`, bin: source.bin, sha256: null };
    case 'opa':
      return { whose: '--opa-bin', bin: opa_bin, sha256: opa_sha256 };
    case 'conftest':
      return { whose: '--conftest-bin', bin: conftest_bin, sha256: conftest_sha256 };
    default:
      return null;
  }
}

/** A tool that is pinned has to be the one that was pinned. */
function held({ plan, ports }: Scene, file: string, pinned: string | null): Result<string, string> {
  if (pinned === null) return ok(file);
  const cache = { digests: new Map<string, string>(), now: ports.clock.now };
  const identity = identifyExecutable({ file, args: [], cwd: plan.repoRoot }, cache);
  if (!identity.ok) return identity;
  const { sha256 } = identity.value.binary;
  return sha256 === pinned ? ok(file) : fail(`${file}: its SHA-256 is ${sha256}, pinned is ${pinned}`);
}

/** The agents that stages are. */
export function probeAgents(scene: Scene): readonly Finding[] {
  const { plan } = scene;
  return ROLES.flatMap((role) => {
    const command = plan.roles[role];
    if (command === null || command.agent === null) return [];
    const { env } = environmentOf(scene, { env: command.env, role: command });
    const keys = profileOf(command.agent).env.filter((name) => /_(?:KEY|TOKEN)$/.test(name));
    const { mode, network } = sandboxOf(plan, { role });
    return [
      judgeAgentPlan({
        ...{ role, agent: command.agent, untold: untoldLimits(role, command), keys },
        hasKey: keys.some((name) => (env[name] ?? '') !== ''),
        cutOff: mode !== 'off' && network === 'off',
      }),
    ];
  });
}

/** The variables that hold tokens of the forges which this run would speak to. Nothing is sent. */
export function probeTokens({ plan, ports }: Scene): readonly Finding[] {
  return tokenVariables(plan.closure).map((name) =>
    judgeToken({
      name,
      forge: name === plan.closure.gitlab_token_env ? 'gitlab' : 'github',
      value: ports.env[name],
    }),
  );
}
