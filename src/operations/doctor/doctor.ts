import { resolvePlan } from '../../core/config/resolve-plan.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { judgeClock } from '../../core/doctor/judge-clock.ts';
import { refused } from '../../core/doctor/judge-plan.ts';
import { judgeTelemetry } from '../../core/doctor/judge-telemetry.ts';
import { EXIT } from '../../core/exit-code.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import { describeOtel } from '../../core/telemetry/describe-otel.ts';
import { type DoctorReport, doctorReport } from '../../formats/doctor-report.ts';
import { findWorkTree } from '../../git/work-tree.ts';
import { doctorText } from '../../render/doctor-text.ts';
import { harmlessJson } from '../../render/harmless-json.ts';
import { timestamp } from '../../system/clock.ts';
import { planOfRequest } from '../plan-of-request.ts';
import { failureOfCause } from '../run/cancel.ts';
import { inspectGround } from '../run/prepare.ts';
import { withRealPaths } from '../run/real-paths.ts';
import type { RunKeys } from '../run/run-keys.ts';
import { collectSecrecy, type Secrecy } from '../run/secrets.ts';
import { endWatch, startWatch, type Watch } from '../run/watch.ts';
import type { DoctorPorts } from './ports.ts';
import { probeKeyPlaces, probeKeys } from './probe-keys.ts';
import { probeFolder, probeProcesses, probeReaper, probeSurroundings } from './probe-machine.ts';
import { probeAgents, probeEnvironments, probeExecutables, probeTokens } from './probe-plan.ts';
import { probePolicies } from './probe-policy.ts';
import { probeStage } from './probe-stage.ts';
import { probeGit, probeSandboxTool } from './probe-tools.ts';
import type { DoctorRequest } from './request.ts';
import type { Scene } from './scene.ts';

/** Where no terminal says how wide it is. */
const COLUMNS = 80;

/**
 * `orchestrator doctor`: whether a run with this configuration could do its work here, and what to do where not. 0
 * without a problem, 1 with one; `usage` or `precondition` (exit 2) where the configuration itself is wrong. Writes
 * one temporary file where out_dir is, or will be, and removes it; uses no network; starts a stage's binary only
 * with `stage`.
 */
export async function doctor(request: DoctorRequest, ports: DoctorPorts): Promise<Result<number, Failure>> {
  const before = { wall: ports.clock.now(), monotonic: ports.clock.monotonic() };
  const { keys, findings: keyFindings } = await probeKeys(request.run);
  const planned = await planOf(request, ports, keys);
  if (!planned.ok) return planned;
  const secrecy = await collectSecrecy(planned.value, ports.env, keys);
  if (!secrecy.ok) return secrecy;
  const watch = startWatch(ports);
  try {
    const scene = await setScene(request, ports, { plan: planned.value, secrecy: secrecy.value, watch });
    const found = await look(scene, request);
    const cause = ports.cancellation.cause();
    if (cause !== null) return fail({ ...failureOfCause(cause, null), remedy: 'look again' });
    const after = { wall: ports.clock.now(), monotonic: ports.clock.monotonic() };
    const findings = [...keyFindings, ...found, judgeClock({ before, after })];
    const report = reportOf(scene, request, findings);
    ports.stdout(shown(report, request, ports));
    return ok(report.verdict === 'problem' ? EXIT.failed : EXIT.done);
  } finally {
    await endWatch(watch);
  }
}

async function planOf(
  { run, stage }: DoctorRequest,
  ports: DoctorPorts,
  keys: RunKeys,
): Promise<Result<RunPlan, Failure>> {
  const planned = run.resume
    ? await planOfRequest(run, ports.cwd, keys.stateKey)
    : ok(resolvePlan(run.given, null, ports.cwd));
  if (!planned.ok || stage === null || planned.value.roles[stage] !== null) return planned;
  return fail(
    failure('usage', `--stage ${stage}: expected --${stage}-bin or --${stage}-agent as well, got none`),
  );
}

async function setScene(
  { run }: DoctorRequest,
  ports: DoctorPorts,
  parts: { readonly plan: RunPlan; readonly secrecy: Secrecy; readonly watch: Watch },
): Promise<Scene> {
  const { plan } = parts;
  const ground = await inspectGround(run.outDir, plan, ports.env, null);
  const tree = findWorkTree(plan.repoRoot);
  return {
    ...parts,
    ...{ ports, request: run, ground },
    workTree: tree.ok ? tree.value : null,
    plan: ground.ok ? withRealPaths(plan, run.outDir, ground.value.outDir.path) : plan,
  };
}

async function look(scene: Scene, { stage, probeArgs }: DoctorRequest): Promise<readonly Finding[]> {
  const folder = probeFolder(scene);
  const git = await probeGit(scene);
  const reaper = await probeReaper(scene);
  const sandbox = probeSandboxTool(scene);
  const elsewhere = [...folder, git].some((one) => one.severity === 'problem');
  const stageFindings =
    stage === null ? [] : await probeStage(scene, { role: stage, args: probeArgs, sandbox: sandbox.here });
  return [
    ...folder,
    // What is told already is not told twice.
    ...(scene.ground.ok || elsewhere ? [] : [refused(GROUND, scene.ground.failure)]),
    git,
    reaper,
    probeProcesses(scene),
    ...sandbox.findings,
    ...probeExecutables(scene),
    ...probeAgents(scene),
    ...(await probeKeyPlaces(scene)),
    ...probeTokens(scene),
    ...judgeTelemetry(describeOtel(scene.ports.env)),
    ...(git.severity === 'ok' ? await probePolicies(scene) : []),
    ...probeEnvironments(scene),
    ...stageFindings,
    ...probeSurroundings(scene.ports),
  ];
}

const GROUND = { check: 'ground', means: 'a run is refused' } as const;

/** What a path, an argument or an error says may hold a secret. */
function reportOf(scene: Scene, { run, stage }: DoctorRequest, findings: readonly Finding[]): DoctorReport {
  const { ports, plan, secrecy } = scene;
  const mask = secrecy.mask.text;
  const about = {
    version: ports.version,
    looked_at: timestamp(ports.clock.now()),
    out_dir: mask(run.outDir),
    repo_root: mask(plan.repoRoot),
    stage,
  };
  const masked = findings.map((one) => ({
    ...one,
    subject: one.subject === null ? null : mask(one.subject),
    seen: mask(one.seen),
    means: mask(one.means),
    fix: one.fix === null ? null : mask(one.fix),
  }));
  return doctorReport(about, masked);
}

function shown(report: DoctorReport, { run }: DoctorRequest, ports: DoctorPorts): string {
  if (run.output.json) return `${harmlessJson(JSON.stringify(report, null, 2))}\n`;
  const { color, columns } = ports;
  return doctorText(report, { color, verbose: run.output.verbose, columns: columns ?? COLUMNS });
}
