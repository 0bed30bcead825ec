import { argumentsOf, needsVariable } from '../core/agents/agent-command.ts';
import { addUsages } from '../core/agents/limits.ts';
import { sandboxOf } from '../core/asked-sandbox.ts';
import type { DeliveryStep } from '../core/delivery/delivery-step.ts';
import type { Failure } from '../core/failure.ts';
import { ABSENT_STATUS, GATE_ORDER, type GateName } from '../core/gates/gate.ts';
import { deliveryPlanOf, gatePlanOf } from '../core/gates/plan-of-settings.ts';
import { ORCHESTRATE } from '../core/machine/pipeline.ts';
import { machineSettings, type Task, tasksOf } from '../core/machine/tasks.ts';
import { ok, type Result } from '../core/result.ts';
import type { RunPlan, RunRequest } from '../core/run-plan.ts';
import { describeOtel } from '../core/telemetry/describe-otel.ts';
import { unreachable } from '../core/unreachable.ts';
import { buildChildEnvironment } from '../process/child-environment.ts';
import { resolveExecutable } from '../process/executables.ts';
import { oneLine } from '../render/harmless.ts';
import { harmlessJson } from '../render/harmless-json.ts';
import { type EvidencePaths, evidencePaths } from '../store/layout.ts';
import type { Output } from './output.ts';
import { planOfRequest } from './plan-of-request.ts';
import { gatePreconditions } from './run/gate-sources/preconditions.ts';
import { refuseHtmlReport } from './run/html-report-place.ts';
import { inspectGround } from './run/prepare.ts';
import { type RunKeys, readRunKeys } from './run/run-keys.ts';
import { sandboxGround } from './run/sandbox/ground.ts';
import { checkSandbox } from './run/sandbox/prepare-sandbox.ts';
import { collectSecrecy, type Secrecy } from './run/secrets.ts';
import { refuseKeyPlace } from './run/state-key-place.ts';

export interface DryRunPorts extends Output {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One thing a stage would do. */
interface PlannedTask {
  readonly does: string;
  readonly step?: string;
  /** As it would be started; null when it could not be. */
  readonly file?: string | null;
  readonly problem?: string;
  readonly args?: readonly string[];
  readonly env_names?: readonly string[];
  readonly timeout_ms?: number;
  readonly attempts?: number;
  readonly expected_artifacts?: readonly string[];
  readonly sandbox?: string;
}

/**
 * `--dry-run`: the stages, what each would start and with which names of variables, the gates as they stand and
 * the files that would be written. Starts nothing and writes nothing; what would be refused is refused, exit 2.
 */
export async function dryRun(request: RunRequest, ports: DryRunPorts): Promise<Result<number, Failure>> {
  const keys = await readRunKeys(request);
  if (!keys.ok) return keys;
  const planned = await planOfRequest(request, ports.cwd, keys.value.stateKey);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const secrecy = await collectSecrecy(plan, ports.env, keys.value);
  if (!secrecy.ok) return secrecy;
  const ground = await inspectGround(request.outDir, plan, ports.env, null);
  if (!ground.ok) return ground;
  const needs = await gatePreconditions(plan, ground.value.workTree !== null, {
    env: ports.env,
    signKey: keys.value.signKey,
  });
  if (!needs.ok) return needs;
  const place = sandboxGround(plan, ground.value, request);
  const sandbox = checkSandbox(plan, place, ports.env);
  if (!sandbox.ok) return sandbox;
  const keyPlace = refuseKeyPlace(request, ground.value, plan);
  if (!keyPlace.ok) return keyPlace;
  const htmlPlace = refuseHtmlReport(request, ground.value, plan);
  if (!htmlPlace.ok) return htmlPlace;
  const settings = machineSettings(plan, request.simulateBlocked);
  const stages = ORCHESTRATE.stages.map((stage) => ({
    stage: stage.name,
    tasks: tasksOf(stage, settings, 0).map((task) => describe(task, plan, secrecy.value, ports)),
  }));
  const gates = plannedGates(request, plan);
  const paths = evidencePaths(ground.value.outDir.path, request.checkpointPath);
  const work_tree = ground.value.workTree?.topLevel ?? null;
  const telemetry = describeOtel(ports.env);
  const document = {
    repo_root: plan.repoRoot,
    work_tree,
    stages,
    gates,
    telemetry: [...telemetry.sent, ...telemetry.problems],
    writes: [
      ...filesOf(paths, plan, keys.value),
      ...(request.htmlReport === null ? [] : [request.htmlReport]),
    ],
  };
  ports.stdout(
    request.output.json ? `${harmlessJson(JSON.stringify(document, null, 2))}\n` : asText(document),
  );
  return ok(0);
}

function describe(task: Task, plan: RunPlan, secrecy: Secrecy, ports: DryRunPorts): PlannedTask {
  switch (task.do) {
    case 'write-context':
      return { does: `write the repository context to ${plan.planningContextArtifact ?? ''}` };
    case 'admit':
      return { does: 'admit: nothing of the execution starts unless the policy gate says allow' };
    case 'take-tree':
      return { does: 'take the content tree of repo-root' };
    case 'compare-tree':
      return { does: 'compare the content tree' };
    case 'check-evidence':
      return { does: 'check every artifact by its digest' };
    case 'admit-diff':
      return { does: 'ask the policy gate about the diff: nothing is delivered unless it says allow' };
    case 'deliver':
      return { does: describeDelivery(task.step, plan, secrecy) };
    case 'decide-gates':
      return { does: 'decide the gates policy, ci, review' };
    case 'run':
      return describeRun(task, plan, secrecy, ports);
    default:
      return unreachable(task);
  }
}

function describeDelivery(step: DeliveryStep, plan: RunPlan, { mask }: Secrecy): string {
  const delivery = deliveryPlanOf(plan.closure);
  if (delivery === null) throw new Error('nothing is to be delivered');
  const { branch, message, remote, pullRequest } = delivery;
  switch (step) {
    case 'commit':
      return `commit the validated content on the base commit: ${JSON.stringify(mask.text(message))}`;
    case 'push':
      return `push that commit to ${branch} at ${mask.text(remote)}, never forced`;
    case 'pull-request': {
      const { on, project, base, title } = pullRequest ?? { on: '', project: '', base: '', title: '' };
      return `open or update the pull request from ${branch} into ${base} on ${on}:${project}: ${JSON.stringify(mask.text(title))}`;
    }
    default:
      return unreachable(step);
  }
}

function describeRun(
  task: Task & { do: 'run' },
  plan: RunPlan,
  secrecy: Secrecy,
  ports: DryRunPorts,
): PlannedTask {
  const { role, step, command, budget } = task.run;
  const spec = role === null ? plan.validation[command ?? 0] : plan.roles[role];
  if (spec === undefined || spec === null) throw new Error(`${step} is not configured`);
  const own = role === null ? null : plan.roles[role];
  const environment = buildChildEnvironment({
    callerEnv: ports.env,
    pass: (name) => secrecy.pass(name) || needsVariable(own, name),
    inherit: plan.inheritEnv,
    withheld: secrecy.withheld,
    roleEnv: spec.env,
    ownEnv: {},
    cookie: '',
    platform: process.platform,
  });
  const found = resolveExecutable(spec.bin, { path: environment.env.PATH ?? '', cwd: plan.repoRoot });
  const { mode, network } = sandboxOf(plan, { role });
  return {
    does: 'run',
    step,
    file: found.ok ? found.value : null,
    ...(found.ok ? {} : { problem: found.failure.message }),
    args: (own === null ? spec.args : argumentsOf(own, addUsages([]))).map(secrecy.mask.text),
    env_names: environment.keys,
    timeout_ms: own?.timeoutMs ?? plan.timeoutMs,
    attempts: budget,
    expected_artifacts: (own?.expectedArtifacts ?? []).map((one) => one.path),
    sandbox: mode === 'off' ? 'off' : `${mode}, network ${network}`,
  };
}

/** Where a gate would be read, and what the operator asserts of it now. */
interface PlannedGate {
  readonly gate: GateName;
  readonly status: string;
  readonly sources: readonly string[];
}

function plannedGates(request: RunRequest, plan: RunPlan): readonly PlannedGate[] {
  const { sources } = gatePlanOf(plan.closure);
  return GATE_ORDER.map((gate) => ({
    gate,
    status: request.assertions[gate] ?? ABSENT_STATUS[gate],
    sources: [
      ...(gate === 'policy' && plan.closure.scope ? ['scope'] : []),
      ...sources[gate].map((one) => one.text),
    ],
  }));
}

function gateLine({ gate, sources }: PlannedGate): readonly string[] {
  const plain = sources.length === 1 && sources[0] === 'operator';
  return plain ? [] : [`  ${gate} is read from ${sources.join(' and ')}`];
}

function filesOf(paths: EvidencePaths, plan: RunPlan, keys: RunKeys): readonly string[] {
  const context = plan.planningContextArtifact;
  return [
    paths.checkpoint,
    paths.report,
    paths.audit,
    ...(keys.signKey === null ? [] : [paths.statements]),
    `${paths.logs}/<stage>.<attempt>.{stdout,stderr}.log`,
    `${paths.artifacts}/<sha256>`,
    ...(context === null ? [] : [context]),
  ];
}

interface Planned {
  readonly repo_root: string;
  readonly work_tree: string | null;
  readonly stages: readonly { readonly stage: string; readonly tasks: readonly PlannedTask[] }[];
  readonly gates: readonly PlannedGate[];
  /** What would be sent, and what is wrong with the variables that ask for it. */
  readonly telemetry: readonly string[];
  readonly writes: readonly string[];
}

function asText(planned: Planned): string {
  const lines = [
    'dry run: nothing is started and nothing written',
    `repo-root ${planned.repo_root}${planned.work_tree === null ? ' (no git work tree)' : ''}`,
    ...planned.stages.flatMap(({ stage, tasks }) => [
      '',
      stage,
      ...(tasks.length === 0 ? ['  nothing configured'] : tasks.flatMap(taskLines)),
    ]),
    '',
    `gates: ${planned.gates.map((one) => `${one.gate}=${one.status}`).join(', ')}`,
    ...planned.gates.flatMap(gateLine),
    ...planned.telemetry.map((line) => `telemetry: ${line}`),
    'files:',
    ...planned.writes.map((file) => `  ${file}`),
  ];
  return `${lines.map((line) => oneLine(line)).join('\n')}\n`;
}

function taskLines(task: PlannedTask): readonly string[] {
  if (task.step === undefined) return [`  ${task.does}`];
  const argv = [task.file ?? '(cannot start)', ...(task.args ?? [])].map((word) => JSON.stringify(word));
  return [
    `  ${task.step}: ${argv.join(' ')}`,
    ...(task.problem === undefined ? [] : [`    would fail: ${task.problem}`]),
    `    at most ${task.attempts} attempt${task.attempts === 1 ? '' : 's'} of ${task.timeout_ms} ms`,
    `    environment: ${(task.env_names ?? []).join(' ')}`,
    `    sandbox: ${task.sandbox ?? 'off'}`,
    ...(task.expected_artifacts ?? []).map((path) => `    must leave ${path}`),
  ];
}
